import type { Action } from '../action.ts';

/** Columns of a row that become numbers: those of the pack of 2017 had no more. */
const COLUMNS = 3;
/** Numbers of a row: its query, added or removed, and the columns'. */
export const WIDTH = COLUMNS + 2;

/**
 * Rows as the original gave them to its models: each text is the number under which it was first met, in a dictionary
 * of its own for each place. What is new in the test gets the next number.
 */
export class IdVectors {
  readonly #ids = Array.from({ length: WIDTH }, () => new Map<string, number>());

  /** @returns shape [5]; 0 where the row has no such column */
  of({ query, change, columns }: Action): number[] {
    const texts = [query, change, ...Object.values(columns).slice(0, COLUMNS)];
    return this.#ids.map((ids, place) => {
      const text = texts[place];
      if (text === undefined) return 0;
      let id = ids.get(text);
      if (id === undefined) {
        id = ids.size + 1;
        ids.set(text, id);
      }
      return id;
    });
  }
}

/** Means of the last `length` values that end with each: single actions tell too little, of any method. */
export function windowMeans(values: readonly number[], length: number): number[] {
  let sum = 0;
  return values.map((value, v) => {
    sum += value - (values[v - length] ?? 0);
    return sum / Math.min(length, v + 1);
  });
}
