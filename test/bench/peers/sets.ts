import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import type { Action } from '../../../models/action.ts';
import { placeLabels, readAttackLabels, type PlacedLabel } from '../../../src-main/cli/evaluate/attack-labels.ts';
import { readLabels, type Unit } from '../../../src-main/cli/evaluate/labels.ts';
import { newTally, readLogs } from '../../../src-main/cli/read-logs.ts';
import { machineOf } from '../../../src-main/contract/subjects.ts';
import type { Pack } from '../../../src-main/engine/reading/pack.ts';
import type { Found } from '../../../src-main/engine/reading/parse-batch.ts';
import { SubjectResolver } from '../../../src-main/engine/reading/subject-resolver.ts';

/** Labelled stretches of a test, each the user's own or another's. */
export interface UnitLabels {
  readonly units: readonly Unit[];
}

/** Attacks laid into a test, and what the machine's own rows in it are. */
export interface AttackLabels {
  readonly attacks: readonly PlacedLabel[];
  readonly machine: readonly Found[];
}

export interface LabelledTest {
  readonly found: readonly Found[];
  readonly labels: UnitLabels | AttackLabels;
}

/** One user: what is to be learned, and what is to be judged. */
export interface SetUser {
  readonly name: string;
  readonly past: readonly Action[];
  readonly tests: readonly LabelledTest[];
  /** Where the labels name a machine: its name, and its rows to learn from. */
  readonly machine?: { readonly subject: string; readonly past: readonly Action[] };
}

/** A folder of users. */
export interface PeersSet {
  readonly name: string;
  readonly users: readonly SetUser[];
  /** Of users that the folder has. */
  readonly of: number;
}

const TRAIN = '.train.log.gz';
const PAST = '.past.log.gz';

/**
 * Reads `NAME.train.log.gz`, `NAME.test.log.gz` and `NAME.labels.csv`, or, of attacks, `NAME.past.log.gz` and `NAME.testN.log.gz` each with
 * `NAME.testN.labels.jsonl`.
 * @param most users, the first by name
 * @throws Failure when a file of a user is missing or none of these
 */
export async function readSet(folder: string, most: number, pack: Pack): Promise<PeersSet> {
  const files = readdirSync(folder).sort();
  const namesWith = (ending: string): string[] =>
    files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length));
  const [plain, attacked] = [namesWith(TRAIN), namesWith(PAST)];
  const users: SetUser[] = [];
  for (const name of plain.slice(0, most)) users.push(await unitUser(folder, name, pack));
  for (const name of attacked.slice(0, most - users.length)) users.push(await attackedUser(folder, name, files, pack));
  return { name: basename(folder), users, of: plain.length + attacked.length };
}

async function unitUser(folder: string, name: string, pack: Pack): Promise<SetUser> {
  const actionsOf = async (kind: string): Promise<Found[]> =>
    collect(join(folder, `${name}${kind}`), pack, new SubjectResolver('user'));
  const past = (await actionsOf(TRAIN)).map(({ action }) => action);
  const units = readLabels(join(folder, `${name}.labels.csv`));
  return { name, past, tests: [{ found: await actionsOf('.test.log.gz'), labels: { units } }] };
}

async function attackedUser(folder: string, name: string, files: readonly string[], pack: Pack): Promise<SetUser> {
  // No passwd of this machine: the names are those of the logs. It knows the users whom the log to learn from names.
  const resolver = new SubjectResolver(undefined, [], '/nonexistent');
  const before = await collect(join(folder, `${name}${PAST}`), pack, resolver);
  const of = (found: readonly Found[], subject: string): Found[] => found.filter((one) => one.subject === subject);
  const tests: LabelledTest[] = [];
  let subject: string | undefined;
  for (const test of files.filter((file) => file.startsWith(`${name}.test`) && file.endsWith('.log.gz'))) {
    const path = join(folder, test.replace(/log\.gz$/, 'labels.jsonl'));
    if (!existsSync(path)) continue;
    const tally = newTally();
    const found = await collect(join(folder, test), pack, resolver, tally);
    const attacks = placeLabels(path, readAttackLabels(path, 'test'), 'test', { before: 0, test: tally.lines });
    const host = attacks[0]?.host;
    if (host !== undefined) subject = machineOf(host);
    const machine = subject === undefined ? [] : of(found, subject);
    tests.push({ found: of(found, name), labels: { attacks, machine } });
  }
  const pastOf = (whose: string): Action[] => of(before, whose).map(({ action }) => action);
  const user = { name, past: pastOf(name), tests };
  return subject === undefined ? user : { ...user, machine: { subject, past: pastOf(subject) } };
}

async function collect(log: string, pack: Pack, resolver: SubjectResolver, tally = newTally()): Promise<Found[]> {
  const found: Found[] = [];
  for await (const one of readLogs([log], pack, resolver, tally)) found.push(one);
  return found;
}
