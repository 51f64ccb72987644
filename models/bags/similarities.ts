import type { Window } from '../window.ts';
import type { Bags } from './bags.ts';

/** Where each field stands in a list of bags, for products with all of them at once. */
export class BagIndex {
  readonly size: number;
  /** Field to the row of its postings. */
  readonly #rows = new Map<number, number>();
  /** Postings of row r lie from `#starts[r]` to `#starts[r + 1]`. */
  readonly #starts: Uint32Array;
  readonly #bags: Uint16Array;
  readonly #weights: Float32Array;

  /** @param bags at most 65,535 */
  constructor(bags: Bags) {
    this.size = bags.size;
    const counts: number[] = [];
    for (const field of bags.fields) {
      const row = this.#rows.get(field);
      if (row === undefined) {
        this.#rows.set(field, counts.length);
        counts.push(1);
      } else counts[row]!++;
    }
    this.#starts = new Uint32Array(counts.length + 1);
    counts.forEach((count, row) => (this.#starts[row + 1] = this.#starts[row]! + count));
    this.#bags = new Uint16Array(bags.fields.length);
    this.#weights = new Float32Array(bags.fields.length);
    const next = this.#starts.slice();
    for (let bag = 0; bag < bags.size; bag++) {
      for (let i = bags.starts[bag]!; i < bags.starts[bag + 1]!; i++) {
        const place = next[this.#rows.get(bags.fields[i]!)!]!++;
        this.#bags[place] = bag;
        this.#weights[place] = bags.weights[i]!;
      }
    }
  }

  /** `products[bag] += by · weight of field in bag`. */
  add(field: number, by: number, products: Float64Array): void {
    const row = this.#rows.get(field);
    if (row === undefined) return;
    const end = this.#starts[row + 1]!;
    for (let p = this.#starts[row]!; p < end; p++) products[this.#bags[p]!]! += by * this.#weights[p]!;
  }
}

/** Sums of products are kept by adding and taking away: after this many actions they are made again. */
const RENEW_AFTER = 1000;

/** The cosine of a moving window to every bag of an index, kept up to date by what each action changes. */
export class Similarities {
  readonly #index: BagIndex;
  readonly #products: Float64Array;
  #age = RENEW_AFTER;

  constructor(index: BagIndex) {
    this.#index = index;
    this.#products = new Float64Array(index.size);
  }

  /** @param cosines shape [bags]; written */
  see(window: Window, cosines: Float64Array): void {
    if (++this.#age >= RENEW_AFTER) {
      this.#products.fill(0);
      for (const [field, count] of window.counts) this.#index.add(field, Math.sqrt(count), this.#products);
      this.#age = 0;
    } else {
      for (const { field, before, after } of window.changes) {
        this.#index.add(field, Math.sqrt(after) - Math.sqrt(before), this.#products);
      }
    }
    // A window may hold nothing to be told by: it is like no bag.
    const scale = window.total > 0 ? 1 / Math.sqrt(window.total) : 0;
    for (let bag = 0; bag < cosines.length; bag++) cosines[bag] = this.#products[bag]! * scale;
  }
}
