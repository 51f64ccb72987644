import { BagIndex, Similarities } from '../bags/similarities.ts';
import type { Reason } from '../detector.ts';
import { chooseKernels } from '../kernels/choose.ts';
import type { MathEngine } from '../math-engine.ts';
import type { Window } from '../window.ts';
import { kernelMatrix } from './kernel-matrix.ts';
import { MIX, MovingMix, scaled, scalingOf, type Scaling } from './mix.ts';
import { picked, type Samples } from './samples.ts';
import { solveOneClass } from './smo.ts';

/** Width of the RBF kernel: 1 / (2·spread²), over bags and weighted mixes together. */
export const GAMMA = 2;
/** Share of normal windows that may lie outside. */
export const NU = 0.1;

/** A trained one-class boundary: support vectors, their weights, the offset, and the mix's scales. */
export interface Boundary {
  /** Their mixes are scaled. */
  readonly vectors: Samples;
  /** Shape [vectors], each in (0, 1]. */
  readonly alpha: Float64Array;
  readonly rho: number;
  readonly scaling: Scaling;
}

/**
 * `exp(−γ(‖a−b‖² + ‖m−n‖²))` with `‖a−b‖² = 2 − 2·cosine` for bags of length 1.
 * @param m, n where the two scaled mixes begin
 */
function kernel(cosine: number, a: ArrayLike<number>, m: number, b: ArrayLike<number>, n: number): number {
  let distance = 2 - 2 * cosine;
  for (let p = 0; p < MIX; p++) distance += (a[m + p]! - b[n + p]!) ** 2;
  return Math.exp(-GAMMA * distance);
}

/** What of an engine a boundary is trained with. */
type Arithmetic = Pick<MathEngine, 'kernels' | 'solveOneClass'>;
const OWN: Arithmetic = { kernels: () => chooseKernels(), solveOneClass };

/** Learns the boundary of normal windows. @param samples at least two */
export function trainBoundary(samples: Samples, math = OWN): Boundary {
  const scaling = scalingOf(samples.mixes);
  const mixes = scaled(samples.mixes, scaling);
  const matrix = kernelMatrix({ bags: samples.bags, mixes }, GAMMA, math.kernels());
  const { alpha, rho } = math.solveOneClass(matrix, samples.bags.size, NU);
  const support = [...alpha.keys()].filter((i) => alpha[i]! > 0);
  return {
    vectors: picked({ bags: samples.bags, mixes }, support),
    alpha: Float64Array.from(support, (i) => alpha[i]!),
    rho,
    scaling,
  };
}

/** The boundary's opinion of a moving window: `1 − (Σ αᵢ·K(x, vᵢ)) / ρ`, negative inside, positive outside. */
export class BoundaryWatch {
  readonly #boundary: Boundary;
  readonly #similarities: Similarities;
  readonly #cosines: Float64Array;
  readonly #mix = new Float64Array(MIX);

  constructor(boundary: Boundary) {
    this.#boundary = boundary;
    this.#similarities = new Similarities(new BagIndex(boundary.vectors.bags));
    this.#cosines = new Float64Array(boundary.alpha.length);
  }

  see(window: Window, moving: MovingMix): number {
    const { vectors, alpha, rho, scaling } = this.#boundary;
    this.#similarities.see(window, this.#cosines);
    moving.read(this.#mix);
    const mix = scaled(this.#mix, scaling);
    let sum = 0;
    for (let v = 0; v < alpha.length; v++) {
      sum += alpha[v]! * kernel(this.#cosines[v]!, mix, 0, vectors.mixes, v * MIX);
    }
    return 1 - sum / rho;
  }

  /**
   * Half the squared distance to the support vectors' mean bag, `1 − cosine`, taken apart by field, and how far the
   * mix is off; each vector counts as much as it adds to the decision. Of what `see` saw last.
   */
  explain(window: Window): Reason[] {
    const { vectors, alpha, scaling } = this.#boundary;
    const mix = scaled(this.#mix, scaling);
    const parts = Array.from(alpha, (a, v) => a * kernel(this.#cosines[v]!, mix, 0, vectors.mixes, v * MIX));
    // Far outside every vector adds nothing at all; then they count by their weights.
    const shares = parts.some((part) => part > 1e-300) ? parts : [...alpha];
    const total = shares.reduce((sum, share) => sum + share, 0);
    const means = new Map<number, number>();
    let apart = 0;
    shares.forEach((share, v) => {
      const { fields, weights } = vectors.bags.at(v);
      fields.forEach((field, f) => means.set(field, (means.get(field) ?? 0) + (share / total) * weights[f]!));
      for (let p = 0; p < MIX; p++) apart += (share / total) * (mix[p]! - vectors.mixes[v * MIX + p]!) ** 2;
    });
    const fields = [...window.counts].map(([field, count]) => {
      const weight = Math.sqrt(count / window.total);
      return { field, aspect: 'outside', amount: weight * (weight - (means.get(field) ?? 0)) };
    });
    return [...fields, { field: undefined, aspect: 'mix', amount: apart / 2 }];
  }
}
