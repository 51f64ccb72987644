import { bagOf, Bags, type Bag } from '../bags/bags.ts';
import { Coded } from '../bags/coded.ts';
import type { Encoded } from '../features/encode.ts';
import { joined } from '../packed.ts';
import { MIX, mixOf } from './mix.ts';

/** Windows as the SVM sees them: what was done, and in what mix. */
export interface Samples {
  readonly bags: Bags;
  /** Shape [size, MIX], row-major. */
  readonly mixes: Float32Array;
}

/** One of them. */
export interface Sample {
  readonly bag: Bag;
  /** Shape [MIX]. */
  readonly mix: Float32Array;
}

export function samplesOf(windows: readonly (readonly Encoded[])[]): Samples {
  const mixes = new Float32Array(windows.length * MIX);
  windows.forEach((window, w) => {
    mixes.set(mixOf(window), w * MIX);
  });
  return { bags: Bags.of(windows.map(bagOf)), mixes };
}

export const sampleAt = ({ bags, mixes }: Samples, at: number): Sample => ({
  bag: bags.at(at),
  mix: mixes.subarray(at * MIX, (at + 1) * MIX),
});

/** The last `most` of both, `later` after `earlier`. */
export function lastOf(earlier: Samples, later: Samples, most: number): Samples {
  const bags = earlier.bags.with(later.bags, most);
  const gone = earlier.bags.size + later.bags.size - bags.size;
  return { bags, mixes: joined(Float32Array, earlier.mixes, later.mixes, gone * MIX) };
}

/** Those at the places `at`, in that order. */
export function picked(samples: Samples, at: readonly number[]): Samples {
  const mixes = new Float32Array(at.length * MIX);
  at.forEach((from, to) => {
    mixes.set(sampleAt(samples, from).mix, to * MIX);
  });
  return { bags: Bags.of(at.map((from) => samples.bags.at(from))), mixes };
}

/** Samples that wait for the next training: it comes seldom, and they are half of what a loaded SVM takes. */
export class KeptSamples {
  readonly #starts: Uint32Array;
  readonly #fields: Coded<Int32Array> | Int32Array;
  readonly #weights: Coded<Float32Array> | Float32Array;
  readonly #mixes: Coded<Float32Array> | Float32Array;

  constructor({ bags, mixes }: Samples) {
    this.#starts = bags.starts.slice();
    this.#fields = Coded.of(bags.fields);
    this.#weights = Coded.of(bags.weights);
    this.#mixes = Coded.of(mixes);
  }

  /** As they were, to the bit. */
  samples(): Samples {
    const bags = new Bags(this.#starts, Coded.numbers(this.#fields), Coded.numbers(this.#weights));
    return { bags, mixes: Coded.numbers(this.#mixes) };
  }
}
