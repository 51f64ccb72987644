import type { Encoded } from '../features/encode.ts';
import { fieldsOf, type Window } from '../window.ts';

/** A window as a direction: the square roots of its field counts, scaled to length 1. */
export interface Bag {
  readonly fields: readonly number[];
  readonly weights: readonly number[];
}

/** `√count`, L2-normalised; the squares of the roots sum to the number of all fields. */
export function bagOf(actions: readonly Encoded[]): Bag {
  const counts = new Map<number, number>();
  let total = 0;
  for (const action of actions) {
    for (const field of fieldsOf(action)) {
      counts.set(field, (counts.get(field) ?? 0) + 1);
      total++;
    }
  }
  return { fields: [...counts.keys()], weights: [...counts.values()].map((count) => Math.sqrt(count / total)) };
}

/** Contiguous windows every `stride` actions: what "normal windows" are made of. */
export function windowsOf(actions: readonly Encoded[], length: number, stride: number): Encoded[][] {
  const windows: Encoded[][] = [];
  for (let start = 0; start + length <= actions.length; start += stride) {
    windows.push(actions.slice(start, start + length));
  }
  return windows;
}

/** Where each field stands in a list of bags, for products with all of them at once. */
export class BagIndex {
  readonly size: number;
  readonly #postings = new Map<number, { bags: number[]; weights: number[] }>();

  constructor(bags: readonly Bag[]) {
    this.size = bags.length;
    bags.forEach(({ fields, weights }, bag) => {
      fields.forEach((field, i) => {
        let postings = this.#postings.get(field);
        if (!postings) this.#postings.set(field, (postings = { bags: [], weights: [] }));
        postings.bags.push(bag);
        postings.weights.push(weights[i]!);
      });
    });
  }

  /** `products[bag] += by · weight of field in bag`. */
  add(field: number, by: number, products: Float64Array): void {
    const postings = this.#postings.get(field);
    if (!postings) return;
    const { bags, weights } = postings;
    for (let p = 0; p < bags.length; p++) products[bags[p]!]! += by * weights[p]!;
  }
}

/** Sums of products are kept by adding and taking away: after so many actions they are made anew. */
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

  /** @returns shape [bags]; valid until the next call */
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
    const scale = 1 / Math.sqrt(window.total);
    for (let bag = 0; bag < cosines.length; bag++) cosines[bag] = this.#products[bag]! * scale;
  }
}
