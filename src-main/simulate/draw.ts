import { random } from '../../models/random.ts';

/** Chance, as a seed repeats it. */
export class Draw {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  /**
   * A stream of chance of its own: what is drawn from it depends on the seed and the names alone, so that one more day
   * or one more user changes nothing of the others. Source of the mix: FNV-1a.
   */
  static of(seed: number, ...names: readonly (string | number)[]): Draw {
    let hash = (0x811c9dc5 ^ seed) >>> 0;
    for (const char of names.join('\n')) {
      hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
    }
    return new Draw(hash);
  }

  /** [from, to) */
  between(from: number, to: number): number {
    return from + this.#next() * (to - from);
  }

  /** A whole number, both ends included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.#next() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#next() * from.length)]!;
  }

  /** One of the keys, by its weight. */
  weighted(weights: Readonly<Record<string, number>>): string {
    const entries = Object.entries(weights);
    let left = this.#next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries.at(-1)!)[0];
  }

  /** Box & Muller 1958. */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#next()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.#next());
  }

  /** Positive with a long tail: half of them are below the median. */
  logNormal(median: number, sigma: number): number {
    return median * Math.exp(this.normal(0, sigma));
  }

  /** How many things come that are expected so often. Source: Knuth, The Art of Computer Programming 2, 3.4.1. @param mean at most about 100 */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.#next(); product > limit; product *= this.#next()) count++;
    return count;
  }

  /** An index below `count`, the first ones far more often (Zipf's law with exponent about 1). */
  rank(count: number): number {
    return Math.min(count - 1, Math.floor(Math.exp(this.#next() * Math.log(count + 1)) - 1));
  }
}
