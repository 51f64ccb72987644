import { pack, unpack } from '../packed.ts';
import { mustBeFinite } from '../saved.ts';
import type { Encoded } from '../features/encode.ts';
import { fieldsOf } from '../window.ts';

/** Above all numbers of vocabularies: tables may be as long as the largest field. */
const LARGEST_FIELD = 2 ** 20;

/** A window as a direction: the square roots of its field counts, scaled to length 1. */
export interface Bag {
  readonly fields: Int32Array;
  readonly weights: Float32Array;
}

/** Contiguous windows every `stride` actions: what "normal windows" are made of. */
export function windowsOf(actions: readonly Encoded[], length: number, stride: number): Encoded[][] {
  const windows: Encoded[][] = [];
  for (let start = 0; start + length <= actions.length; start += stride) {
    windows.push(actions.slice(start, start + length));
  }
  return windows;
}

/** `√count`, L2-normalised; the squares of the roots sum to the number of all fields. Ascending fields. */
export function bagOf(actions: readonly Encoded[]): Bag {
  const counts = new Map<number, number>();
  let total = 0;
  for (const action of actions) {
    for (const field of fieldsOf(action)) {
      counts.set(field, (counts.get(field) ?? 0) + 1);
      total++;
    }
  }
  const fields = Int32Array.from(counts.keys()).sort();
  return { fields, weights: Float32Array.from(fields, (field) => Math.sqrt(counts.get(field)! / total)) };
}

/** Bags one after the other in three arrays: hundreds of them are kept for each user. Never changed, only replaced. */
export class Bags {
  /** Bag b lies from `starts[b]` to `starts[b + 1]`. Shape [size + 1]. */
  readonly starts: Uint32Array;
  readonly fields: Int32Array;
  readonly weights: Float32Array;

  constructor(starts: Uint32Array, fields: Int32Array, weights: Float32Array) {
    this.starts = starts;
    this.fields = fields;
    this.weights = weights;
  }

  static of(bags: readonly Bag[]): Bags {
    const starts = new Uint32Array(bags.length + 1);
    bags.forEach(({ fields }, b) => (starts[b + 1] = starts[b]! + fields.length));
    const all = new Bags(starts, new Int32Array(starts.at(-1)!), new Float32Array(starts.at(-1)!));
    bags.forEach(({ fields, weights }, b) => {
      all.fields.set(fields, starts[b]);
      all.weights.set(weights, starts[b]);
    });
    return all;
  }

  get size(): number {
    return this.starts.length - 1;
  }

  /** A view, not a copy. */
  at(bag: number): Bag {
    const [from, to] = [this.starts[bag], this.starts[bag + 1]];
    return { fields: this.fields.subarray(from, to), weights: this.weights.subarray(from, to) };
  }

  /** These and then `later`, of all of them the last `most`. */
  with(later: Bags, most: number): Bags {
    const both = [this, later].flatMap((bags) => Array.from({ length: bags.size }, (_, b) => bags.at(b)));
    return Bags.of(both.slice(-most));
  }

  save(): Uint8Array {
    return pack([this.starts, this.fields, this.weights]);
  }

  /** @throws SyntaxError when the bytes are not what `save` gave */
  static load(bytes: Uint8Array, file: string): Bags {
    const [starts, fields, weights] = unpack(bytes, [Uint32Array, Int32Array, Float32Array], file);
    const ascending = starts.every((start, b) => (b === 0 ? start === 0 : start >= starts[b - 1]!));
    if (!ascending || starts.at(-1) !== fields.length || fields.length !== weights.length)
      throw new SyntaxError(`${file}: its parts do not fit together`);
    mustBeFinite(file, weights);
    for (let i = 0; i < fields.length; i++)
      if (Math.abs(fields[i]!) > LARGEST_FIELD) throw new SyntaxError(`${file}: it has fields that no vocabulary has`);
    return new Bags(starts, fields, weights);
  }
}
