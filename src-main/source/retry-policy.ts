import { isExhausted, isPassing } from './states.ts';

const RETRY_FOR_MS = 60_000;

interface Failing {
  /** Milliseconds of `performance.now()`. */
  readonly since: number;
  readonly last: number;
  /** Once passed over a file is not waited for again. */
  readonly isOver: boolean;
}

/**
 * Which failures of a file are waited for. A want of descriptors or memory, as long as it takes: it says nothing about
 * the file. A disk that does not give it, for a while: what is written now is worth more. Anything else not at all.
 */
export class RetryPolicy {
  readonly #ms: number;
  readonly #failing = new Map<string, Failing>();

  constructor(ms = RETRY_FOR_MS) {
    this.#ms = ms;
  }

  /** @throws what failed, where another attempt may do better */
  orThrow(error: unknown, key: string): void {
    if (isExhausted(error)) throw error;
    if (!isPassing(error)) return;
    const now = performance.now();
    const known = this.#failing.get(key);
    // One that comes long after the last is another failure, not the same that goes on.
    const goesOn = known !== undefined && (known.isOver || now - known.last < this.#ms);
    const since = goesOn ? known.since : now;
    const isOver = goesOn && (known.isOver || now - since >= this.#ms);
    this.#failing.set(key, { since, last: now, isOver });
    if (!isOver) throw error;
  }
}
