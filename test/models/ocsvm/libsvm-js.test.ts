import { createRequire } from 'node:module';

import { expect, it } from 'vitest';

import { solveOneClass } from '../../../models/ocsvm/smo.ts';
import { random } from '../../../models/random.ts';

interface Svm {
  train(samples: number[][], labels: number[]): void;
  predictOne(sample: number[]): number;
  getSVIndices(): number[];
  serializeModel(): string;
  free(): void;
}
interface SvmClass {
  new (options: Record<string, unknown>): Svm;
  SVM_TYPES: { ONE_CLASS: number };
  KERNEL_TYPES: { RBF: number };
}

it('finds the support vectors, the offset and the side of every point that LIBSVM finds', async () => {
  const next = random(11);
  const cloud = (spread: number): number[] => [0, 1, 2].map(() => (next() - 0.5) * spread);
  const points = Array.from({ length: 150 }, () => cloud(1));
  const probes = Array.from({ length: 400 }, () => cloud(2));
  const rbf = (a: number[], b: number[]): number => Math.exp(-2 * a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0));
  const kernel = Float64Array.from(points.flatMap((a) => points.map((b) => rbf(a, b))));
  const { alpha, rho } = solveOneClass(kernel, points.length, 0.2, 1e-6);
  const decision = (x: number[]): number =>
    alpha.reduce((sum, a, i) => sum + (a > 0 ? a * rbf(points[i]!, x) : 0), -rho);

  // Required, not imported: what the package exports is a promise, which an import's wrapper hides.
  const Svm = await (createRequire(import.meta.url)('libsvm-js') as Promise<SvmClass>);
  const options = {
    type: Svm.SVM_TYPES.ONE_CLASS,
    kernel: Svm.KERNEL_TYPES.RBF,
    gamma: 2,
    nu: 0.2,
    tolerance: 1e-6,
    quiet: true,
  };
  const svm = new Svm(options);
  try {
    svm.train(
      points,
      points.map(() => 1),
    );
    const support = points.map((_, i) => i).filter((i) => alpha[i]! > 1e-9);
    expect(svm.getSVIndices().toSorted((a, b) => a - b)).toEqual(support);
    expect(Number(/^rho (.+)$/m.exec(svm.serializeModel())![1])).toBeCloseTo(rho, 4);
    const clear = probes.filter((probe) => Math.abs(decision(probe)) > 1e-5);
    expect(clear.filter((probe) => Math.sign(decision(probe)) !== svm.predictOne(probe))).toEqual([]);
  } finally {
    svm.free();
  }
});
