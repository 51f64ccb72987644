import type { ColumnKind } from '../action.ts';

/** Values that are kept of all columns together, and how long they are at most. Most of what a user does repeats. */
const [MOST, LONGEST] = [256, 80];

/** What a column's value says. */
export interface ReadValue {
  /** Its part of the action's name; empty where the value says nothing. */
  readonly name: string;
  /** Numbers of the value itself and of the wider values, and of their families. */
  readonly fields: readonly number[];
  readonly families: readonly number[];
  /** Index into `portClasses`; −1 where it is no port. */
  readonly port: number;
  /** It says the same in any action: none of its numbers stood in this one already. */
  readonly isWhole: boolean;
}

/** A column of a query's rows. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** How the family of its values begins. */
  readonly family: string;
  /** By the value. */
  readonly kept: Map<string, ReadValue>;
}

/** Keeps values as they were read when they came last, a bounded number of them. */
export class KeptValues {
  /** Columns that have some. */
  readonly #columns = new Set<Column>();
  #count = 0;

  keep(column: Column, told: string, read: ReadValue): void {
    if (told.length > LONGEST || !read.isWhole) return;
    if (this.#count >= MOST) {
      for (const one of this.#columns) one.kept.clear();
      this.#columns.clear();
      this.#count = 0;
    }
    column.kept.set(told, read);
    this.#columns.add(column);
    this.#count++;
  }
}
