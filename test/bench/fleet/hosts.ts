import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { fusedEngine } from '../../../models/fused.ts';
import { readModel } from '../../../src-main/engine/models/read-model.ts';
import { adoptVersion } from '../../../src-main/engine/model-lifecycle/versions.ts';
import type { EngineOptions } from '../../../src-main/engine/options.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { openStore } from '../../../src-main/engine/store/open.ts';

export const root = join(import.meta.dirname, '..', '..', '..');
const pack = defaultPack();

/** Of the example that ships: who is on which machine, by which number. */
const people = [
  { person: 'alice', desk: 'desk-1', uid: '1000' },
  { person: 'bob', desk: 'desk-2', uid: '1000' },
  { person: 'carol', desk: 'desk-1', uid: '1001' },
  { person: 'dave', desk: 'desk-2', uid: '1001' },
] as const;
type Person = (typeof people)[number];

/** Lines of a block, as a busy host's gateway makes them. */
export const BLOCK = 100;

const linesOf = (part: string): string[] =>
  gunzipSync(readFileSync(join(root, 'data', 'example', `${part}.log.gz`)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');

const cache = new Map<Person, { readonly accounts: readonly string[]; readonly work: readonly string[] }>();
function exampleOf(one: Person): { readonly accounts: readonly string[]; readonly work: readonly string[] } {
  const known = cache.get(one);
  if (known) return known;
  const { desk, uid } = one;
  const isIts = (line: string): boolean => line.includes(`"hostIdentifier":"${desk}"`);
  const accounts = linesOf('past').filter((line) => isIts(line) && line.includes('"pack_user-behavior_users"'));
  const work = linesOf('week').filter((line) => isIts(line) && line.includes(`"uid":"${uid}"`));
  const made = { accounts, work };
  cache.set(one, made);
  return made;
}

/** A machine under a name of its own, with one person of the example, whose model ships: what they did in the week. */
export class BenchHost {
  readonly name: string;
  readonly person: string;
  readonly #of: Person;

  constructor(n: number) {
    this.#of = people[n % people.length]!;
    this.person = this.#of.person;
    this.name = `${this.#of.desk}-${n}`;
  }

  /** Its accounts: without them nobody has a name. */
  get accounts(): string[] {
    return this.#own(exampleOf(this.#of).accounts);
  }

  /** The n-th hundred lines of its week; after the last the first again. */
  block(n: number): string[] {
    const { work } = exampleOf(this.#of);
    const from = (n * BLOCK) % (work.length - BLOCK);
    return this.#own(work.slice(from, from + BLOCK));
  }

  #own(lines: readonly string[]): string[] {
    return lines.map((line) => line.replace(`"hostIdentifier":"${this.#of.desk}"`, `"hostIdentifier":"${this.name}"`));
  }
}

export const hostsFor = (users: number): BenchHost[] => Array.from({ length: users }, (_, n) => new BenchHost(n));

/** As a fleet's worker has it. */
export const engineOptions: Omit<EngineOptions, 'state' | 'now' | 'train' | 'subject'> = {
  pack,
  algorithm: 'both',
  seed: 1,
  windowLength: 50,
  trainAfter: 3000,
  sensitivity: { alertsPerDay: 1 / 7 },
  math: fusedEngine(),
  // All: a partition has fewer users than stay loaded.
  mostLoaded: 10_000,
};

/**
 * Makes a state folder in which the person of each host has the model that ships for them.
 * @param own whether each has files of their own, as a snapshot needs them; else all share those that ship
 */
export function layOut(state: string, hosts: readonly BenchHost[], own: boolean): void {
  const opened = openStore(state, { now: 0 });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  const shipped = new Map<
    string,
    { readonly folder: string; readonly read: Extract<ReturnType<typeof readModel>, { ok: true }> }
  >(
    people.map(({ person }) => {
      const folder = join(root, 'models', 'shipped', person);
      const read = readModel(folder, pack);
      if (!read.ok) throw new Error(read.problem.message);
      return [person, { folder, read }] as const;
    }),
  );
  store.transaction(() => {
    for (const { name, person } of hosts) {
      const { folder, read } = shipped.get(person)!;
      const subject = `${person}@${name}`;
      const { manifest } = read;
      const now = manifest.training.to;
      if (own) {
        adoptVersion(store, state, subject, read, now);
        continue;
      }
      const subjectId = store.subjects.ensure(subject, now);
      const version = { subjectId, createdAt: now, algorithm: 'both', folder, manifest, afterAction: 0 } as const;
      store.versions.activate(store.versions.add(version));
    }
  });
  store.close();
}
