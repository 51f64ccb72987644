import { message } from '../../contract/story/messages.ts';

/**
 * Why the store could not be opened: things that a person can cure, so values and no exceptions.
 * `message` is one sentence or two for that person: what, where, and what to do.
 */
export type StoreProblem = { readonly message: string } & (
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'unsafe-folder'; readonly path: string }
  /** Another process owns the store for writing; `pid` where it could be found out. */
  | { readonly kind: 'in-use'; readonly path: string; readonly pid: number | undefined }
  | { readonly kind: 'newer'; readonly path: string; readonly found: number; readonly known: number }
  /** Only a writer may migrate: a reader has to wait for one. */
  | { readonly kind: 'older'; readonly path: string; readonly found: number; readonly known: number }
  | { readonly kind: 'foreign'; readonly path: string }
  /** `putAside` is where the damaged file now is; a reader leaves it where it was. */
  | { readonly kind: 'corrupt'; readonly path: string; readonly putAside: string | undefined }
  | { readonly kind: 'unusable'; readonly path: string }
);

/** The disk is full. Nothing of the transaction was stored; the same transaction may be tried again. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}

/** The disk, the file or its permissions fail. Nothing of the transaction was stored. */
export class StoreBroken extends Error {
  override readonly name = 'StoreBroken';
  readonly reason: 'input-output' | 'corrupt' | 'read-only' | 'busy';

  constructor(reason: StoreBroken['reason'], text: string, options: ErrorOptions) {
    super(text, options);
    this.reason = reason;
  }
}

/** SQLite's primary result code, or undefined when the error is none of SQLite's. https://www.sqlite.org/rescode.html */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  // A number that no JavaScript number holds: none of those is ever written.
  if ('code' in error && error.code === 'ERR_OUT_OF_RANGE') return CORRUPT;
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

const BUSY = 5;
const LOCKED = 6;
const READ_ONLY = 8;
const INPUT_OUTPUT = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const PROTOCOL = 15;
const NOT_A_DATABASE = 26;

export function isCorruption(error: unknown): boolean {
  if (error instanceof StoreBroken) return error.reason === 'corrupt';
  const code = sqliteCode(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** The general error, internal, schema, constraint, mismatch, format, range. */
const OF_NO_HEALTHY_STORE: readonly (number | undefined)[] = [1, 2, 17, 19, 20, 24, 25];

/**
 * An error of SQLite's that our statements do not get from a healthy database: a constraint that is broken, a table that is not
 * there. It is damage or a bug; which of them, a look at the database tells, or that it comes again.
 */
export const isSuspicious = (error: unknown): boolean => OF_NO_HEALTHY_STORE.includes(sqliteCode(error));

/** An error of SQLite's form: SQLITE_CORRUPT. */
export const corruption = (what: string): Error =>
  Object.assign(new Error(what), { code: 'ERR_SQLITE_ERROR', errcode: CORRUPT });

export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === BUSY || code === LOCKED;
}

/** An error as the engine knows it. What is no failure of the disk (a broken constraint, a typo in SQL) is a bug and stays as it is. */
export function asStoreError(error: unknown, path: string): unknown {
  const cause = { cause: error };
  switch (sqliteCode(error)) {
    case FULL:
      return new StoreFull(message('store.full', { path }), cause);
    case CORRUPT:
    case NOT_A_DATABASE:
      return new StoreBroken('corrupt', message('store.damaged', { path }), cause);
    case READ_ONLY:
      return new StoreBroken('read-only', message('store.read-only', { path }), cause);
    case BUSY:
    case LOCKED:
    case PROTOCOL:
      return new StoreBroken('busy', message('store.busy', { path }), cause);
    case INPUT_OUTPUT:
    case CANNOT_OPEN:
      return new StoreBroken(
        'input-output',
        message('store.disk', { path, cause: error instanceof Error ? error.message : String(error) }),
        cause,
      );
    default:
      return error;
  }
}
