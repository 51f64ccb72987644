import type { Bag } from '../neighbours/references.ts';

/** A field that at least this share of the bags have costs less in a dense product: as measured, within a third. */
const FREQUENT = 0.2;

/** Numbers the fields, those that many bags have apart from the others. */
export function fieldsByFrequency(bags: readonly Bag[]): {
  readonly frequent: ReadonlyMap<number, number>;
  /** Each rare field's number, and how many bags have it by that number. */
  readonly rare: { readonly numbers: ReadonlyMap<number, number>; readonly counts: readonly number[] };
} {
  const counted = new Map<number, number>();
  for (const { fields } of bags) for (const field of fields) counted.set(field, (counted.get(field) ?? 0) + 1);
  const frequent = new Map<number, number>();
  const numbers = new Map<number, number>();
  const counts: number[] = [];
  for (const [field, count] of counted) {
    if (count >= FREQUENT * bags.length) frequent.set(field, frequent.size);
    else numbers.set(field, counts.push(count) - 1);
  }
  return { frequent, rare: { numbers, counts } };
}

/** The products of each bag, in its rare fields, with all bags before it: through lists of who has a field. */
export class RareProducts {
  readonly #bags: readonly Bag[];
  readonly #numbers: ReadonlyMap<number, number>;
  readonly #products: Float64Array;
  /** The list of a field is [start, end): the bags so far that have it, and its weight in each. */
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  readonly #who: Int32Array;
  readonly #weight: Float64Array;
  #next = 0;

  constructor(bags: readonly Bag[], { numbers, counts }: ReturnType<typeof fieldsByFrequency>['rare']) {
    this.#bags = bags;
    this.#numbers = numbers;
    this.#products = new Float64Array(bags.length);
    this.#start = new Int32Array(counts.length);
    for (let p = 1; p < counts.length; p++) this.#start[p] = this.#start[p - 1]! + counts[p - 1]!;
    this.#end = this.#start.slice();
    const entries = counts.reduce((sum, count) => sum + count, 0);
    this.#who = new Int32Array(entries);
    this.#weight = new Float64Array(entries);
  }

  /** Of the next bag: shape [bags]; only those before it have a meaning. Valid until the next call. */
  next(): Float64Array {
    const own = this.#next++;
    const [products, who, weight, ends] = [this.#products, this.#who, this.#weight, this.#end];
    const { fields, weights } = this.#bags[own]!;
    products.fill(0, 0, own);
    for (let f = 0; f < fields.length; f++) {
      const number = this.#numbers.get(fields[f]!);
      if (number === undefined) continue;
      const by = weights[f]!;
      const end = ends[number]!;
      for (let p = this.#start[number]!; p < end; p++) products[who[p]!]! += by * weight[p]!;
      who[end] = own;
      weight[end] = by;
      ends[number] = end + 1;
    }
    return products;
  }
}
