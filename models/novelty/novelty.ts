import { FieldRows } from '../bags/field-rows.ts';
import { demandActions, type Detector, type DetectorKind, type SavedDetector, type Watch } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { field, list, savedJson } from '../saved.ts';
import { fieldsOf, type Window } from '../window.ts';

/**
 * `√n` of the n (each weighed by its query's importance) distinct fields in the window that the user never showed before. The root, because new things come
 * in groups: a new program brings its files, its sockets and its parent.
 */
class Novelty implements Detector {
  readonly #known: FieldRows;

  constructor(known = new FieldRows()) {
    this.#known = known;
  }

  watch(): Watch {
    return {
      see: (window) => {
        const latest = window.latest;
        const isNew = latest.added && fieldsOf(latest).some((field) => this.#known.row(field) < 0);
        return { window: this.#count(window), action: isNew ? 1 : 0 };
      },
      explain: (window) => ({
        reasons: [...window.held]
          .filter(({ field }) => this.#known.row(field) < 0)
          .map(({ field, weight }) => ({ field, aspect: 'new', amount: weight })),
      }),
    };
  }

  know(action: Encoded): void {
    for (const field of fieldsOf(action)) this.#known.add(field);
  }

  *learn(accepted: readonly Encoded[]): Generator<number, void> {
    for (const action of accepted) this.know(action);
    yield 1;
  }

  save(): SavedDetector {
    return { 'novelty.json': JSON.stringify([...this.#known.all()]) };
  }

  #count(window: Window): number {
    let unseen = 0;
    for (const { field, weight } of window.held) if (this.#known.row(field) < 0) unseen += weight;
    return Math.sqrt(unseen);
  }
}

export const novelty: DetectorKind = {
  name: 'novelty',
  needs: 100,
  folds: 5,
  cost: 1,
  *train(past) {
    demandActions('novelty', past, novelty.needs);
    const detector = new Novelty();
    yield* detector.learn(past);
    return detector;
  },
  load: (saved) => new Novelty(FieldRows.of(savedJson(saved, 'novelty.json', list(field)))),
};
