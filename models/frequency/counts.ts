import { FieldRows } from '../bags/field-rows.ts';

/** Space for more when none is left. */
const GROWTH = 1.125;

/** More than that nobody does. */
export const MOST_COUNTED = 2 ** 32 - 1;

/** How often each thing was seen, in the order in which they were met. */
export class Counts {
  readonly #rows: FieldRows;
  /** By row. */
  #counts: Uint32Array;

  /** @param known counts to `MOST_COUNTED`; of a thing that stands there twice the last */
  constructor(known: Iterable<readonly [thing: number, count: number]> = []) {
    const counts = new Map(known);
    this.#rows = new FieldRows([...counts.keys()]);
    this.#counts = new Uint32Array([...counts.values()]);
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
  save(): [thing: number, count: number][] {
    return Array.from(this.#rows.all(), (thing, row) => [thing, this.#counts[row]!]);
  }
}
