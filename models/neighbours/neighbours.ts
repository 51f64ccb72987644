import {
  demandActions,
  savedBytes,
  type Detector,
  type DetectorKind,
  type Explanation,
  type SavedDetector,
  type Watch,
} from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { bagOf, Bags, windowsOf } from '../bags/bags.ts';
import { joined, pack, unpack } from '../packed.ts';
import type { Window } from '../window.ts';
import { BagIndex, Similarities } from '../bags/similarities.ts';

/** Mean over so many nearest normal windows. */
const NEAREST = 3;
/** Normal windows kept; the oldest is forgotten first. */
const MOST_REFERENCES = 500;
/** A new normal window begins every half window. */
const OVERLAP = 2;

/** `1 − cosine` to the nearest normal windows, mean of three: 0 the same as before … 1 nothing in common. */
class Neighbours implements Detector {
  readonly #windowLength: number;
  #bags: Bags;
  /** When each of them began, Unix seconds. */
  #times: Float64Array;
  #index: BagIndex;

  constructor(windowLength: number, bags: Bags, times: Float64Array) {
    this.#windowLength = windowLength;
    this.#times = times;
    this.#bags = bags;
    this.#index = new BagIndex(bags);
  }

  watch(): Watch {
    let index = this.#index;
    let similarities = new Similarities(index);
    let cosines = new Float64Array(index.size);
    return {
      see: (window) => {
        if (index !== this.#index) {
          index = this.#index;
          similarities = new Similarities(index);
          cosines = new Float64Array(index.size);
        }
        similarities.see(window, cosines);
        return { window: 1 - meanOfLargest(cosines, NEAREST) };
      },
      explain: (window) => this.#explain(window, cosines),
    };
  }

  *learn(accepted: readonly Encoded[]): Generator<number, void> {
    const windows = windowsOf(accepted, this.#windowLength, this.#windowLength / OVERLAP);
    const times = Float64Array.from(windows, (window) => window[0]!.time);
    const gone = Math.max(0, this.#bags.size + windows.length - MOST_REFERENCES);
    this.#times = joined(Float64Array, this.#times, times, gone);
    this.#bags = this.#bags.with(Bags.of(windows.map(bagOf)), MOST_REFERENCES);
    this.#index = new BagIndex(this.#bags);
    yield 1;
  }

  save(): SavedDetector {
    return { 'neighbours.bin': this.#bags.save(), 'neighbours.times.bin': pack([this.#times]) };
  }

  /** `1 − cosine` taken apart: each field's `x² − x·v`, v its mean weight in the nearest windows. The sum is the same. */
  #explain(window: Window, cosines: Float64Array): Explanation {
    const nearest = [...cosines.keys()].sort((a, b) => cosines[b]! - cosines[a]!).slice(0, NEAREST);
    const means = new Map<number, number>();
    for (const bag of nearest) {
      const { fields, weights } = this.#bags.at(bag);
      fields.forEach((field, f) => means.set(field, (means.get(field) ?? 0) + weights[f]! / nearest.length));
    }
    const reasons = [...window.counts].map(([field, count]) => {
      const weight = Math.sqrt(count / window.total);
      return { field, aspect: 'unlike', amount: weight * (weight - (means.get(field) ?? 0)) };
    });
    return {
      reasons,
      nearest: nearest.map((bag) => ({ from: this.#times[bag]!, similarity: cosines[bag]! })),
    };
  }
}

function meanOfLargest(values: Float64Array, count: number): number {
  const largest = new Array<number>(Math.min(count, values.length)).fill(-Infinity);
  for (const value of values) {
    if (value <= largest[0]!) continue;
    largest[0] = value;
    for (let i = 1; i < largest.length && largest[i - 1]! > largest[i]!; i++) {
      [largest[i - 1], largest[i]] = [largest[i]!, largest[i - 1]!];
    }
  }
  return largest.reduce((sum, value) => sum + value, 0) / largest.length;
}

export const neighbours: DetectorKind = {
  name: 'neighbours',
  needs: 400,
  folds: 5,
  cost: 2,
  *train(past, { windowLength }) {
    demandActions('neighbours', past, neighbours.needs);
    const detector = new Neighbours(windowLength, Bags.of([]), new Float64Array());
    yield* detector.learn(past);
    return detector;
  },
  load(saved, { windowLength }) {
    const bags = Bags.load(savedBytes(saved, 'neighbours.bin'), 'neighbours.bin');
    const file = 'neighbours.times.bin';
    const [times] = unpack(savedBytes(saved, file), [Float64Array], file);
    if (times.length !== bags.size) throw new SyntaxError(`${file}: does not fit neighbours.bin`);
    return new Neighbours(windowLength, bags, times);
  },
};
