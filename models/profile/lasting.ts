/** How much the window before this one counts, and within which z. */
const CARRIED = 0.8;
const [LEAST, MOST] = [-1, 4];

/**
 * A window's anomaly score and that of the window before it: two strange ones in a row are more than two by chance. Not
 * over a pause.
 */
export class Lasting {
  readonly #windowLength: number;
  /** z of the last windows, one for each action. */
  #last: number[] = [];

  constructor(windowLength: number) {
    this.#windowLength = windowLength;
  }

  /** @param since actions since the last pause, with the last one of the window */
  see(z: number, since: number): number {
    const before = since > this.#windowLength ? this.#last[0]! : 0;
    this.#last.push(z);
    this.#last.splice(0, this.#last.length - this.#windowLength);
    return z + CARRIED * Math.min(MOST, Math.max(LEAST, before));
  }
}
