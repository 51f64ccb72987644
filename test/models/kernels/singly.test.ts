import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { later, random } from '../../../models/random.ts';
import { builds, trial } from './trial.ts';

const length = fc.integer({ min: 1, max: 40 }).map((vectors) => 4 * vectors);
const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
/** Also so near 0 and 1 that hardly a number is below, or hardly one above. */
const shares = fc.oneof(
  fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  fc.constantFrom(2 ** -32, 2 ** -40, 0.5, 1 - 2 ** -20),
);

describe.each(builds)('%s', (build) => {
  it('multiplies numbers one by one, to the bit', () => {
    fc.assert(
      fc.property(fc.nat(), length, (seed, n) => {
        const run = trial(build, seed);
        const [x, by] = [run.noise(n), run.noise(n)];
        run.expectSame((kernels) => {
          kernels.multiply(n, x, by);
        }, 0);
      }),
    );
  });

  it('drops what the numbers of `random` say, to the bit', () => {
    fc.assert(
      fc.property(seeds, length, shares, (state, n, dropout) => {
        const run = trial(build, 7);
        const [x, mask, out] = [run.noise(n), run.noise(n), run.noise(n)];
        run.expectSame((kernels) => {
          kernels.dropOut(n, state, dropout, x, mask, out);
        }, 0);
      }),
    );
  });
});

it('tells the state after some numbers', () => {
  fc.assert(
    fc.property(seeds, fc.nat({ max: 100 }), (seed, count) => {
      const [one, other] = [random(seed), random(later(seed, count))];
      for (let i = 0; i < count; i++) one();
      expect([other(), other()]).toEqual([one(), one()]);
    }),
  );
});
