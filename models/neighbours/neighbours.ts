import {
  demandActions,
  savedText,
  type Detector,
  type DetectorKind,
  type SavedDetector,
  type Watch,
} from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { BagIndex, bagOf, Similarities, windowsOf, type Bag } from './references.ts';

/** Mean over so many nearest normal windows. */
const NEAREST = 3;
/** Normal windows kept; the oldest is forgotten first. */
const MOST_REFERENCES = 500;
/** A new normal window begins every quarter window. */
const OVERLAP = 4;

/** `1 − cosine` to the nearest normal windows, mean of three: 0 the same as before … 1 nothing in common. */
class Neighbours implements Detector {
  readonly #windowLength: number;
  #bags: Bag[];
  #index: BagIndex;

  constructor(windowLength: number, bags: Bag[]) {
    this.#windowLength = windowLength;
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
    };
  }

  *learn(accepted: readonly Encoded[]): Generator<number, void> {
    const windows = windowsOf(accepted, this.#windowLength, this.#windowLength / OVERLAP);
    this.#bags = [...this.#bags, ...windows.map(bagOf)].slice(-MOST_REFERENCES);
    this.#index = new BagIndex(this.#bags);
    yield 1;
  }

  save(): SavedDetector {
    return { 'neighbours.json': JSON.stringify(this.#bags) };
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
  *train(past, { windowLength }) {
    demandActions('neighbours', past, neighbours.needs);
    const detector = new Neighbours(windowLength, []);
    yield* detector.learn(past);
    return detector;
  },
  load: (saved, { windowLength }) =>
    new Neighbours(windowLength, JSON.parse(savedText(saved, 'neighbours.json')) as Bag[]),
};
