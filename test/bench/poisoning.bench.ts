import { fusedEngine } from '../../models/fused.ts';
import type { Action } from '../../models/action.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { alertThreshold } from '../../models/profile/normal.ts';
import type { Bench, Row } from '../../scripts/bench/bench.ts';
import { flood, mimic, slowDrift } from '../attacks.ts';
import { ordinary, stranger } from '../models/ordinary.ts';

const RUNS = 5;
const WINDOW = 50;
const LEARNED = 1500;
const BUDGET = 1;
const options = { windowLength: WINDOW, math: fusedEngine() };

function trained(seed: number): UserModel {
  const training = UserModel.train(ordinary(LEARNED, seed), new Map(), 'ocsvm', { ...options, seed });
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

/** Lets a model that learns on see actions. @returns the first that alarms, 1-based; and the share that do */
function judge(model: UserModel, actions: readonly Action[], suppressed = false): { first: number; share: number } {
  const line = alertThreshold(model.normal, BUDGET);
  let [first, alarms] = [Infinity, 0];
  actions.forEach((action, a) => {
    const judgement = model.observe(action, true, suppressed);
    if (!judgement || judgement.whole < line) return;
    alarms++;
    first = Math.min(first, a + 1);
  });
  return { first, share: alarms / actions.length };
}

const runs = (what: string, unit: string, measure: (seed: number) => number): Row => ({
  what,
  unit,
  samples: Array.from({ length: RUNS }, (_, run) => Math.min(1e9, measure(run + 1))),
});

/** What an attacker gains who knows that the user is learned from. Users and strangers are invented: test/attacks.ts. */
const bench: Bench = {
  name: 'poisoning',
  run() {
    const rows: Row[] = [];
    for (const windows of [20, 100, 400]) {
      const drift = (seed: number): readonly Action[] =>
        slowDrift(ordinary(windows * WINDOW, seed + 50), stranger(windows * WINDOW), seed);
      rows.push(
        runs(`slow drift over ${windows} windows: share of a stranger at the first alarm`, '%', (seed) => {
          const { first } = judge(trained(seed), drift(seed));
          return Math.min(100, (100 * first) / (windows * WINDOW));
        }),
        runs(`… after it: actions of the stranger that alarm`, '%', (seed) => {
          const model = trained(seed);
          judge(model, drift(seed));
          return 100 * judge(model, stranger(400)).share;
        }),
      );
    }
    for (const k of [1, 2, 5, 10]) {
      rows.push(
        runs(`mimicry, ${k} of a stranger's actions in every ${WINDOW}: windows that alarm`, '%', (seed) => {
          return 100 * judge(trained(seed), mimic(ordinary(1000, seed + 50), stranger(1000), k, WINDOW)).share;
        }),
      );
    }
    rows.push(
      runs('a stranger alone: actions until the alarm', 'actions', (seed) => judge(trained(seed), stranger(400)).first),
      runs("label flood, 400 of a stranger's actions called normal: of his next ones alarm", '%', (seed) => {
        const model = trained(seed);
        judge(model, stranger(400), true);
        return 100 * judge(model, stranger(400)).share;
      }),
      runs('vocabulary flood of 100,000 new names: memory that it takes', 'MB', (seed) => {
        const model = trained(seed);
        globalThis.gc?.();
        const before = process.memoryUsage.rss();
        judge(model, flood(100_000));
        return (process.memoryUsage.rss() - before) / 1e6;
      }),
      runs('… actions of a stranger that alarm after it', '%', (seed) => {
        const model = trained(seed);
        judge(model, flood(100_000));
        judge(model, ordinary(300, seed + 80));
        return 100 * judge(model, stranger(400)).share;
      }),
    );
    return Promise.resolve(rows);
  },
};

export default bench;
