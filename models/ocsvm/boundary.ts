import { BagIndex, Similarities } from '../bags/similarities.ts';
import type { Reason } from '../detector.ts';
import { chooseKernels } from '../kernels/choose.ts';
import type { MathEngine } from '../math-engine.ts';
import { usualTuning, type Tuning } from '../tuning.ts';
import type { Window } from '../window.ts';
import { kernelMatrix } from './kernel-matrix.ts';
import { MIX, MovingMix, scaled, scaledAt, scalingOf, type Scaling } from './mix.ts';
import { picked, type Samples } from './samples.ts';
import { solveOneClass } from './smo.ts';

/** Support vectors, their bags as the index has them: to keep those beside it would take as much again. */
export interface Vectors {
  readonly index: BagIndex;
  /** Scaled. Shape [size, MIX]. */
  readonly mixes: Float32Array;
}

export const vectorsOf = ({ bags, mixes }: Samples): Vectors => ({ index: new BagIndex(bags), mixes });

/** A trained one-class boundary: support vectors, their weights, the offset, and the mix's scales. */
export interface Boundary {
  readonly vectors: Vectors;
  /** Shape [vectors], each in (0, 1]. */
  readonly alpha: Float64Array;
  readonly rho: number;
  /** Width of the RBF kernel: 1 / (2·spread²), over bags and weighted mixes together. */
  readonly gamma: number;
  readonly scaling: Scaling;
}

/** What of an engine a boundary is trained with. */
type Arithmetic = Pick<MathEngine, 'kernels' | 'solveOneClass'>;
const OWN: Arithmetic = { kernels: () => chooseKernels(), solveOneClass };

/** How a boundary is drawn: `nu` bounds the share of normal windows outside, `gamma` is the kernel's. */
export type Drawn = Pick<Tuning, 'nu' | 'gamma'>;

/** Learns the boundary of normal windows. @param samples at least two */
export function trainBoundary(samples: Samples, math = OWN, { nu, gamma }: Drawn = usualTuning): Boundary {
  const scaling = scalingOf(samples.mixes);
  const mixes = scaled(samples.mixes, scaling);
  const matrix = kernelMatrix({ bags: samples.bags, mixes }, gamma, math.kernels());
  const { alpha, rho } = math.solveOneClass(matrix, samples.bags.size, nu);
  const support = [...alpha.keys()].filter((i) => alpha[i]! > 0);
  return {
    vectors: vectorsOf(picked({ bags: samples.bags, mixes }, support)),
    alpha: Float64Array.from(support, (i) => alpha[i]!),
    rho,
    gamma,
    scaling,
  };
}

/**
 * The boundary's opinion of a moving window: `1 − (Σ αᵢ·K(x, vᵢ)) / ρ`, negative inside, positive outside, where K is
 * `exp(−γ(‖a−b‖² + ‖m−n‖²))` with `‖a−b‖² = 2 − 2·cosine` for bags of length 1 and m, n the scaled mixes.
 */
export class BoundaryWatch {
  readonly #boundary: Boundary;
  readonly #similarities: Similarities;
  readonly #cosines: Float64Array;
  readonly #mix = new Float64Array(MIX);
  /** What all vectors have at a place of the mix; NaN where they differ. */
  readonly #common: Float64Array;
  /** The places at which the window's mix and a vector's may differ, and what the window has there: most users do a few kinds of thing. */
  readonly #places = new Uint8Array(MIX);
  readonly #here = new Float64Array(MIX);
  readonly #kernels: Float64Array;

  constructor(boundary: Boundary) {
    this.#boundary = boundary;
    this.#similarities = new Similarities(boundary.vectors.index);
    this.#cosines = new Float64Array(boundary.alpha.length);
    this.#kernels = new Float64Array(boundary.alpha.length);
    this.#common = commonOf(boundary.vectors.mixes);
  }

  see(window: Window, moving: MovingMix): number {
    const { alpha, rho } = this.#boundary;
    this.#similarities.see(window, this.#cosines);
    moving.read(this.#mix);
    const kernels = this.#readKernels();
    let sum = 0;
    for (let v = 0; v < alpha.length; v++) sum += alpha[v]! * kernels[v]!;
    return 1 - sum / rho;
  }

  /** Of the window and each vector. What is the same at a place adds nothing to their distance, to the bit. */
  #readKernels(): Float64Array {
    const { vectors, gamma, scaling } = this.#boundary;
    const [places, here, common] = [this.#places, this.#here, this.#common];
    let width = 0;
    for (let p = 0; p < MIX; p++) {
      const scaledShare = scaledAt(this.#mix[p]!, p, scaling);
      if (scaledShare === common[p]) continue;
      places[width] = p;
      here[width++] = scaledShare;
    }
    const [kernels, cosines, { mixes }] = [this.#kernels, this.#cosines, vectors];
    for (let v = 0; v < kernels.length; v++) {
      let distance = 2 - 2 * cosines[v]!;
      const row = v * MIX;
      for (let w = 0; w < width; w++) {
        const apart = here[w]! - mixes[row + places[w]!]!;
        distance += apart * apart;
      }
      kernels[v] = Math.exp(-gamma * distance);
    }
    return kernels;
  }

  /**
   * Half the squared distance to the support vectors' mean bag, `1 − cosine`, taken apart by field, and how far the
   * mix is off; each vector counts as much as it adds to the decision. Of what `see` saw last.
   */
  explain(window: Window): Reason[] {
    const { vectors, alpha, scaling } = this.#boundary;
    const mix = scaled(this.#mix, scaling);
    const kernels = this.#readKernels();
    const parts = Array.from(alpha, (a, v) => a * kernels[v]!);
    // Far outside every vector adds nothing at all; then they count by their weights.
    const shares = parts.some((part) => part > 1e-300) ? parts : [...alpha];
    const total = shares.reduce((sum, share) => sum + share, 0);
    const means = new Map<number, number>();
    const bags = vectors.index.bags();
    let apart = 0;
    shares.forEach((share, v) => {
      const { fields, weights } = bags.at(v);
      fields.forEach((field, f) => means.set(field, (means.get(field) ?? 0) + (share / total) * weights[f]!));
      for (let p = 0; p < MIX; p++) apart += (share / total) * (mix[p]! - vectors.mixes[v * MIX + p]!) ** 2;
    });
    const fields = Array.from(window.held, ({ field, count }) => {
      const weight = Math.sqrt(count / window.total);
      return { field, aspect: 'outside', amount: weight * (weight - (means.get(field) ?? 0)) };
    });
    return [...fields, { field: undefined, aspect: 'mix', amount: apart / 2 }];
  }
}

/** @param mixes shape [vectors, MIX] */
function commonOf(mixes: Float32Array): Float64Array {
  const common = Float64Array.from(mixes.subarray(0, MIX));
  for (let i = MIX; i < mixes.length; i++) if (mixes[i] !== common[i % MIX]) common[i % MIX] = NaN;
  return common;
}
