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

/** The sequences that start at `starts`, shape [batch]; the action after each sequence is foreseen too. */
export function batchOf(lookup: Lookup, past: Actions, starts: readonly number[]): Batch {
  const batch = starts.length;
  const array = (): Int32Array => new Int32Array(SEQUENCE * batch);
  const [byType, byTypeAndRecency] = [array(), array()];
  const ids = { type: array(), recency: array(), token: array(), hour: array() };
  const targets = { type: array(), recency: array(), port: array(), token: array() };
  for (let t = 0; t < SEQUENCE; t++) {
    for (let b = 0; b < batch; b++) {
      const row = t * batch + b;
      const at = starts[b]! + t;
      const input = lookup.input(past.at(at)!);
      ids.type[row] = input.type;
      ids.recency[row] = input.recency;
      ids.token[row] = input.token;
      ids.hour[row] = input.hour;
      const target = lookup.target(past.at(at + 1)!);
      for (const head of headNames) targets[head][row] = target[head];
      byType[row] = target.byType;
      byTypeAndRecency[row] = target.byTypeAndRecency;
    }
  }
  return { ids, targets, conditions: { type: array(), recency: byType, port: byType, token: byTypeAndRecency } };
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
