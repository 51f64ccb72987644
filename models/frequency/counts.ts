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
  constructor(known: readonly (readonly [thing: number, count: number])[] = []) {
    const things = new Int32Array(known.length);
    for (let k = 0; k < things.length; k++) things[k] = known[k]![0];
    this.#rows = FieldRows.of(things);
    this.#counts = new Uint32Array(this.#rows.size);
    for (let k = 0; k < things.length; k++) this.#counts[this.#rows.row(things[k]!)] = known[k]![1];
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
