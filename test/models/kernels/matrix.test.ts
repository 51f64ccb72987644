import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { builds, trial } from './trial.ts';

const seed = fc.integer({ min: 0 });
/** Multiples of `of` up to `of · most`. */
const multiples = (of: number, most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max: most }).map((count) => of * count);
/** Floats between the end of a row and the next. */
const gap = fc.integer({ min: 0, max: 9 });
/** A sum of k products of numbers up to 1 is about √k long; so is what float32 may lose of it. */
const boundOf = (k: number): number => 1e-5 * Math.sqrt(k);

describe.each(builds)('%s', (build) => {
  it('packs without a change', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 40 }), multiples(8, 6), gap, (seed, k, n, more) => {
        const run = trial(build, seed);
        const b = run.noise(k * (n + more));
        const panels = run.noise(k * n);
        run.expectSame((kernels) => {
          kernels.pack(k, n, b, n + more, panels);
        }, 0);
      }),
    );
  });

  it('packs a transpose without a change', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 40 }), multiples(8, 6), gap, (seed, k, n, more) => {
        const run = trial(build, seed);
        const b = run.noise(n * (k + more));
        const panels = run.noise(k * n);
        run.expectSame((kernels) => {
          kernels.packTransposed(k, n, b, k + more, panels);
        }, 0);
      }),
    );
  });

  it('multiplies', () => {
    const shapes = fc.record({
      seed,
      // Beyond 96 rows the work is done in blocks.
      m: fc.oneof(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 90, max: 205 })),
      n: multiples(8, 5),
      k: fc.integer({ min: 1, max: 70 }),
      moreOfA: gap,
      moreOfC: gap,
      accumulate: fc.boolean(),
    });
    fc.assert(
      fc.property(shapes, ({ seed, m, n, k, moreOfA, moreOfC, accumulate }) => {
        const run = trial(build, seed);
        const a = run.noise(m * (k + moreOfA));
        const panels = run.noise(k * n);
        const c = run.noise(m * (n + moreOfC));
        run.expectSame((kernels) => {
          kernels.gemm(m, n, k, a, k + moreOfA, panels, c, n + moreOfC, accumulate);
        }, boundOf(k));
      }),
    );
  });

  it('multiplies a transpose', () => {
    const shapes = fc.record({
      seed,
      m: multiples(4, 12),
      n: multiples(8, 4),
      // Beyond 256 steps the work is done in blocks.
      k: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 250, max: 520 })),
      moreOfA: gap,
      moreOfB: gap,
      moreOfC: gap,
    });
    fc.assert(
      fc.property(shapes, ({ seed, m, n, k, moreOfA, moreOfB, moreOfC }) => {
        const run = trial(build, seed);
        const a = run.noise(k * (m + moreOfA));
        const b = run.noise(k * (n + moreOfB));
        const c = run.noise(m * (n + moreOfC));
        const count = k * (m + 8);
        const scratch = run.noise(count);
        run.expectSame(
          (kernels) => {
            kernels.gemmTransposedA(m, n, k, a, m + moreOfA, b, n + moreOfB, c, n + moreOfC, scratch);
          },
          boundOf(k),
          { address: scratch, count },
        );
      }),
      { numRuns: 60 },
    );
  });

  it('multiplies one row', () => {
    fc.assert(
      fc.property(seed, multiples(8, 12), fc.integer({ min: 1, max: 90 }), fc.boolean(), (seed, n, k, inPlace) => {
        const run = trial(build, seed);
        const h = run.noise(k);
        const w = run.noise(k * n);
        const base = run.noise(n);
        const out = inPlace ? base : run.noise(n);
        run.expectSame((kernels) => {
          kernels.gemv(n, k, h, w, base, out);
        }, boundOf(k));
      }),
    );
  });

  it('gives no row another sum than it has alone', () => {
    const run = trial(build, 1);
    const [m, n, k] = [103, 16, 33];
    const [a, panels, all, alone] = [run.noise(m * k), run.noise(k * n), run.noise(m * n), run.noise(n)];
    run.kernels.gemm(m, n, k, a, k, panels, all, n, false);
    for (let row = 0; row < m; row++) {
      run.kernels.gemm(1, n, k, a + row * k * 4, k, panels, alone, n, false);
      expect(run.read(all + row * n * 4, n), `row ${row}`).toEqual(run.read(alone, n));
    }
  });
});
