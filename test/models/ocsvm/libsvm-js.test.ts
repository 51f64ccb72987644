import { expect, it } from 'vitest';

import { fusedEngine } from '../../../models/fused.ts';
import { trainBoundary } from '../../../models/ocsvm/boundary.ts';
import { samplesOf } from '../../../models/ocsvm/samples.ts';
import { solveOneClass, type OneClassSolution, type SolveOneClass } from '../../../models/ocsvm/smo.ts';
import { windowsOf } from '../../../models/bags/bags.ts';
import { random } from '../../../models/random.ts';
import { loadMathEngine } from '../../../src-main/math/load.ts';
import { people } from '../ordinary.ts';

const { solveOneClass: solveByLibsvm } = await loadMathEngine('libsvm-js');

/** Kernel matrix of a cloud of points in three dimensions. */
function cloud(n: number, seed: number): Float64Array {
  const next = random(seed);
  const points = Array.from({ length: n }, () => [0, 1, 2].map(() => next() - 0.5));
  const distance = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);
  return Float64Array.from(points.flatMap((a) => points.map((b) => Math.exp(-2 * distance(a, b)))));
}

/** Σ αᵢ·K(xᵢ, x) − ρ of every sample. */
const decisions = (kernel: Float64Array, n: number, { alpha, rho }: OneClassSolution): number[] =>
  Array.from({ length: n }, (_, t) => alpha.reduce((sum, a, i) => sum + a * kernel[i * n + t]!, -rho));

function expectSame(kernel: Float64Array, n: number, nu: number): void {
  const [ours, theirs] = [solveOneClass(kernel, n, nu), solveByLibsvm(kernel, n, nu)];
  expect(Math.abs(theirs.rho - ours.rho)).toBeLessThan(1e-6);
  const other = decisions(kernel, n, theirs);
  const apart = decisions(kernel, n, ours).map((value, i) => Math.abs(value - other[i]!));
  expect(Math.max(...apart)).toBeLessThan(1e-6);
}

it.each([
  [2, 0.6, 1],
  [30, 0.05, 2],
  [150, 0.2, 3],
  [150, 0.8, 4],
  [400, 0.1, 5],
])('draws the same boundary as ours around %i points, ν %d: decision values to 1e-6', (n, nu, seed) => {
  expectSame(cloud(n, seed), n, nu);
});

it('draws the same boundary as ours around a user’s windows, many of them nearly alike', () => {
  const samples = samplesOf(windowsOf(people(8000).past, 100, 25));
  const solveBoth: SolveOneClass = (kernel, n, nu) => {
    expectSame(kernel, n, nu);
    return solveOneClass(kernel, n, nu);
  };
  expect(trainBoundary(samples, { ...fusedEngine(), solveOneClass: solveBoth }).alpha.length).toBeGreaterThan(10);
});
