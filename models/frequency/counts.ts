import { FieldRows } from '../bags/field-rows.ts';

/** Space for more when none is left. */
const GROWTH = 1.125;

/** More than that nobody does. */
export const MOST_COUNTED = 2 ** 32 - 1;

/** Things, each once, and how often each of them was seen, to `MOST_COUNTED`. */
export interface SavedCounts {
  readonly things: readonly number[];
  readonly seen: readonly number[];
}

/** How often each thing was seen, in the order in which they were met. */
export class Counts {
  readonly #rows: FieldRows;
  /** By row. */
  #counts: Uint32Array;

  /** @param saved of a thing that stands there twice the last counts */
  constructor({ things, seen }: SavedCounts = { things: [], seen: [] }) {
    this.#rows = FieldRows.of(things);
    this.#counts = new Uint32Array(this.#rows.size);
    for (let t = 0; t < things.length; t++) this.#counts[this.#rows.row(things[t]!)] = seen[t]!;
  }

  of(thing: number): number {
    const row = this.#rows.row(thing);
    return row < 0 ? 0 : this.#counts[row]!;
  }

  /** One more. @returns how often it was seen until now */
  see(thing: number): number {
    const row = this.#rows.add(thing);
    if (row >= this.#counts.length) {
      const grown = new Uint32Array(Math.ceil(GROWTH * (row + 8)));
      grown.set(this.#counts);
      this.#counts = grown;
    }
    return this.#counts[row]!++;
  }

  /** What the constructor takes. */
  save(): SavedCounts {
    return { things: [...this.#rows.all()], seen: [...this.#counts.subarray(0, this.#rows.size)] };
  }
}
