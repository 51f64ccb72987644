import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';

import { FEWEST_RUNS, type Bench, type Row } from '../../scripts/bench/bench.ts';
import type { Action } from '../../models/action.ts';
import { rocAuc, type Scored } from '../../models/evaluation/metrics.ts';
import { Encoder } from '../../models/features/encode.ts';
import { FUSED, judgeLog } from '../../src-main/cli/evaluate/judge-log.ts';
import { readLabels, type Unit } from '../../src-main/cli/evaluate/labels.ts';
import { newTally, readLogs } from '../../src-main/cli/read-logs.ts';
import type { EngineOptions } from '../../src-main/engine/options.ts';
import { SubjectResolver } from '../../src-main/engine/reading/subject-resolver.ts';
import type { Found } from '../../src-main/engine/reading/parse-batch.ts';
import { loadMathEngine } from '../../src-main/math/load.ts';
import { optionsOf } from '../../src-main/settings/engine-options.ts';
import { settingsSchema } from '../../src-main/contract/settings.ts';

/** Folders of sets, each with NAME.train.log.gz, NAME.test.log.gz and NAME.labels.csv; users of each that are taken. */
const FOLDERS = 'UBAD_BENCH_PEERS';
const MOST_USERS = Number(process.env.UBAD_BENCH_PEERS_USERS ?? 100);
/** A Python that has PyOD, River, scikit-learn and PyTorch. */
const PYTHON = process.env.UBAD_BENCH_PYTHON ?? '/usr/bin/python3';
/** Actions from a window to the next: ours judges each, the peers' are judged at every such step. */
const STRIDE = 5;
/** Of each of this many others, actions to tune on. */
const [OTHERS, OF_EACH] = [3, 200];

interface User {
  readonly name: string;
  readonly past: readonly Action[];
  readonly test: readonly Found[];
  readonly units: readonly Unit[];
}

/** What a method said of a user's test: the score of the window that ends at each line; seconds of processor time. */
interface Judged {
  readonly user: string;
  readonly lines: readonly number[];
  readonly scores: readonly number[];
  readonly train: number;
  readonly score: number;
}

/** Other methods beside ours, on the same actions, fields and windows, in one run. */
const bench: Bench = {
  name: 'peers',
  async run() {
    const folders = (process.env[FOLDERS] ?? '').split(':').filter((folder) => existsSync(folder));
    if (folders.length === 0) {
      console.error(`No peers are measured: ${FOLDERS} names no folder of sets.`);
      return [];
    }
    const rows: Row[] = [];
    for (const folder of folders) rows.push(...(await rowsOf(folder)));
    return rows;
  },
};

async function rowsOf(folder: string): Promise<Row[]> {
  const settings = v.parse(settingsSchema, { algorithm: 'both' });
  const engine: EngineOptions = {
    ...optionsOf(settings, await loadMathEngine('fused')),
    state: '/nonexistent',
    now: () => 0,
  };
  const names = readdirSync(folder).flatMap((file) => /^(.*)\.train\.log\.gz$/.exec(file)?.[1] ?? []);
  const users: User[] = [];
  for (const name of names.slice(0, MOST_USERS)) {
    const past = (await actionsOf(join(folder, `${name}.train.log.gz`), engine)).map(({ action }) => action);
    const test = await actionsOf(join(folder, `${name}.test.log.gz`), engine);
    users.push({ name, past, test, units: readLabels(join(folder, `${name}.labels.csv`)) });
  }
  const methods = { ...(await ours(users, engine)), ...peers(users, engine) };
  return Object.entries(methods).flatMap(([method, judged]) => figuresOf(basename(folder), method, judged, users));
}

async function actionsOf(log: string, { pack }: EngineOptions): Promise<Found[]> {
  const found: Found[] = [];
  for await (const one of readLogs([log], pack, new SubjectResolver('user'), newTally())) found.push(one);
  return found;
}

async function ours(users: readonly User[], engine: EngineOptions): Promise<Record<string, Judged[]>> {
  const judged: Judged[] = [];
  for (const { name, past, test } of users) {
    const start = process.cpuUsage();
    let trained = 0;
    const log = await judgeLog(past, test, engine, true, (progress) => {
      if (progress >= 1) trained = secondsSince(start);
    });
    const lines = [...log.windows.keys()];
    const scores = lines.map((line) => log.windows.get(line)![FUSED]!);
    judged.push({ user: name, lines, scores, train: trained, score: secondsSince(start) - trained });
  }
  return { 'ubad, both': judged };
}

function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Has peers.py judge the same; without it there are none, which is said. */
function peers(users: readonly User[], { pack, windowLength }: EngineOptions): Record<string, Judged[]> {
  const numbersOf = (encoder: Encoder, actions: readonly Action[]) => {
    const encoded = actions.map((action) => encoder.encode(action));
    return { fields: encoded.map(({ fields }) => fields), tokens: encoded.map(({ token }) => token) };
  };
  const told = users.map(({ name, past, test }, u) => {
    const encoder = new Encoder(pack.learning);
    const own = numbersOf(encoder, past);
    const tested = numbersOf(
      encoder,
      test.map(({ action }) => action),
    );
    // Names are numbered as they come: what is to be learned has the same numbers in both.
    const other = new Encoder(pack.learning);
    numbersOf(other, past);
    const strangers = Array.from({ length: OTHERS }, (_, o) => users[(u + o + 1) % users.length]!).filter(
      (one) => one.name !== name,
    );
    const others = numbersOf(
      other,
      strangers.flatMap((one) => one.past.slice(0, OF_EACH)),
    );
    return {
      name,
      ...own,
      testFields: tested.fields,
      testTokens: tested.tokens,
      testLines: test.map(({ line }) => line),
      otherFields: others.fields,
      otherTokens: others.tokens,
    };
  });
  const script = fileURLToPath(new URL('peers/peers.py', import.meta.url));
  const { status, stdout, error } = spawnSync(PYTHON, ['-B', script], {
    input: JSON.stringify({ window: windowLength, stride: STRIDE, users: told }),
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (status === 0) return JSON.parse(stdout) as Record<string, Judged[]>;
  console.error(`No peers are measured: ${PYTHON} ended with ${error?.message ?? String(status)}.`);
  return {};
}

/** A unit's score is its strangest window's. All units together, then by user, and what it costs. */
function figuresOf(set: string, method: string, judged: readonly Judged[], users: readonly User[]): Row[] {
  const units = judged.map(({ user, lines, scores }) => {
    const of = users.find(({ name }) => name === user)!.units;
    return of.map(({ from, to, label }): Scored => {
      const own = scores.filter((_, s) => lines[s]! >= from && lines[s]! <= to);
      return { score: own.length === 0 ? -Infinity : Math.max(...own), label };
    });
  });
  const pooled = rocAuc(units.flat());
  if (pooled !== undefined) console.error(`${set}: ${method}: ROC-AUC ${pooled.toFixed(3)} of all blocks together`);
  const aucs = units.map(rocAuc).filter((auc) => auc !== undefined);
  const row = (what: string, unit: string, samples: readonly number[]): Row[] =>
    samples.length < FEWEST_RUNS ? [] : [{ what: `${set}, ${method}: ${what}`, unit, samples }];
  return [
    ...row('ROC-AUC', 'by user', aucs),
    ...row(
      'trained',
      's a user',
      judged.map(({ train }) => train),
    ),
    ...row(
      'judged',
      'actions/s',
      judged.map(({ score }, j) => users[j]!.test.length / Math.max(score, 1e-3)),
    ),
  ];
}

export default bench;
