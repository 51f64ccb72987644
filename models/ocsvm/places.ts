import type { Bag } from '../bags/bags.ts';

/** A field that at least this share of the bags have costs less in a dense product: as measured, within a third. */
const FREQUENT = 0.2;

/** Where the fields of the bags stand in their products. */
export interface Places {
  /** Of each bag and, in its order, each field: a dense column 0, 1, …, or −1, −2, … for the rare fields 0, 1, … */
  readonly ofBag: readonly Int32Array[];
  /** Dense columns. */
  readonly columns: number;
  /** How many bags have each rare field. */
  readonly rare: readonly number[];
}

/** Sets the fields that many bags have apart from the others. */
export function placesOf(bags: readonly Bag[]): Places {
  // Fields are numbers given in order, a vocabulary's or its negatives: a table of them all is small, and no map as fast.
  let [least, most] = [0, 0];
  for (const { fields } of bags) {
    for (const field of fields) {
      if (field < least) least = field;
      if (field > most) most = field;
    }
  }
  /** Of each field 1 + its place in `counts`; 0: not seen yet. */
  const numbers = new Int32Array(most - least + 1);
  const counts: number[] = [];
  const ofBag = bags.map(({ fields }) => {
    const own = new Int32Array(fields.length);
    for (let f = 0; f < own.length; f++) {
      const at = fields[f]! - least;
      if (numbers[at] === 0) numbers[at] = counts.push(0);
      const number = numbers[at]! - 1;
      counts[number]!++;
      own[f] = number;
    }
    return own;
  });
  let columns = 0;
  const rare: number[] = [];
  const places = Int32Array.from(counts, (count) => (count >= FREQUENT * bags.length ? columns++ : -rare.push(count)));
  for (const own of ofBag) for (let f = 0; f < own.length; f++) own[f] = places[own[f]!]!;
  return { ofBag, columns, rare };
}
