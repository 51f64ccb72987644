/** Where the one-class SVM's optimum lies. */
export interface OneClassSolution {
  /** Shape [samples], each 0…1, Σ = ν·samples. */
  readonly alpha: Float64Array;
  readonly rho: number;
}

/** How the ν-one-class SVM of a kernel matrix is solved: see `solveOneClass`. */
export type SolveOneClass = (kernel: Float64Array, n: number, nu: number) => OneClassSolution;

/** LIBSVM's TAU: what a kernel that is not positive definite between two samples is taken for. */
const TINY = 1e-12;

/** Far below LIBSVM's 10⁻³: it costs nothing at some hundred samples, and engines agree to what this leaves open. */
export const TOLERANCE = 1e-7;

/**
 * Solves the ν-one-class SVM's dual: `min ½ αᵀKα` with `0 ≤ αᵢ ≤ 1`, `Σα = ν·n`, by sequential minimal optimisation
 * with the second-order choice of the working pair. Without shrinking: n is some hundreds here.
 * Source: Schölkopf et al. 2001; Fan, Chen & Lin 2005, "Working set selection using second order information".
 * @param kernel shape [n, n], symmetric, ones on the diagonal
 * @param nu 0…1, bounds the share of samples outside
 * @param tolerance LIBSVM's `-e`
 */
export function solveOneClass(kernel: Float64Array, n: number, nu: number, tolerance = TOLERANCE): OneClassSolution {
  const alpha = firstAlpha(n, nu);
  const gradient = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (alpha[i]! > 0) for (let t = 0; t < n; t++) gradient[t]! += alpha[i]! * kernel[i * n + t]!;
  }
  for (let iteration = 0; iteration < Math.max(1_000_000, 100 * n); iteration++) {
    const pair = workingPair(kernel, n, alpha, gradient, tolerance);
    if (!pair) break;
    const [i, j] = pair;
    const [stepI, stepJ] = move(alpha, i, j, gradient, kernel[i * n + j]!);
    for (let t = 0; t < n; t++) gradient[t]! += stepI * kernel[i * n + t]! + stepJ * kernel[j * n + t]!;
  }
  return { alpha, rho: offset(alpha, gradient) };
}

/** LIBSVM's start: the first ν·n samples carry everything. */
function firstAlpha(n: number, nu: number): Float64Array {
  const whole = Math.floor(nu * n);
  const alpha = new Float64Array(n).fill(1, 0, whole);
  if (whole < n) alpha[whole] = nu * n - whole;
  return alpha;
}

/** The pair whose move lowers the objective most, or undefined at the optimum. */
function workingPair(
  kernel: Float64Array,
  n: number,
  alpha: Float64Array,
  gradient: Float64Array,
  tolerance: number,
): [number, number] | undefined {
  let i = -1;
  let steepest = -Infinity;
  for (let t = 0; t < n; t++) {
    if (alpha[t]! < 1 && -gradient[t]! >= steepest) {
      steepest = -gradient[t]!;
      i = t;
    }
  }
  if (i < 0) return undefined;
  let j = -1;
  let best = Infinity;
  let opposite = -Infinity;
  for (let t = 0; t < n; t++) {
    if (alpha[t]! <= 0) continue;
    opposite = Math.max(opposite, gradient[t]!);
    const slope = steepest + gradient[t]!;
    if (slope <= 0) continue;
    const curvature = Math.max(2 - 2 * kernel[i * n + t]!, TINY);
    const change = -(slope * slope) / curvature;
    if (change <= best) {
      best = change;
      j = t;
    }
  }
  return j < 0 || steepest + opposite < tolerance ? undefined : [i, j];
}

/** Moves the pair to its optimum inside the box; the sum of the two stays. @returns by how much each moved */
function move(alpha: Float64Array, i: number, j: number, gradient: Float64Array, kernelIJ: number): [number, number] {
  const curvature = Math.max(2 - 2 * kernelIJ, TINY);
  const [oldI, oldJ] = [alpha[i]!, alpha[j]!];
  const sum = oldI + oldJ;
  const wanted = oldI - (gradient[i]! - gradient[j]!) / curvature;
  const newI = Math.min(Math.max(wanted, Math.max(0, sum - 1)), Math.min(1, sum));
  alpha[i] = newI;
  alpha[j] = sum - newI;
  return [newI - oldI, alpha[j] - oldJ];
}

/** ρ: the gradient's (Kα) mean over free vectors, or the middle of its bounds when there is none. */
export function offset(alpha: Float64Array, gradient: Float64Array): number {
  let free = 0;
  let sum = 0;
  let upper = Infinity;
  let lower = -Infinity;
  for (let t = 0; t < alpha.length; t++) {
    if (alpha[t]! >= 1) lower = Math.max(lower, gradient[t]!);
    else if (alpha[t]! <= 0) upper = Math.min(upper, gradient[t]!);
    else {
      free++;
      sum += gradient[t]!;
    }
  }
  return free > 0 ? sum / free : (upper + lower) / 2;
}
