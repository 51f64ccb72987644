import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';

import type { Action } from '../../../models/action.ts';
import { Encoder } from '../../../models/features/encode.ts';
import { teaches } from '../../../models/teaching.ts';
import type { EngineOptions } from '../../../src-main/engine/options.ts';
import type { Pack } from '../../../src-main/engine/reading/pack.ts';
import { incidentsAt, type JudgedUser } from './figures.ts';
import type { PeersSet, SetUser, UnitLabels } from './sets.ts';

/** A Python that has PyOD, River, scikit-learn and PyTorch, or some of them. */
const PYTHON = process.env.UBAD_BENCH_PYTHON ?? '/usr/bin/python3';
/** Of the past, each window that ends this many actions after the one before is learned; of a test all are judged. */
const STRIDE = 5;
/** Of each of this many others, actions to tune against. */
const [OTHERS, OF_EACH] = [3, 200];
/** Actions of a unit where the labels do not tell. */
const BLOCK = 50;

const judgedSchema = v.object({
  user: v.string(),
  scores: v.array(v.array(v.number())),
  line: v.number(),
  fit: v.number(),
  judge: v.number(),
  rows: v.number(),
  setting: v.record(v.string(), v.unknown()),
});

/** What peers.py prints. */
const answerSchema = v.object({
  versions: v.record(v.string(), v.string()),
  methods: v.record(v.string(), v.array(judgedSchema)),
});
export type PeersAnswer = v.InferOutput<typeof answerSchema>;

interface Numbers {
  readonly fields: readonly (readonly number[])[];
  readonly tokens: readonly number[];
}

/** What peers.py is told of a user. */
export interface ToldUser {
  readonly name: string;
  readonly past: Numbers;
  readonly others: readonly Numbers[];
  readonly tests: readonly Numbers[];
}

/** What ubad's models judge and learn: the peers are told of no other rows. */
const isJudged = (action: Action, pack: Pack): boolean => teaches(action, pack.learning);

/** The actions of each user in the numbers that ubad's own models see. */
export function tellUsers({ users }: PeersSet, { pack, windowLength }: EngineOptions): ToldUser[] {
  const judgedOf = (actions: readonly Action[]): Action[] => actions.filter((action) => isJudged(action, pack));
  const numbersOf = (encoder: Encoder, actions: readonly Action[]): Numbers => {
    const encoded = actions.map((action) => encoder.encode(action));
    return { fields: encoded.map(({ fields }) => fields), tokens: encoded.map(({ token }) => token) };
  };
  return users.map(({ name, past: all, tests }, u) => {
    const past = judgedOf(all);
    // Names are numbered as they come: after the past, what is in it has the same numbers everywhere.
    const withPast = (): { encoder: Encoder; past: Numbers } => {
      const encoder = new Encoder(pack.learning);
      return { encoder, past: numbersOf(encoder, past) };
    };
    const last = past.slice(1 - windowLength);
    return {
      name,
      past: withPast().past,
      others: strangersTo(u, users).map((one) => numbersOf(withPast().encoder, judgedOf(one.past).slice(0, OF_EACH))),
      tests: tests.map(({ found }) => {
        const { encoder } = withPast();
        return numbersOf(encoder, [...last, ...judgedOf(found.map(({ action }) => action))]);
      }),
    };
  });
}

/** The next users of the set, going round. */
export const strangersTo = (u: number, users: readonly SetUser[]): SetUser[] =>
  Array.from({ length: Math.min(OTHERS, users.length - 1) }, (_, o) => users[(u + o + 1) % users.length]!);

/** Has peers.py judge the same; undefined without it, which is said. */
export function askPeers(set: PeersSet, engine: EngineOptions, python = PYTHON): PeersAnswer | undefined {
  const { windowLength: window } = engine;
  const script = fileURLToPath(new URL('peers.py', import.meta.url));
  const { status, stdout, error } = spawnSync(python, ['-B', script], {
    input: JSON.stringify({ window, stride: STRIDE, block: blockOf(set), users: tellUsers(set, engine) }),
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (status === 0) return v.parse(answerSchema, JSON.parse(stdout));
  console.error(`No peers are measured: ${python} ended with ${error?.message ?? String(status)}.`);
  return undefined;
}

/** Lines of the set's units. */
export function blockOf({ users }: PeersSet): number {
  const unit = (users[0]?.tests[0]?.labels as Partial<UnitLabels> | undefined)?.units?.[0];
  return unit ? unit.to - unit.from + 1 : BLOCK;
}

/** What a peer said, as ours is told: by user, each test with its incidents. @throws RangeError when it said too little or too much */
export function judgedByPeer(
  told: PeersAnswer['methods'][string],
  users: readonly SetUser[],
  pack: Pack,
): JudgedUser[] {
  return told.map(({ user, scores, line, fit, judge, rows }) => {
    const { tests } = users.find(({ name }) => name === user)!;
    const judged = tests.map(({ found }, t) => {
      const own = scores[t]!;
      const actions = found.filter(({ action }) => isJudged(action, pack));
      if (own.length !== actions.length)
        throw new RangeError(`${user}: ${own.length} scores of ${actions.length} actions`);
      const byLine = new Map(actions.map(({ line: at }, a) => [at, own[a]!]));
      const opened = incidentsAt(actions, own, line);
      return { scores: found.map(({ line: at }) => byLine.get(at)), opened, openedOfMachine: [] };
    });
    return { user, tests: judged, alarm: line, fit, judge, rows };
  });
}
