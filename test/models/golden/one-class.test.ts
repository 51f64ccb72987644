import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { loadMathEngine } from '../../../src-main/math/load.ts';

interface Answer {
  readonly nSV: number;
  readonly rho: number;
  /** Of the probes. */
  readonly decisions: readonly number[];
}

/** What make.py writes. */
interface Golden {
  readonly gamma: number;
  readonly nu: number;
  readonly points: readonly (readonly number[])[];
  readonly probes: readonly (readonly number[])[];
  readonly libsvm: Answer;
  readonly sklearn: Answer;
}

const golden = JSON.parse(readFileSync(new URL('one-class.json', import.meta.url), 'utf8')) as Golden;
const { points, probes, gamma, nu } = golden;
const rbf = (a: readonly number[], b: readonly number[]): number =>
  Math.exp(-gamma * a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0));
const kernel = Float64Array.from(points.flatMap((a) => points.map((b) => rbf(a, b))));
const engines = [await loadMathEngine('fused'), await loadMathEngine('libsvm-js')];

describe.each(engines)('the one-class SVM by $name', ({ solveOneClass }) => {
  // Measured: 1.5e-7. LIBSVM keeps the kernel in float32.
  it.each(['libsvm', 'sklearn'] as const)('has the vectors, ρ and decision values of %s, to 1e-6', (other) => {
    const { alpha, rho } = solveOneClass(kernel, points.length, nu);
    expect(alpha.filter((a) => a > 0)).toHaveLength(golden[other].nSV);
    expect(Math.abs(rho - golden[other].rho)).toBeLessThan(1e-6);
    const apart = probes.map((probe, p) => {
      const decision = points.reduce((sum, point, i) => sum + alpha[i]! * rbf(point, probe), -rho);
      return Math.abs(decision - golden[other].decisions[p]!);
    });
    expect(Math.max(...apart)).toBeLessThan(1e-6);
  });
});
