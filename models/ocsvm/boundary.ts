import { chooseKernels } from '../kernels/choose.ts';
import type { MathEngine } from '../math-engine.ts';
import { bagOf, BagIndex, Similarities, type Bag } from '../neighbours/references.ts';
import type { Encoded } from '../features/encode.ts';
import type { Window } from '../window.ts';
import { kernelMatrix } from './kernel-matrix.ts';
import { MIX, mixOf, MovingMix, scaled, scalingOf, type Scaling } from './mix.ts';
import { solveOneClass } from './smo.ts';

/** Width of the RBF kernel: 1 / (2·spread²), over bags and weighted mixes together. */
export const GAMMA = 2;
/** Share of normal windows that may lie outside. */
export const NU = 0.1;

/** A normal window as the SVM sees it. */
export interface Sample {
  readonly bag: Bag;
  readonly mix: Float64Array;
}

export const sampleOf = (actions: readonly Encoded[]): Sample => ({ bag: bagOf(actions), mix: mixOf(actions) });

/** A trained one-class boundary: support vectors, their weights, the offset, and the mix's scales. */
export interface Boundary {
  readonly vectors: readonly Sample[];
  /** Shape [vectors], each in (0, 1]. */
  readonly alpha: Float64Array;
  readonly rho: number;
  readonly scaling: Scaling;
}

/** `exp(−γ(‖a−b‖² + ‖m−n‖²))` with `‖a−b‖² = 2 − 2·cosine` for bags of length 1. */
function kernel(cosine: number, mixA: Float64Array, mixB: Float64Array): number {
  let distance = 2 - 2 * cosine;
  for (let p = 0; p < MIX; p++) distance += (mixA[p]! - mixB[p]!) ** 2;
  return Math.exp(-GAMMA * distance);
}

/** What of an engine a boundary is trained with. */
type Arithmetic = Pick<MathEngine, 'kernels' | 'solveOneClass'>;
const OWN: Arithmetic = { kernels: () => chooseKernels(), solveOneClass };

/** Learns the boundary of normal windows. @param samples at least two */
export function trainBoundary(samples: readonly Sample[], math = OWN): Boundary {
  const scaling = scalingOf(samples.map(({ mix }) => mix));
  const mixes = samples.map(({ mix }) => scaled(mix, scaling));
  const bags = samples.map(({ bag }) => bag);
  const matrix = kernelMatrix(bags, mixes, GAMMA, math.kernels());
  const { alpha, rho } = math.solveOneClass(matrix, samples.length, NU);
  const support = samples.map((_, i) => i).filter((i) => alpha[i]! > 0);
  return {
    vectors: support.map((i) => ({ bag: samples[i]!.bag, mix: mixes[i]! })),
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
    this.#similarities = new Similarities(new BagIndex(boundary.vectors.map(({ bag }) => bag)));
    this.#cosines = new Float64Array(boundary.vectors.length);
  }

  see(window: Window, moving: MovingMix): number {
    const { vectors, alpha, rho, scaling } = this.#boundary;
    this.#similarities.see(window, this.#cosines);
    moving.read(this.#mix);
    const mix = scaled(this.#mix, scaling);
    let sum = 0;
    for (let v = 0; v < vectors.length; v++) sum += alpha[v]! * kernel(this.#cosines[v]!, mix, vectors[v]!.mix);
    return 1 - sum / rho;
  }
}
