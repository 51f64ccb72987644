import type { Lookup } from './lookup.ts';
import type { Actions } from './past.ts';
import type { Head } from './shape.ts';
import { usualTuning } from '../tuning.ts';

/** Actions of a training sequence, and sequences of a batch where nobody set another number. */
export const SEQUENCE = 50;
export const BATCH = usualTuning.batch;

export const headNames = ['type', 'recency', 'port', 'token'] as const satisfies readonly Head['name'][];

/** A batch as numbers; each array has shape [SEQUENCE · batch]. Time is outermost: row t·batch + b is action t of sequence b. */
export interface Batch {
  /** Rows of the embeddings: the actions read. */
  readonly ids: Readonly<Record<'type' | 'recency' | 'token' | 'hour', Int32Array>>;
  /** Classes of the actions to foresee, −1 where a head says nothing. */
  readonly targets: Readonly<Record<Head['name'], Int32Array>>;
  /** Row of each head's biases. */
  readonly conditions: Readonly<Record<Head['name'], Int32Array>>;
}

/** Each action of a past as numbers, shapes [length]: as of `Batch`, a row as what is read and as what is foreseen. */
interface LookedUp {
  readonly ids: Batch['ids'];
  readonly targets: Batch['targets'];
  readonly conditions: Readonly<Record<'byType' | 'byTypeAndRecency', Int32Array>>;
}

/** Makes batches. What a past is to the network is looked up once: every step reads of the same. */
export class Batches {
  readonly #lookup: Lookup;
  readonly #known = new WeakMap<Actions, LookedUp>();

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  /**
   * The sequences that start at `starts`, shape [batch]; the action after each sequence is foreseen too.
   * @param past not changed between two calls
   */
  of(past: Actions, starts: readonly number[]): Batch {
    let known = this.#known.get(past);
    if (!known) this.#known.set(past, (known = this.#lookUp(past)));
    const { ids, targets, conditions } = known;
    const rows = SEQUENCE * starts.length;
    const read = Int32Array.from({ length: rows }, (_, row) => {
      return starts[row % starts.length]! + Math.floor(row / starts.length);
    });
    const pick = (of: Int32Array, shift: 0 | 1): Int32Array => {
      const picked = new Int32Array(rows);
      for (let row = 0; row < rows; row++) picked[row] = of[read[row]! + shift]!;
      return picked;
    };
    const byType = pick(conditions.byType, 1);
    return {
      ids: {
        type: pick(ids.type, 0),
        recency: pick(ids.recency, 0),
        token: pick(ids.token, 0),
        hour: pick(ids.hour, 0),
      },
      targets: {
        type: pick(targets.type, 1),
        recency: pick(targets.recency, 1),
        port: pick(targets.port, 1),
        token: pick(targets.token, 1),
      },
      conditions: {
        type: new Int32Array(rows),
        recency: byType,
        port: byType,
        token: pick(conditions.byTypeAndRecency, 1),
      },
    };
  }

  #lookUp(past: Actions): LookedUp {
    const array = (): Int32Array => new Int32Array(past.length);
    const ids = { type: array(), recency: array(), token: array(), hour: array() };
    const targets = { type: array(), recency: array(), port: array(), token: array() };
    const conditions = { byType: array(), byTypeAndRecency: array() };
    for (let at = 0; at < past.length; at++) {
      const action = past.at(at)!;
      const input = this.#lookup.input(action);
      ids.type[at] = input.type;
      ids.recency[at] = input.recency;
      ids.token[at] = input.token;
      ids.hour[at] = input.hour;
      const target = this.#lookup.target(action);
      for (const head of headNames) targets[head][at] = target[head];
      conditions.byType[at] = target.byType;
      conditions.byTypeAndRecency[at] = target.byTypeAndRecency;
    }
    return { ids, targets, conditions };
  }
}

/** Fills `mask` with 0, or with 1 / (1 − dropout) where a value is kept. */
export function fillMask(mask: Float32Array, dropout: number, next: () => number): void {
  if (dropout === 0) {
    mask.fill(1);
    return;
  }
  // Looked up, since nobody foresees which way a branch would go.
  const values = Float64Array.of(1 / (1 - dropout), 0);
  for (let i = 0; i < mask.length; i++) mask[i] = values[Number(next() < dropout)]!;
}
