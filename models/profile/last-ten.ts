import { LEAST_Z } from './calibration.ts';

/** Of this many of the last actions the third strangest tells what lasts. */
export const LASTING_OF = 10;

/** What the windows of the last actions say, since the last pause. */
export class LastTen {
  #windows: number[];

  constructor(windows: readonly number[] = []) {
    this.#windows = [...windows];
  }

  /** z of the last windows, one for each action. */
  get windows(): readonly number[] {
    return this.#windows;
  }

  /** @returns the third strangest of them; the least z where there are fewer */
  see(window: number): number {
    this.#windows.push(window);
    this.#windows.splice(0, this.#windows.length - LASTING_OF);
    let [first, second, third] = [LEAST_Z, LEAST_Z, LEAST_Z];
    for (const z of this.#windows) {
      if (z > first) [first, second, third] = [z, first, second];
      else if (z > second) [second, third] = [z, second];
      else if (z > third) third = z;
    }
    return third;
  }
}
