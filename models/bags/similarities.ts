import type { Window } from '../window.ts';
import { Bags } from './bags.ts';
import { FieldRows } from './field-rows.ts';
import { numbered } from './numbered.ts';

/**
 * A field that this share of the bags have has a weight for each of them: to go through all in their order is quicker than to
 * look up which they are. Adding 0 for the others changes no bit.
 */
const FREQUENT = 1 / 3;

/** By how much the count of a field, or its root, is more. */
interface Change {
  readonly field: number;
  readonly by: number;
}

/** Where each field stands in a list of bags, for products with all of them at once. */
export class BagIndex {
  readonly size: number;
  /** The rows of the fields' postings: first those of frequent fields. */
  readonly #rows: FieldRows;
  /** Weights of frequent fields, shape [#frequent, size]. */
  readonly #dense: Float32Array;
  readonly #frequent: number;
  /** Postings of row r lie from `#starts[r]` to `#starts[r + 1]`; a frequent one has none. */
  readonly #starts: Uint32Array;
  readonly #bags: Uint16Array;
  readonly #weights: Float32Array;

  /** @param bags at most 65,535 */
  constructor(bags: Bags) {
    this.size = bags.size;
    // By hand: a loaded user's index is made of tens of thousands, and what calls a function for each takes several times as long.
    const { numbers, different } = numbered(bags.fields);
    const counts = new Uint32Array(different.length);
    for (let i = 0; i < numbers.length; i++) counts[numbers[i]!]!++;
    const least = FREQUENT * bags.size;
    const rows = new Uint32Array(counts.length);
    let row = 0;
    for (let n = 0; n < counts.length; n++) if (counts[n]! >= least) rows[n] = row++;
    this.#frequent = row;
    this.#starts = new Uint32Array(counts.length + 1);
    for (let n = 0; n < counts.length; n++) {
      if (counts[n]! >= least) continue;
      this.#starts[row + 1] = this.#starts[row]! + counts[n]!;
      rows[n] = row++;
    }
    const fields = new Int32Array(counts.length);
    for (let n = 0; n < counts.length; n++) fields[rows[n]!] = different[n]!;
    this.#rows = new FieldRows(fields);
    this.#dense = new Float32Array(this.#frequent * bags.size);
    this.#bags = new Uint16Array(this.#starts[counts.length]!);
    this.#weights = new Float32Array(this.#starts[counts.length]!);
    this.#fill(bags, numbers, rows);
  }

  /** `products[bag] += by · weight of field in bag`, for one change after the other. @param products shape [size] */
  add(changes: Iterable<Change>, products: Float64Array): void {
    // A frequent field waits for the next change: two of them are added in one pass.
    let [waiting, waitingBy] = [-1, 0];
    for (const { field, by } of changes) {
      const row = this.#rows.row(field);
      if (row < 0) continue;
      if (row >= this.#frequent) {
        if (waiting >= 0) this.#addOne(waiting, waitingBy, products);
        waiting = -1;
        this.#addRare(row, by, products);
      } else if (waiting < 0) [waiting, waitingBy] = [row, by];
      else {
        this.#addTwo(waiting, waitingBy, row, by, products);
        waiting = -1;
      }
    }
    if (waiting >= 0) this.#addOne(waiting, waitingBy, products);
  }

  /** Of a field in one bag; 0 where it is not in it. */
  weight(field: number, bag: number): number {
    const row = this.#rows.row(field);
    if (row < 0) return 0;
    if (row < this.#frequent) return this.#dense[row * this.size + bag]!;
    const place = this.#bags.subarray(this.#starts[row], this.#starts[row + 1]).indexOf(bag);
    return place < 0 ? 0 : this.#weights[this.#starts[row]! + place]!;
  }

  /** The bags that it was made of, to the bit, where their fields ascend and no weight is 0: they need not be kept beside it. */
  bags(): Bags {
    const fields = this.#rows.all();
    const rows = [...fields.keys()].sort((a, b) => fields[a]! - fields[b]!);
    const starts = new Uint32Array(this.size + 1);
    for (const row of rows) this.#eachOf(row, (bag) => starts[bag + 1]!++);
    for (let bag = 0; bag < this.size; bag++) starts[bag + 1]! += starts[bag]!;
    const [count, next] = [starts[this.size]!, starts.slice()];
    const bags = new Bags(starts, new Int32Array(count), new Float32Array(count));
    for (const row of rows) {
      this.#eachOf(row, (bag, weight) => {
        const place = next[bag]!++;
        bags.fields[place] = fields[row]!;
        bags.weights[place] = weight;
      });
    }
    return bags;
  }

  #eachOf(row: number, see: (bag: number, weight: number) => void): void {
    if (row >= this.#frequent) {
      for (let p = this.#starts[row]!; p < this.#starts[row + 1]!; p++) see(this.#bags[p]!, this.#weights[p]!);
      return;
    }
    this.#dense.subarray(row * this.size, (row + 1) * this.size).forEach((weight, bag) => {
      if (weight !== 0) see(bag, weight);
    });
  }

  #addRare(row: number, by: number, products: Float64Array): void {
    const end = this.#starts[row + 1]!;
    for (let p = this.#starts[row]!; p < end; p++) products[this.#bags[p]!]! += by * this.#weights[p]!;
  }

  #addOne(row: number, by: number, products: Float64Array): void {
    const [dense, at] = [this.#dense, row * this.size];
    for (let bag = 0; bag < products.length; bag++) products[bag]! += by * dense[at + bag]!;
  }

  /** One after the other at each bag, so that the sums are the same to the bit. */
  #addTwo(row: number, by: number, other: number, byOther: number, products: Float64Array): void {
    const [dense, at, then] = [this.#dense, row * this.size, other * this.size];
    for (let bag = 0; bag < products.length; bag++) {
      products[bag] = products[bag]! + by * dense[at + bag]! + byOther * dense[then + bag]!;
    }
  }

  /** @param numbers of the bags' fields @param rows by those */
  #fill({ starts, weights, size }: Bags, numbers: Uint32Array, rows: Uint32Array): void {
    const [frequent, dense, rareBags, rareWeights] = [this.#frequent, this.#dense, this.#bags, this.#weights];
    const next = this.#starts.slice();
    for (let bag = 0; bag < size; bag++) {
      const end = starts[bag + 1]!;
      for (let i = starts[bag]!; i < end; i++) {
        const row = rows[numbers[i]!]!;
        if (row < frequent) {
          dense[row * size + bag] = weights[i]!;
          continue;
        }
        const place = next[row]!++;
        rareBags[place] = bag;
        rareWeights[place] = weights[i]!;
      }
    }
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
      const all = Array.from(window.held, ({ field, count }) => ({ field, by: Math.sqrt(count) }));
      this.#index.add(all, this.#products);
      this.#age = 0;
    } else {
      const changes = window.changes.map(({ field, before, after }) => ({
        field,
        by: Math.sqrt(after) - Math.sqrt(before),
      }));
      this.#index.add(changes, this.#products);
    }
    // A window may hold nothing to be told by: it is like no bag.
    const scale = window.total > 0 ? 1 / Math.sqrt(window.total) : 0;
    const products = this.#products;
    for (let bag = 0; bag < products.length; bag++) cosines[bag] = products[bag]! * scale;
  }
}
