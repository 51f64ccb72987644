import { demandActions, type Detector, type DetectorKind, type SavedDetector, type Watch } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { field, finite, list, object, savedJson, tuple, whole, type Shape } from '../saved.ts';
import type { Window } from '../window.ts';
import { Counts, MOST_COUNTED, type SavedCounts } from './counts.ts';
import { COMMON, Family } from './family.ts';

/**
 * A field that says nothing about a user is as likely as one of that many equally likely ones, for each action that was
 * there to learn from: what was seen ten times then is neither familiar nor strange.
 */
const BACKGROUND_PER_ACTION = 0.1;
/** Actions that the background counts for in the user's own probability. */
const PRIOR = 50;
/** Surprises of counts below this are kept. */
const MOST_KEPT = 512;
/** The family of what actions are of; columns' are positive, those of whole actions their type's as a negative number. */
const TYPES = 0;

const UNKNOWN = new Family();

type Families = Map<number, Family>;

interface Learned {
  /** How often each field was seen, and each type. */
  readonly counts: Counts;
  readonly types: Counts;
  readonly families: Families;
  readonly actions: number;
}

/**
 * How much better a background of equally likely fields explains the window than the user's own habits do:
 * `Σ −ln(B·(n_v + 50/B)/(N + 50))` over the window's distinct fields v, where n_v is how often the user showed
 * v, N how many actions were learned, and B a tenth of those of the first training. Each weighs by its query's importance. Distinct, because habits come in bursts: a field's tenth sight proves little.
 */
class Frequency implements Detector {
  readonly #background: number;
  readonly #counts: Counts;
  readonly #types: Counts;
  readonly #families: Families;
  #actions: number;
  /** Surprises by count, as they are with that many actions: a window asks for a hundred of them, and most are the same. */
  readonly #kept = new Float64Array(MOST_KEPT);
  #keptOf = NaN;

  constructor(
    background: number,
    { counts = new Counts(), types = new Counts(), families = new Map(), actions = 0 }: Partial<Learned> = {},
  ) {
    this.#background = background;
    this.#counts = counts;
    this.#types = types;
    this.#families = families;
    this.#actions = actions;
  }

  watch(): Watch {
    return {
      see: (window) => {
        return { window: this.#window(window), ...this.#alone(window.latest) };
      },
      explain: (window) => ({
        reasons: [...window.held]
          .filter(({ field }) => field > 0)
          .map(({ field, weight }) => ({ field, aspect: 'rare', amount: weight * this.#surprise(this.#count(field)) })),
      }),
    };
  }

  know(action: Encoded): void {
    const { fields, families, token, type } = action;
    fields.forEach((field, f) => {
      this.#know(this.#counts, field, families[f]!);
    });
    if (fields.length > 1) this.#know(this.#counts, -token, -type);
    this.#know(this.#types, type, TYPES);
    this.#actions++;
  }

  *learn(accepted: readonly Encoded[]): Generator<number, void> {
    for (const action of accepted) this.know(action);
    yield 1;
  }

  save(): SavedDetector {
    return {
      'frequency.json': JSON.stringify({
        background: this.#background,
        actions: this.#actions,
        counts: this.#counts.save(),
        types: this.#types.save(),
        families: [...this.#families].map(([number, family]) => [number, ...family.save()]),
      }),
    };
  }

  #know(counts: Counts, thing: number, family: number): void {
    const before = counts.see(thing);
    let kin = this.#families.get(family);
    if (!kin) this.#families.set(family, (kin = new Family()));
    kin.see(before);
  }

  #window(window: Window): number {
    let sum = 0;
    for (const { field, weight } of window.held) {
      if (field > 0) sum += weight * this.#surprise(this.#count(field));
    }
    return sum;
  }

  /** Of each of its fields, of the action itself, and of its type; none stranger than it is rare among its like. */
  #alone({ fields, families, token, type }: Encoded): { action: number; amount: number } {
    let [action, amount] = [-Infinity, 0];
    const add = (surprise: number): void => {
      action = Math.max(action, surprise);
      amount += surprise;
    };
    for (let f = 0; f < fields.length; f++) add(this.#among(families[f]!, this.#count(fields[f]!)));
    if (fields.length > 1) add(this.#among(-type, this.#count(-token)));
    add(this.#among(TYPES, this.#types.of(type)));
    return { action, amount };
  }

  #among(family: number, count: number): number {
    const surprise = this.#surprise(count);
    if (surprise <= 0) return surprise;
    return Math.min(surprise, -Math.log((this.#families.get(family) ?? UNKNOWN).chance(count)));
  }

  #count(field: number): number {
    return this.#counts.of(field);
  }

  #surprise(count: number): number {
    if (count >= MOST_KEPT) return this.#surpriseOf(count);
    if (this.#keptOf !== this.#actions) {
      this.#kept.fill(NaN);
      this.#keptOf = this.#actions;
    }
    const kept = this.#kept[count]!;
    return Number.isNaN(kept) ? (this.#kept[count] = this.#surpriseOf(count)) : kept;
  }

  #surpriseOf(count: number): number {
    return -Math.log((this.#background * count + PRIOR) / (this.#actions + PRIOR));
  }
}

const count = whole(0, 1e12);
const seen = whole(0, MOST_COUNTED);
const inLists = object({ things: list(field), seen: list(seen) });
const inPairs = list(tuple(field, seen));
/** Models of earlier versions have a pair for each thing. */
const counts: Shape<SavedCounts | [number, number][]> = (value): value is SavedCounts | [number, number][] =>
  inLists(value) ? value.things.length === value.seen.length : inPairs(value);
const shape = object({
  background: finite,
  actions: count,
  counts,
  types: counts,
  families: list(tuple(field, list(count, COMMON), count)),
});

const listsOf = (saved: SavedCounts | [number, number][]): SavedCounts =>
  Array.isArray(saved) ? { things: saved.map(([thing]) => thing), seen: saved.map(([, times]) => times) } : saved;

export const frequency: DetectorKind = {
  name: 'frequency',
  needs: 100,
  folds: 5,
  cost: 1,
  *train(past) {
    demandActions('frequency', past, frequency.needs);
    const detector = new Frequency(BACKGROUND_PER_ACTION * past.length);
    yield* detector.learn(past);
    return detector;
  },
  load(saved) {
    const { background, actions, counts, types, families } = savedJson(saved, 'frequency.json', shape);
    if (background <= 0) throw new SyntaxError('frequency.json: the background must be more than 0');
    return new Frequency(background, {
      actions,
      counts: new Counts(listsOf(counts)),
      types: new Counts(listsOf(types)),
      families: new Map(families.map(([number, seen, sights]) => [number, new Family(seen, sights)])),
    });
  },
};
