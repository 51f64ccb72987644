import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import type { Shape } from '../../../models/saved.ts';
import type { Ending } from './ownership.ts';
import { asStoreError, isCorruption, isSuspicious, StoreBroken, StoreFull } from './problem.ts';
import { whyUnsound } from './soundness.ts';

type Parameters = SQLInputValue[] | [Record<string, SQLInputValue>];

/** A statement that was compiled once and tells failures of the disk by their names. */
interface Statement<Row> {
  all(...parameters: Parameters): Row[];
  get(...parameters: Parameters): Row | undefined;
  /** @returns the id of the row inserted last on this connection, and how many rows were changed */
  run(...parameters: Parameters): { readonly id: number; readonly changes: number };
}

/** What the modules of the store work on. */
export interface Connection {
  readonly path: string;
  /** Compiles a statement that gives no rows. */
  prepare(text: string): Pick<Statement<never>, 'run'>;
  /**
   * Compiles a statement that gives rows of this shape.
   * @throws StoreBroken, when it is asked, for a row of another: a table keeps its types, unless it is damaged
   */
  read<Row>(shape: Shape<Row>, text: string): Pick<Statement<Row>, 'all' | 'get'>;
  /** Runs statements that give nothing back. */
  execute(text: string): void;
  transaction<T>(write: () => T): T;
  /** @throws Error outside of a transaction: a write there would be a commit, and a sync of the disk, of its own */
  mustBeInTransaction(): void;
  /** Forgets what was remembered about rows that a rollback, or `forget`, took away. */
  onRollback(forget: () => void): void;
  /** To be called by what deletes rows that others may remember. */
  forget(): void;
  /** Does the work so that what it deletes is gone from the files too, not only from the tables. */
  overwriting<T>(work: () => T): T;
  /** What the store wrote as JSON. @throws StoreBroken when it is none any more */
  json(text: string): unknown;
  /**
   * The same, of the shape in which it was written.
   * @param what names the text, for the message
   * @throws StoreBroken when it is no JSON any more, or of another shape
   */
  jsonOf<T>(text: string, shape: Shape<T>, what: string): T;
  /** The error of a row that cannot have been written so. */
  damaged(what: string): StoreBroken;
  /** Whether the database is to be looked at as a whole at the next start, or is known to be damaged. */
  ending(): Ending;
}

/** @param wasSuspect whether a statement failed in an earlier run as none does on a healthy database */
export function connect(db: DatabaseSync, path: string, wasSuspect = false): Connection {
  const rollbackListeners: (() => void)[] = [];
  let ending: Ending = 'clean';
  let isSuspect = wasSuspect;

  function named<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const storeError = db.isTransaction ? asStoreError(error, path) : examined(asStoreError(error, path));
      if (storeError instanceof StoreBroken) {
        if (storeError.reason === 'corrupt') ending = 'damaged';
        else if (storeError.reason === 'input-output' && ending === 'clean') ending = 'unclean';
      }
      throw storeError;
    }
  }

  /** What no healthy database answers is damage where a look finds any, or where it comes a second time; else it may be a bug. */
  function examined(error: unknown): unknown {
    if (!isSuspicious(error) || ending === 'damaged') return error;
    const why = whatIsWrong();
    if (why === undefined && !isSuspect) {
      isSuspect = true;
      ending = 'suspect';
      return error;
    }
    return damaged(why ?? `it failed twice as no sound one does: ${(error as Error).message}`, error);
  }

  function whatIsWrong(): string | undefined {
    try {
      return whyUnsound(db);
    } catch (error) {
      if (isCorruption(error)) return 'it cannot be read to its end';
      throw asStoreError(error, path);
    }
  }

  function forget(): void {
    for (const listener of rollbackListeners) listener();
  }

  function damaged(what: string, cause?: unknown): StoreBroken {
    ending = 'damaged';
    return new StoreBroken('corrupt', `The database ${path} is damaged: ${what}. Start again: it is then put aside.`, {
      cause,
    });
  }

  function isInTransaction(): boolean {
    return db.isTransaction;
  }

  function execute(text: string): void {
    named(() => {
      db.exec(text);
    });
  }

  /** What was deleted or moved earlier left its bytes in pages that are in use: only written again they are gone. */
  function withoutRemains(): void {
    try {
      execute('VACUUM');
    } catch (error) {
      // What was deleted now is overwritten; for a whole copy there is no room.
      if (!(error instanceof StoreFull)) throw error;
    }
  }

  function json(text: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw damaged('a text in it is no JSON any more');
    }
  }

  return {
    path,
    read(shape, text) {
      const statement = named(() => db.prepare(text));
      const misshapen = (): StoreBroken => damaged('a row in it has another form than it was written in');
      return {
        all(...parameters) {
          const rows: unknown[] = named(() => statement.all(...(parameters as SQLInputValue[])));
          if (!rows.every(shape)) throw misshapen();
          return rows;
        },
        get(...parameters) {
          const row: unknown = named(() => statement.get(...(parameters as SQLInputValue[])));
          if (row !== undefined && !shape(row)) throw misshapen();
          return row;
        },
      };
    },
    prepare(text) {
      const statement = named(() => db.prepare(text));
      return {
        run: (...parameters) =>
          named(() => {
            const { lastInsertRowid, changes } = statement.run(...(parameters as SQLInputValue[]));
            return { id: Number(lastInsertRowid), changes: Number(changes) };
          }),
      };
    },
    execute,
    transaction(write) {
      if (isInTransaction()) throw new Error('store.transaction() inside of store.transaction().');
      try {
        execute('BEGIN IMMEDIATE');
        const result = write();
        if (result instanceof Promise)
          throw new Error('store.transaction() cannot wait: its function must not be async.');
        execute('COMMIT');
        return result;
      } catch (error) {
        // SQLite has rolled back by itself after some errors, a full disk among them.
        try {
          if (isInTransaction()) execute('ROLLBACK');
        } finally {
          forget();
        }
        throw examined(error);
      }
    },
    mustBeInTransaction() {
      if (!isInTransaction()) throw new Error('Writing to the store outside of store.transaction().');
    },
    onRollback(forget) {
      rollbackListeners.push(forget);
    },
    forget,
    overwriting(work) {
      execute('PRAGMA secure_delete = ON');
      try {
        const done = work();
        withoutRemains();
        return done;
      } finally {
        execute('PRAGMA secure_delete = OFF');
        // The log of writes still holds pages as they were.
        execute('PRAGMA wal_checkpoint(TRUNCATE)');
      }
    },
    json,
    jsonOf(text, shape, what) {
      const value = json(text);
      if (!shape(value)) throw damaged(`${what} in it has another form than it was written in`);
      return value;
    },
    damaged: (what) => damaged(what),
    ending: () => ending,
  };
}
