import fc from 'fast-check';
import { expect, it } from 'vitest';

import { Bags, type Bag } from '../../../models/bags/bags.ts';
import { kernelMatrix } from '../../../models/ocsvm/kernel-matrix.ts';
import { MIX } from '../../../models/ocsvm/mix.ts';
import { sampleAt } from '../../../models/ocsvm/samples.ts';
import { random } from '../../../models/random.ts';
import { builds, kernelsOf } from '../kernels/trial.ts';

const GAMMA = 2;

/** A bag of length 1, some of its fields shared by many, some by none, some negative as tokens are. */
function someBag(next: () => number, size: number): Bag {
  const fields = new Set<number>();
  while (fields.size < size) fields.add(Math.floor(40 / (next() + 0.01)) * (next() < 0.3 ? -1 : 1));
  const weights = [...fields].map(() => 0.1 + next());
  const length = Math.hypot(...weights);
  return { fields: Int32Array.from(fields), weights: Float32Array.from(weights, (weight) => weight / length) };
}

function naive(a: Bag, b: Bag, mixA: Float32Array, mixB: Float32Array): number {
  const other = new Map(Array.from(b.fields, (field, f) => [field, b.weights[f]!]));
  const cosine = a.fields.reduce((sum, field, f) => sum + a.weights[f]! * (other.get(field) ?? 0), 0);
  return Math.exp(-GAMMA * (2 - 2 * cosine + mixA.reduce((sum, x, p) => sum + (x - mixB[p]!) ** 2, 0)));
}

it.each(builds)('is the kernel of every pair, to 2e-6, with %s', (build) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 230 }), fc.integer({ min: 1, max: 30 }), fc.nat(), (n, size, seed) => {
      const next = random(seed);
      const bags = Array.from({ length: n }, () => someBag(next, size));
      // The same window again is a normal thing.
      if (n > 1) bags[n - 1] = bags[0]!;
      const mixes = Float32Array.from({ length: n * MIX }, () => (next() - 0.5) / 3);
      mixes.copyWithin((n - 1) * MIX, 0, MIX);
      const samples = { bags: Bags.of(bags), mixes };
      const matrix = kernelMatrix(samples, GAMMA, kernelsOf(build));
      let worst = 0;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const [a, b] = [sampleAt(samples, i), sampleAt(samples, j)];
          worst = Math.max(worst, Math.abs(matrix[i * n + j]! - naive(a.bag, b.bag, a.mix, b.mix)));
        }
      }
      expect(matrix.every((value) => value <= 1)).toBe(true);
      expect(worst).toBeLessThan(2e-6);
    }),
    { numRuns: 15, seed: 7 },
  );
});
