/** Windows' worth of actions over which somebody who stays is looked at. */
export const STAY = 4;

/**
 * How strange a user's work was over a stay: the window that is over now, and the mean of all windows of the last `STAY` windows'
 * worth of actions. Many windows that are each a little strange are more than one that is.
 */
export class Stay {
  readonly #most: number;
  #stretches: number[] = [];
  #sum = 0;

  constructor(windowLength: number) {
    this.#most = STAY * windowLength;
  }

  /** @param window what counts of it @param stretch z of the window by itself; 0 where nothing can be said */
  see(window: number, stretch: number): number {
    this.#stretches.push(stretch);
    this.#sum += stretch;
    if (this.#stretches.length > this.#most) this.#sum -= this.#stretches.shift()!;
    return window + this.#sum / this.#stretches.length;
  }
}
