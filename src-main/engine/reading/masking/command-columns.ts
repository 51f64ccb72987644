import type { ColumnKind } from '../../../../models/action.ts';

/** Columns that hold what was typed or started, or the arguments of it. */
const named = /(?:^|_)(?:verb|cmd|cmdline|command|commandline|command_line|argv|args|arguments)$/;
/** A query has few columns; a log of nonsense must not fill the memory. */
const MOST_REMEMBERED = 1000;

/** Which columns of a query hold commands: by the pack, and by their names. */
export class CommandColumns {
  readonly #kinds: Readonly<Record<string, ColumnKind>>;
  readonly #remembered = new Map<string, boolean>();

  constructor(kinds: Readonly<Record<string, ColumnKind>> = {}) {
    this.#kinds = kinds;
  }

  has(column: string): boolean {
    let is = this.#remembered.get(column);
    if (is === undefined) {
      is = named.test(column) || (Object.hasOwn(this.#kinds, column) && this.#kinds[column] === 'command');
      if (this.#remembered.size < MOST_REMEMBERED) this.#remembered.set(column, is);
    }
    return is;
  }
}
