import { solveOneClass } from '../ocsvm/smo.ts';

/** What somebody set instead of scikit-learn's defaults. */
export interface OneClassParameters {
  readonly nu?: number | undefined;
  readonly kernel?: 'rbf' | 'linear' | undefined;
  readonly gamma?: number | undefined;
}

/** scikit-learn's default. */
const NU = 0.5;
/** Rows that are trained on, evenly spread: the kernel's matrix of all of them has no room. */
const MOST_ROWS = 2000;

/**
 * The original's One-Class SVM: scikit-learn's defaults (RBF, γ = 1 / (features · variance of all numbers), ν .5) on
 * the numbers as they are. @returns how far outside each test row is: −Σ αᵢ·K(xᵢ, x) + ρ
 */
export function rawOneClass(
  past: readonly (readonly number[])[],
  test: readonly (readonly number[])[],
  parameters: OneClassParameters = {},
): number[] {
  const step = Math.max(1, past.length / MOST_ROWS);
  const rows = Array.from({ length: Math.floor(past.length / step) }, (_, r) => past[Math.floor(r * step)]!);
  const n = rows.length;
  const all = rows.flat();
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
  const { nu = NU, gamma = 1 / (rows[0]!.length * Math.max(variance, Number.MIN_VALUE)) } = parameters;
  const kernelOf = (a: readonly number[], b: readonly number[]): number =>
    parameters.kernel === 'linear'
      ? a.reduce((sum, value, i) => sum + value * b[i]!, 0)
      : Math.exp(-gamma * a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));
  const kernel = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) kernel[i * n + j] = kernel[j * n + i] = kernelOf(rows[i]!, rows[j]!);
  }
  const { alpha, rho } = solveOneClass(kernel, n, nu, 1e-3);
  const support = rows.flatMap((row, i) => (alpha[i]! > 0 ? [[row, alpha[i]!] as const] : []));
  return test.map((row) => rho - support.reduce((sum, [vector, weight]) => sum + weight * kernelOf(vector, row), 0));
}
