/**
 * Actions after which an action counts half in what says whether an alarm goes on: so few that the last one says most. A
 * stranger has left with their last action (docs/decisions/windows.md).
 */
export const LATEST = 0.7;
/** … and in what finds a burst: a handful of strange actions, which a window of mostly the user's own would drown. */
export const BURST = 4;
/** … and windows in what tells that somebody stays (docs/decisions/stay.md). */
export const STAY = 100;

/** How strange a user's latest actions are: a mean that forgets within a few of them. */
export class Latest {
  readonly #kept: number;
  #mean: number;

  /** @param halfLife in actions @param mean to go on from */
  constructor(halfLife: number, mean = 0) {
    this.#kept = 0.5 ** (1 / halfLife);
    this.#mean = mean;
  }

  get mean(): number {
    return this.#mean;
  }

  see(z: number): number {
    this.#mean = this.#kept * this.#mean + (1 - this.#kept) * z;
    return this.#mean;
  }
}
