import type { Bench, Row } from '../../scripts/bench/bench.ts';
import type { Action } from '../../models/action.ts';
import { fusedEngine } from '../../models/fused.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { random } from '../../models/random.ts';

const RUNS = 5;
const options = { seed: 1, windowLength: 50, math: fusedEngine() };

/** Work with `names` different programs, few of them often, most of them seldom (Zipf). */
function work(count: number, names: number, seed = 1): Action[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, i) => {
    const name = `p${Math.floor(names ** next()) - 1}`;
    return { query: 'programs', change: 'added', time: i * 20, columns: { name, path: `/opt/${name}/bin/${name}` } };
  });
}

function trained(past: readonly Action[]): UserModel {
  const training = UserModel.train(past, new Map(), 'both', options);
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

function seconds(task: () => void): number {
  const start = performance.now();
  task();
  return (performance.now() - start) / 1000;
}

/** x of the power `c · size^x` that fits best (least squares of the logarithms). */
function exponent(sizes: readonly number[], costs: readonly number[]): number {
  const [u, v] = [sizes.map(Math.log), costs.map(Math.log)];
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mu, mv] = [mean(u), mean(v)];
  const covariance = u.reduce((sum, value, i) => sum + (value - mu) * (v[i]! - mv), 0);
  return covariance / u.reduce((sum, value) => sum + (value - mu) ** 2, 0);
}

/** A row for each size and one for the fitted power. */
function curve(what: string, unit: string, sizes: readonly number[], cost: (size: number) => number): Row[] {
  const runs = Array.from({ length: RUNS }, () => sizes.map(cost));
  const rows = sizes.map((size, s): Row => ({ what: `${what} ${size}`, unit, samples: runs.map((run) => run[s]!) }));
  const powers = runs.map((run) => exponent(sizes, run));
  return [...rows, { what: `${what} …: grows with the power`, unit: '', samples: powers }];
}

/** How what a user costs grows with the actions learned and with the names in them. */
const bench: Bench = {
  name: 'growth',
  run() {
    const rows = [
      ...curve('training, seconds, actions', 's', [1250, 2500, 5000, 10_000], (count) => {
        const past = work(count, 1000);
        return seconds(() => trained(past));
      }),
    ];
    const models = new Map([100, 1000, 10_000].map((names) => [names, trained(work(4000, names))]));
    rows.push(
      ...curve('scoring, µs an action, names', 'µs', [...models.keys()], (names) => {
        const later = work(2000, names, 2);
        const model = models.get(names)!;
        return (
          (1e6 / later.length) *
          seconds(() => {
            later.forEach((action) => model.observe(action, false));
          })
        );
      }),
      ...curve('model on disk, MB, names', 'MB', [...models.keys()], (names) => {
        const files = Object.values(models.get(names)!.save());
        return files.reduce((sum, file) => sum + file.length, 0) / 1e6;
      }),
    );
    return Promise.resolve(rows);
  },
};

export default bench;
