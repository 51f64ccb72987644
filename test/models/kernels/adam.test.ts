import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { builds, trial } from './trial.ts';

const seed = fc.integer({ min: 0 });
const sizes = fc.integer({ min: 1, max: 20 }).map((vectors) => 4 * vectors);
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

describe.each(builds)('%s', (build) => {
  it('takes the step of the formulas', () => {
    fc.assert(
      fc.property(seed, sizes, fc.constantFrom(1, 2, 10, 1000, 100_000), (seed, n, step) => {
        const run = trial(build, seed);
        const [parameters, gradients, m, v] = [run.noise(n), run.noise(n), run.noise(n), run.noise(n, 0.01, 1)];
        run.expectSame((kernels) => {
          kernels.adam(n, parameters, gradients, m, v, 0.01, BETA1, BETA2, EPSILON, step);
        }, 2e-6);
      }),
    );
  });

  it('follows the formulas over many steps from the start', () => {
    const run = trial(build, 1);
    const n = 8;
    const [parameters, gradients, m, v] = [run.noise(n), run.noise(n), run.noise(n, 0, 0), run.noise(n, 0, 0)];
    run.expectSame((kernels) => {
      for (let step = 1; step <= 50; step++) {
        kernels.adam(n, parameters, gradients, m, v, 0.01, BETA1, BETA2, EPSILON, step);
      }
    }, 5e-6);
  });

  it('begins with a step as long as the rate, however long the gradient', () => {
    fc.assert(
      fc.property(seed, fc.constantFrom(1e-4, 1, 1e4), (seed, length) => {
        const run = trial(build, seed);
        const n = 4;
        const parameters = run.noise(n, 0, 0);
        const gradients = run.noise(n, length / 2, length);
        const [m, v] = [run.noise(n, 0, 0), run.noise(n, 0, 0)];
        run.kernels.adam(n, parameters, gradients, m, v, 0.5, BETA1, BETA2, 0, 1);
        for (const moved of run.read(parameters, n)) expect(moved).toBeCloseTo(-0.5, 5);
      }),
    );
  });

  it('leaves alone what never had a gradient', () => {
    const run = trial(build, 3);
    const n = 4;
    const parameters = run.noise(n);
    const before = run.read(parameters, n);
    const [gradients, m, v] = [run.noise(n, 0, 0), run.noise(n, 0, 0), run.noise(n, 0, 0)];
    run.kernels.adam(n, parameters, gradients, m, v, 0.01, BETA1, BETA2, EPSILON, 1);
    expect(run.read(parameters, n)).toEqual(before);
  });

  it('adds epsilon to the root, not under it', () => {
    const run = trial(build, 4);
    const n = 4;
    const [parameters, gradients, m, v] = [run.noise(n), run.noise(n), run.noise(n), run.noise(n, 0.01, 1)];
    run.expectSame((kernels) => {
      kernels.adam(n, parameters, gradients, m, v, 0.5, BETA1, BETA2, 0.3, 10);
    }, 2e-6);
  });

  it('lets what is no number spoil its own parameter and no other', () => {
    const run = trial(build, 2);
    const n = 8;
    const [parameters, gradients, m, v] = [run.noise(n), run.noise(n), run.noise(n), run.noise(n, 0.1, 1)];
    run.kernels.heap.f32[gradients / 4 + 5] = NaN;
    run.kernels.adam(n, parameters, gradients, m, v, 0.01, BETA1, BETA2, EPSILON, 1);
    for (const array of [parameters, m, v]) {
      expect(Array.from(run.read(array, n), Number.isNaN)).toEqual(Array.from({ length: n }, (_, i) => i === 5));
    }
  });
});
