import type { Scale } from './calibration.ts';

/** Actions after which an accepted action counts half. */
const HALF_LIFE = 1000;
/** Actions that the calibration on the training span weighs. */
const PRIOR = 1000;
/** z by which a detector's zero may move at most: who shifts it slowly must not shift it far. */
const MOST_SHIFT = 1;
/** Bounds of the spread, in those of the calibration. */
const [LEAST_SPREAD, MOST_SPREAD] = [0.8, 1.7];

/** Sums over accepted actions, discounted by their age; shape of the inner two [detectors]. */
export interface SavedDrift {
  readonly weight: number;
  readonly sums: readonly number[];
  readonly squares: readonly number[];
}

/**
 * How far each detector's z of accepted windows has moved since calibration, and how their spread has changed: nobody
 * works today as when they were first learned. Followed slowly and not far, and reported.
 */
export class Drift {
  #weight: number;
  #sums: number[];
  #squares: number[];
  #scales: readonly Scale[];

  /** @param detectors how many there are */
  constructor(detectors: number, saved?: SavedDrift) {
    this.#weight = saved?.weight ?? 0;
    this.#sums = [...(saved?.sums ?? new Array<number>(detectors).fill(0))];
    this.#squares = [...(saved?.squares ?? new Array<number>(detectors).fill(0))];
    this.#scales = this.#sums.map((_, detector) => this.#scaleOf(detector));
  }

  /** Where each detector's z of the user's windows lies now: 0 and 1 at first. */
  get scales(): readonly Scale[] {
    return this.#scales;
  }

  /** Takes in what the detectors said, before drift was followed, of windows that were accepted. Shape [actions][detectors]. */
  accept(zs: readonly (readonly number[])[]): void {
    const kept = 0.5 ** (zs.length / HALF_LIFE);
    const scales = this.#scales;
    const move = (sums: number[], of: (z: number, detector: number) => number): number[] =>
      sums.map((sum, d) => kept * sum + zs.reduce((more, z) => more + of(z[d]!, d), 0));
    this.#sums = move(this.#sums, (z) => z);
    this.#squares = move(this.#squares, (z, d) => (z - scales[d]!.mean) ** 2);
    this.#weight = kept * this.#weight + zs.length;
    this.#scales = scales.map((_, detector) => this.#scaleOf(detector));
  }

  save(): SavedDrift {
    return { weight: this.#weight, sums: this.#sums, squares: this.#squares };
  }

  #scaleOf(detector: number): Scale {
    const all = PRIOR + this.#weight;
    const mean = clipped(this.#sums[detector]! / all, -MOST_SHIFT, MOST_SHIFT);
    const spread = Math.sqrt((PRIOR + this.#squares[detector]!) / all);
    return { mean, deviation: clipped(spread, LEAST_SPREAD, MOST_SPREAD) };
  }
}

const clipped = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
