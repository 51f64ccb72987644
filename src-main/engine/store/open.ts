import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { message } from '../../contract/story/messages.ts';
import { makePrivateFile, unsafeFolder } from './folder.ts';
import { takeOwnership, type Ending, type Ownership } from './ownership.ts';
import {
  asStoreError,
  corruption,
  isCorruption,
  isSuspicious,
  StoreBroken,
  StoreFull,
  type StoreProblem,
} from './problem.ts';
import { hasPutAside, putAside } from './put-aside.ts';
import { hasOurSchema, migrate, schemaVersion } from './migrate.ts';
import { APPLICATION_ID, migrations } from './schema.ts';
import { whyUnsound } from './soundness.ts';
import { storeOn, type Store } from './store.ts';

export type Opened =
  { readonly ok: true; readonly store: Store } | { readonly ok: false; readonly problem: StoreProblem };

/** What a commit has outlasted when it returns: 'full' a power cut, 'replayable' the end of the process. */
export type Durability = 'full' | 'replayable';

export interface OpenOptions {
  /** Unix seconds: names a damaged database that is put aside. */
  readonly now: number;
  /** Beside a writer, and without making or repairing anything. Default false. */
  readonly readOnly?: boolean;
  /** See EngineOptions. Default 'full'. */
  readonly durability?: Durability | undefined;
  /** Bytes of a database that is looked at for damage as a whole whenever a writer opens it. Default: some tenths of a second's. */
  readonly lookedAtAtOnce?: number;
}

const BUSY_TIMEOUT_MS = 5000;
/** SQLite's smallest page: no database is smaller. */
const LEAST_BYTES = 512;
const LOOKED_AT_AT_ONCE = 32 * 1024 * 1024;
/** … by who only reads, and asks again each time. */
const LOOKED_AT_BY_READERS = 8 * 1024 * 1024;
/** … and after an end that leaves it in doubt: some seconds. */
const LOOKED_AT_IN_DOUBT = 512 * 1024 * 1024;
/** -wal grows beyond this only behind a reader that stays at an old state, and is cut back once it has gone. */
export const MOST_WAL_BYTES = 8 * 1024 * 1024;

/**
 * Opens the store of a state folder; the writer makes both where they are missing and keeps any other writer out until `close`.
 * Never throws for what a person can cure. After `corrupt` the damaged file is out of the way: opening again makes a new store.
 */
export function openStore(folder: string, options: OpenOptions): Opened {
  const path = join(folder, 'ubad.db');
  try {
    return options.readOnly ? openForReading(folder, path) : openForWriting(folder, path, options);
  } catch (error) {
    if (!isFailureOfTheSystem(error)) throw error;
    const text = message('store.not-opened', { folder, cause: error.message });
    return { ok: false, problem: { kind: 'unusable', path, message: text } };
  }
}

function openForWriting(
  folder: string,
  path: string,
  { now, durability, lookedAtAtOnce = LOOKED_AT_AT_ONCE }: OpenOptions,
): Opened {
  const unsafe = unsafeFolder(folder);
  if (unsafe) return { ok: false, problem: unsafe };
  const ownership = takeOwnership(folder);
  if ('kind' in ownership) return { ok: false, problem: ownership };

  let db: DatabaseSync | undefined;
  let isMade = false;
  try {
    // Seen by whoever had it before; a look at its pages need not see it.
    if (ownership.before === 'damaged') throw corruption('found damaged when it was in use');
    // SQLite would take it for a new one, and delete the -wal.
    if (isShort(path)) throw corruption('nothing is left of it');
    isMade = makePrivateFile(path);
    db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    const problem = notOurs(db, path);
    if (problem) {
      db.close();
      ownership.release(ownership.before);
      return { ok: false, problem };
    }
    const looked = look(db, ownership.before, lookedAtAtOnce);
    const isNew = schemaVersion(db) === 0;
    // Only a database without tables can still take auto_vacuum, and only before it is switched to WAL.
    db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL');
    // FULL: what was told to be stored must outlast a power cut.
    db.exec(`PRAGMA synchronous = ${durability === 'replayable' ? 'NORMAL' : 'FULL'}; PRAGMA foreign_keys = ON`);
    db.exec(`PRAGMA journal_size_limit = ${MOST_WAL_BYTES}`);
    migrate(db);
    const closed = (ending: Ending): void => {
      ownership.release(ending);
    };
    // What is written again and again from a stream is asked for alerts, not for everything with a value.
    const store = storeOn(db, path, closed, ownership.before === 'suspect', durability !== 'replayable');
    // After a crash that left no position either: what -wal held of it may have been torn off.
    const isBereft = ownership.before === 'unclean' && store.checkpoints.list().length === 0;
    const isInPlace = isBereft || (isNew && hasPutAside(path));
    if (isInPlace || looked) {
      store.transaction(() => {
        if (isInPlace) store.state.setInPlaceOfLost();
        if (looked) store.state.setSoundAt(now);
      });
    }
    return { ok: true, store };
  } catch (caught) {
    const error = db?.isOpen ? asDamage(caught, db, ownership.before) : caught;
    if (db?.isOpen) db.close();
    // What was not even begun is not to look like what is left of one.
    if (isMade && isShort(path)) rmSync(path);
    return afterFailure(error, { folder, path, now, ownership });
  }
}

const isShort = (path: string): boolean => existsSync(path) && statSync(path).size < LEAST_BYTES;

interface Failed {
  readonly folder: string;
  readonly path: string;
  readonly now: number;
  readonly ownership: Ownership;
}

/** Puts a damaged database aside. @throws any other error; another owner can try then */
function afterFailure(error: unknown, { folder, path, now, ownership }: Failed): Opened {
  // Whatever this was, the next start looks closer.
  let ending: Ending = isSuspicious(error) ? 'suspect' : ownership.before === 'clean' ? 'unclean' : ownership.before;
  try {
    if (!isCorruption(error)) throw error;
    ending = 'damaged';
    const aside = putAside(folder, path, now);
    ending = 'clean';
    const text = message('store.put-aside', { path, aside });
    return { ok: false, problem: { kind: 'corrupt', path, putAside: aside, message: text } };
  } finally {
    ownership.release(ending);
  }
}

function openForReading(folder: string, path: string): Opened {
  const missing: Opened = {
    ok: false,
    problem: {
      kind: 'missing',
      path,
      message: `Nothing is stored in ${folder} yet. Start with: ubad watch --state '${folder}'`,
    },
  };
  // Empty: its writer is just about to make it.
  if (!existsSync(path) || statSync(path).size === 0) return missing;

  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    const problem = notOurs(db, path);
    const found = schemaVersion(db);
    if (problem === undefined && statSync(path).size <= LOOKED_AT_BY_READERS) look(db, 'unclean', 0);
    if (problem === undefined && found === migrations.length) return { ok: true, store: storeOn(db, path) };
    db.close();
    if (problem) return { ok: false, problem };
    if (found === 0) return missing;
    const text = `The store ${path} is of an older version (${found}, this is ${migrations.length}). Start ubad watch once: it brings it up to date.`;
    return { ok: false, problem: { kind: 'older', path, found, known: migrations.length, message: text } };
  } catch (error) {
    if (db?.isOpen) db.close();
    if (!isCorruption(error)) throw error;
    const text = `The database ${path} is damaged. Start ubad watch: it puts the file aside and begins a new one.`;
    return { ok: false, problem: { kind: 'corrupt', path, putAside: undefined, message: text } };
  }
}

/** A database that must not be touched: another program's, or one of a later version of this one. */
function notOurs(db: DatabaseSync, path: string): StoreProblem | undefined {
  const { application_id: application } = db.prepare('PRAGMA application_id').get() as { application_id: number };
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  const found = schemaVersion(db);
  if (application !== APPLICATION_ID && (application !== 0 || tables > 0)) {
    if (hasOurSchema(db)) throw corruption('its header says that it is the database of another program');
    return { kind: 'foreign', path, message: message('store.foreign', { path }) };
  }
  if (found > migrations.length) {
    const text = message('store.newer', { path, found, known: migrations.length });
    return { kind: 'newer', path, found, known: migrations.length, message: text };
  }
  return undefined;
}

/**
 * Looks for damage: always where that takes a moment, else where the last owner left it in doubt; the rest is looked at in the
 * background. @returns whether all was looked at; @throws a corruption error of SQLite's form for what is damaged
 */
function look(db: DatabaseSync, before: Ending, atOnce: number): boolean {
  const { bytes } = db
    .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
    .get() as { bytes: number };
  if (before === 'clean' ? bytes > atOnce : bytes > LOOKED_AT_IN_DOUBT) {
    if (before === 'clean') return false;
    const { quick_check: verdict } = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (verdict !== 'ok') throw corruption(verdict);
    return false;
  }
  const why = whyUnsound(db);
  if (why !== undefined) throw corruption(why);
  return true;
}

/** A statement that fails on opening as it does on no healthy database: damage where a look finds any, or when it came before. */
function asDamage(error: unknown, db: DatabaseSync, before: Ending): unknown {
  if (!isSuspicious(error)) return error;
  if (before === 'suspect') return corruption((error as Error).message);
  try {
    const why = whyUnsound(db) ?? (hasOurSchema(db) ? undefined : 'it has other tables than it should');
    return why === undefined ? error : corruption(why);
  } catch (worse) {
    return isCorruption(worse) ? worse : error;
  }
}

/** A full disk, a missing permission: not a mistake in our own SQL. */
function isFailureOfTheSystem(error: unknown): error is Error {
  const named = asStoreError(error, '');
  return named instanceof StoreFull || named instanceof StoreBroken || (error instanceof Error && 'syscall' in error);
}
