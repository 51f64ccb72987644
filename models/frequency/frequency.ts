import { demandActions, type Detector, type DetectorKind, type SavedDetector, type Watch } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { field, finite, list, object, savedJson, tuple, whole } from '../saved.ts';
import { fieldsOf, type Window } from '../window.ts';

/**
 * A field that says nothing about a user is as likely as one of so many equally likely ones, for each action that was
 * there to learn from: what was seen ten times then is neither familiar nor strange.
 */
const BACKGROUND_PER_ACTION = 0.1;
/** Actions that the background counts for in the user's own probability. */
const PRIOR = 50;

/**
 * How much better a background of equally likely fields explains the window than the user's own habits do:
 * `Σ −ln(B·(n_v + 50/B)/(N + 50))` over the window's distinct fields v, where n_v is how often the user showed
 * v, N how many actions were learned, and B a tenth of those of the first training. Each weighs by its query's importance. Distinct, because habits come in bursts: a field's tenth sight proves little.
 */
class Frequency implements Detector {
  readonly #background: number;
  readonly #counts: Map<number, number>;
  #actions: number;

  constructor(background: number, counts = new Map<number, number>(), actions = 0) {
    this.#background = background;
    this.#counts = counts;
    this.#actions = actions;
  }

  watch(): Watch {
    return {
      see: (window) => {
        const surprises = this.#surprises(window.latest);
        const amount = surprises.reduce((sum, surprise) => sum + surprise, 0);
        return { window: this.#window(window), action: Math.max(...surprises), amount };
      },
      explain: (window) => ({
        reasons: [...window.counts.keys()]
          .filter((field) => field > 0)
          .map((field) => ({ field, aspect: 'rare', amount: window.weight(field) * this.#surprise(field) })),
      }),
    };
  }

  know(action: Encoded): void {
    for (const field of fieldsOf(action)) this.#counts.set(field, (this.#counts.get(field) ?? 0) + 1);
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
        counts: [...this.#counts],
      }),
    };
  }

  #window(window: Window): number {
    let sum = 0;
    for (const field of window.counts.keys()) if (field > 0) sum += window.weight(field) * this.#surprise(field);
    return sum;
  }

  /** Of each of its fields, and of the action itself. */
  #surprises({ fields, token }: Encoded): number[] {
    return [...fields, -token].map((field) => this.#surprise(field));
  }

  #surprise(field: number): number {
    const seen = this.#counts.get(field) ?? 0;
    return -Math.log((this.#background * seen + PRIOR) / (this.#actions + PRIOR));
  }
}

const count = whole(0, 1e12);
const shape = object({ background: finite, actions: count, counts: list(tuple(field, count)) });

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
    const { background, actions, counts } = savedJson(saved, 'frequency.json', shape);
    if (background <= 0) throw new SyntaxError('frequency.json: the background must be more than 0');
    return new Frequency(background, new Map(counts), actions);
  },
};
