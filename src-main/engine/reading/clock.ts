/** Clocks differ, and lines are read a moment after they are written. Seconds. */
const TOLERANCE = 600;

/**
 * Tells a log's own time from a time of the future, which would make everything look fresh and every incident old. What claims
 * such a time happened when the line before it did. A log that begins in the future has another clock, and nothing is known of it.
 */
export class LogClock {
  readonly #now: () => number;
  #last: number | undefined;
  #latest = Infinity;

  /** @param now Unix seconds; @param last what `save` gave; what is something else is forgotten */
  constructor(now: () => number, last?: unknown) {
    this.#now = now;
    this.#last = typeof last === 'number' && Number.isFinite(last) ? last : undefined;
    this.look();
  }

  /** Looks at the time: once a batch of lines is enough. */
  look(): void {
    this.#latest = this.#now() + TOLERANCE;
  }

  /** The time at which something is taken to have happened. */
  of(time: number): number {
    if (time <= this.#latest) {
      if (this.#last === undefined || time > this.#last) this.#last = time;
      return time;
    }
    return this.#last ?? time;
  }

  save(): number | null {
    return this.#last ?? null;
  }
}
