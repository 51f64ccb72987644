import fc from 'fast-check';
import { describe, it } from 'vitest';

import { builds, trial } from './trial.ts';

const shapes = fc.record({
  seed: fc.integer({ min: 0 }),
  rows: fc.integer({ min: 1, max: 60 }),
  width: fc.integer({ min: 1, max: 12 }).map((vectors) => 4 * vectors),
  more: fc.integer({ min: 0, max: 9 }),
});
/** Few, so that rows meet in one. */
const TABLE_ROWS = 9;

describe.each(builds)('%s', (build) => {
  it('gathers rows, and zeros where there is no id', () => {
    fc.assert(
      fc.property(shapes, ({ seed, rows, width, more }) => {
        const run = trial(build, seed);
        const table = run.noise(TABLE_ROWS * width);
        const ids = run.integers(rows, -2, TABLE_ROWS);
        const x = run.noise(rows * (width + more));
        run.expectSame((kernels) => {
          kernels.gather(rows, width, table, ids, x, width + more);
        }, 0);
      }),
    );
  });

  it('adds rows to those that their ids name', () => {
    fc.assert(
      fc.property(shapes, ({ seed, rows, width, more }) => {
        const run = trial(build, seed);
        const table = run.noise(TABLE_ROWS * width);
        const ids = run.integers(rows, -2, TABLE_ROWS);
        const x = run.noise(rows * (width + more));
        run.expectSame((kernels) => {
          kernels.scatterAdd(rows, width, table, ids, x, width + more);
        }, 5e-6);
      }),
    );
  });

  it('adds up columns', () => {
    fc.assert(
      fc.property(shapes, ({ seed, rows, width, more }) => {
        const run = trial(build, seed);
        const x = run.noise(rows * (width + more));
        const sums = run.noise(width);
        run.expectSame((kernels) => {
          kernels.columnSums(rows, width, x, width + more, sums);
        }, 5e-6);
      }),
    );
  });
});
