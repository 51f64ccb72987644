import { FieldRows } from './field-rows.ts';

/** How far apart the least and the most may be, for a table with a place for each that is between them. */
const WIDEST = 2 ** 16;

/** Numbers numbered in the order in which they come. */
export interface Numbered {
  /** Of each its number: 0, 1, … Shape [length]. */
  readonly numbers: Uint32Array;
  /** Each once, by its number. */
  readonly different: Int32Array;
}

/** Fields are numbers given in order, a vocabulary's or its negatives: a table of them all is small, and no map as fast. */
export function numbered(all: Int32Array): Numbered {
  let [least, most] = [0, 0];
  for (let i = 0; i < all.length && most - least < WIDEST; i++) {
    const one = all[i]!;
    if (one < least) least = one;
    else if (one > most) most = one;
  }
  return most - least < WIDEST ? byTable(all, least, most) : byRows(all);
}

function byTable(all: Int32Array, least: number, most: number): Numbered {
  /** 1 + its number; 0: not seen yet. */
  const table = new Uint32Array(most - least + 1);
  const [numbers, different] = [new Uint32Array(all.length), new Int32Array(Math.min(all.length, table.length))];
  let count = 0;
  for (let i = 0; i < all.length; i++) {
    const one = all[i]!;
    const place = one - least;
    if (table[place] === 0) {
      different[count++] = one;
      table[place] = count;
    }
    numbers[i] = table[place]! - 1;
  }
  return { numbers, different: different.slice(0, count) };
}

function byRows(all: Int32Array): Numbered {
  const rows = new FieldRows();
  const numbers = new Uint32Array(all.length);
  let [last, row] = [0, -1];
  for (let i = 0; i < all.length; i++) {
    const one = all[i]!;
    // The same stands there again and again, as a zero does.
    if (one !== last || row < 0) row = rows.add(one);
    last = one;
    numbers[i] = row;
  }
  return { numbers, different: rows.all().slice() };
}
