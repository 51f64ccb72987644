import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Bag } from '../../../models/neighbours/references.ts';
import { kernelMatrix } from '../../../models/ocsvm/kernel-matrix.ts';
import { random } from '../../../models/random.ts';
import { builds, kernelsOf } from '../kernels/trial.ts';

const GAMMA = 2;

/** A bag of length 1, some of its fields shared by many, some by none, some negative as tokens are. */
function someBag(next: () => number, size: number): Bag {
  const fields = new Set<number>();
  while (fields.size < size) fields.add(Math.floor(40 / (next() + 0.01)) * (next() < 0.3 ? -1 : 1));
  const weights = [...fields].map(() => 0.1 + next());
  const length = Math.hypot(...weights);
  return { fields: [...fields], weights: weights.map((weight) => weight / length) };
}

function naive(a: Bag, b: Bag, mixA: Float64Array, mixB: Float64Array): number {
  const other = new Map(b.fields.map((field, f) => [field, b.weights[f]!]));
  const cosine = a.fields.reduce((sum, field, f) => sum + a.weights[f]! * (other.get(field) ?? 0), 0);
  return Math.exp(-GAMMA * (2 - 2 * cosine + mixA.reduce((sum, x, p) => sum + (x - mixB[p]!) ** 2, 0)));
}

it.each(builds)('is the kernel of every pair, to 2e-6, with %s', (build) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 230 }), fc.integer({ min: 1, max: 30 }), fc.nat(), (n, size, seed) => {
      const next = random(seed);
      const bags = Array.from({ length: n }, () => someBag(next, size));
      const mixes = bags.map(() => Float64Array.from({ length: 7 }, () => next() - 0.5));
      // The same window again is a normal thing.
      if (n > 1) [bags[n - 1], mixes[n - 1]] = [bags[0]!, mixes[0]!];
      const matrix = kernelMatrix(bags, mixes, GAMMA, kernelsOf(build));
      let worst = 0;
      bags.forEach((a, i) => {
        bags.forEach((b, j) => {
          worst = Math.max(worst, Math.abs(matrix[i * n + j]! - naive(a, b, mixes[i]!, mixes[j]!)));
        });
      });
      expect(matrix.every((value) => value <= 1)).toBe(true);
      expect(worst).toBeLessThan(2e-6);
    }),
    { numRuns: 15, seed: 7 },
  );
});
