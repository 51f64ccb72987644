import type { Bag } from '../bags/bags.ts';
import type { Places } from './places.ts';

/** The products of each bag, in its rare fields, with all bags before it: through lists of who has a field. */
export class RareProducts {
  readonly #bags: readonly Bag[];
  readonly #places: Places;
  readonly #products: Float64Array;
  /** The list of a field is [start, end): the bags so far that have it, and its weight in each. */
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  readonly #who: Int32Array;
  readonly #weight: Float64Array;
  #next = 0;

  constructor(bags: readonly Bag[], places: Places) {
    this.#bags = bags;
    this.#places = places;
    this.#products = new Float64Array(bags.length);
    const { rare } = places;
    this.#start = new Int32Array(rare.length);
    for (let r = 1; r < rare.length; r++) this.#start[r] = this.#start[r - 1]! + rare[r - 1]!;
    this.#end = this.#start.slice();
    const entries = rare.reduce((sum, count) => sum + count, 0);
    this.#who = new Int32Array(entries);
    this.#weight = new Float64Array(entries);
  }

  /** Of the next bag: shape [bags]; only those before it have a meaning. Valid until the next call. */
  next(): Float64Array {
    const own = this.#next++;
    const [products, who, weight, ends] = [this.#products, this.#who, this.#weight, this.#end];
    const { weights } = this.#bags[own]!;
    const places = this.#places.ofBag[own]!;
    products.fill(0, 0, own);
    for (let f = 0; f < places.length; f++) {
      const rare = -places[f]! - 1;
      if (rare < 0) continue;
      const by = weights[f]!;
      const end = ends[rare]!;
      for (let p = this.#start[rare]!; p < end; p++) products[who[p]!]! += by * weight[p]!;
      who[end] = own;
      weight[end] = by;
      ends[rare] = end + 1;
    }
    return products;
  }
}
