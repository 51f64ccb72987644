import {
  demandActions,
  type Detector,
  type DetectorKind,
  type Explanation,
  type SavedDetector,
  type Watch,
} from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { bagOf, Bags, windowsOf } from '../bags/bags.ts';
import { joined, pack, unpack } from '../packed.ts';
import { finite, list, mustBeFinite, object, savedBytes, savedJson } from '../saved.ts';
import type { Window } from '../window.ts';
import { BagIndex, Similarities } from '../bags/similarities.ts';

/** Mean over this many nearest normal windows. */
const NEAREST = 3;
/** Normal windows kept; the oldest is forgotten first. */
const MOST_REFERENCES = 500;
/** A new normal window begins every half window. */
const OVERLAP = 2;

/** Accepted actions, in windows, after which the references are made again: an index of all of them is built. */
const RENEW_AFTER = 5;

/** Normal windows to compare with; never changed, only replaced. */
interface References {
  /** Their bags too: to keep those beside it would take as much again. */
  readonly index: BagIndex;
  /** When each of them began, Unix seconds. */
  readonly times: Float64Array;
}

const referencesOf = (bags: Bags, times: Float64Array): References => ({ index: new BagIndex(bags), times });

/** `1 − cosine` to the nearest normal windows, mean of three: 0 the same as before … 1 nothing in common. */
class Neighbours implements Detector {
  readonly #windowLength: number;
  #references: References;
  /** Accepted, and not among the references yet. */
  #fresh: Encoded[];

  constructor(windowLength: number, references: References, fresh: Encoded[] = []) {
    this.#windowLength = windowLength;
    this.#references = references;
    this.#fresh = fresh;
  }

  watch(): Watch {
    let references = this.#references;
    let similarities = new Similarities(references.index);
    let cosines = new Float64Array(references.index.size);
    return {
      see: (window) => {
        if (references !== this.#references) {
          references = this.#references;
          similarities = new Similarities(references.index);
          cosines = new Float64Array(references.index.size);
        }
        similarities.see(window, cosines);
        return { window: 1 - meanOfLargest(cosines, NEAREST) };
      },
      explain: (window) => explainBy(references, window, cosines),
    };
  }

  *learn(accepted: readonly Encoded[]): Generator<number, void> {
    this.#fresh.push(...accepted);
    if (this.#fresh.length < RENEW_AFTER * this.#windowLength) return;
    this.#references = joinedWith(this.#references, this.#fresh.splice(0), this.#windowLength);
    yield 1;
  }

  save(): SavedDetector {
    const { index, times } = this.#references;
    const fresh = this.#fresh.map(({ time, token, fields }) => [time, token, ...fields]);
    return {
      'neighbours.bin': index.bags().save(),
      'neighbours.times.bin': pack([times]),
      'neighbours.json': JSON.stringify({ fresh }),
    };
  }
}

/** The windows of these actions after the references, the oldest of which are forgotten. */
function joinedWith({ index, times }: References, actions: readonly Encoded[], windowLength: number): References {
  const windows = windowsOf(actions, windowLength, windowLength / OVERLAP);
  const gone = Math.max(0, index.size + windows.length - MOST_REFERENCES);
  const begun = Float64Array.from(windows, (window) => window[0]!.time);
  return referencesOf(
    index.bags().with(Bags.of(windows.map(bagOf)), MOST_REFERENCES),
    joined(Float64Array, times, begun, gone),
  );
}

/** `1 − cosine` taken apart: each field's `x² − x·v`, v its mean weight in the nearest windows. The sum is the same. */
function explainBy({ index, times }: References, window: Window, cosines: Float64Array): Explanation {
  const nearest = [...cosines.keys()].sort((a, b) => cosines[b]! - cosines[a]!).slice(0, NEAREST);
  const meanOf = (field: number): number =>
    nearest.reduce((mean, bag) => mean + index.weight(field, bag) / nearest.length, 0);
  const reasons = Array.from(window.held, ({ field, count }) => {
    const weight = Math.sqrt(count / window.total);
    return { field, aspect: 'unlike', amount: weight * (weight - meanOf(field)) };
  });
  return { reasons, nearest: nearest.map((bag) => ({ from: times[bag]!, similarity: cosines[bag]! })) };
}

function meanOfLargest(values: Float64Array, count: number): number {
  const largest = new Array<number>(Math.min(count, values.length)).fill(-Infinity);
  for (let v = 0; v < values.length; v++) {
    const value = values[v]!;
    if (value <= largest[0]!) continue;
    largest[0] = value;
    for (let i = 1; i < largest.length && largest[i - 1]! > largest[i]!; i++) {
      [largest[i - 1], largest[i]] = [largest[i]!, largest[i - 1]!];
    }
  }
  return largest.reduce((sum, value) => sum + value, 0) / largest.length;
}

const shape = object({ fresh: list(list(finite, Infinity, 2)) });

export const neighbours: DetectorKind = {
  name: 'neighbours',
  needs: 400,
  folds: 5,
  cost: 2,
  *train(past, { windowLength }) {
    demandActions('neighbours', past, neighbours.needs);
    yield 0.5;
    const none = referencesOf(Bags.of([]), new Float64Array());
    return new Neighbours(windowLength, joinedWith(none, past, windowLength));
  },
  load(saved, { windowLength }) {
    const bags = Bags.load(savedBytes(saved, 'neighbours.bin'), 'neighbours.bin');
    const file = 'neighbours.times.bin';
    const [times] = unpack(savedBytes(saved, file), [Float64Array], file);
    if (times.length !== bags.size) throw new SyntaxError(`${file}: does not fit neighbours.bin`);
    mustBeFinite(file, times);
    const { fresh } = savedJson(saved, 'neighbours.json', shape);
    return new Neighbours(windowLength, referencesOf(bags, times.slice()), fresh.map(unpacked));
  },
};

/** What a window's bag is made of; the rest of the action is not kept. */
const unpacked = ([time, token, ...fields]: readonly number[]): Encoded => ({
  time: time!,
  token: token!,
  fields,
  families: [],
  type: 0,
  recency: 0,
  port: -1,
  importance: 0,
  added: true,
  baseline: false,
});
