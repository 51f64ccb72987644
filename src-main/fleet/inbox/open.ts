import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { makePrivateFile, unsafeFolder } from '../../engine/store/folder.ts';
import { migrate, schemaVersion } from '../../engine/store/migrate.ts';
import { takeOwnership } from '../../engine/store/ownership.ts';
import { asStoreError, isCorruption } from '../../engine/store/problem.ts';
import { connect, type Connection } from '../../engine/store/sql.ts';
import { FleetProblem } from '../failure.ts';
import { APPLICATION_ID, migrations } from './schema.ts';

/** An inbox's database: closing it lets another process write it. */
export interface OpenDatabase {
  readonly connection: Connection;
  close(): void;
}

const BUSY_TIMEOUT_MS = 5000;
const NAME = 'inbox.db';

/** Opens an inbox for its one writer, and makes it where it is missing. @throws FleetProblem for what a person has to see to */
export function openForWriting(folder: string): OpenDatabase {
  const unsafe = unsafeFolder(folder);
  if (unsafe) throw new FleetProblem(withoutState(unsafe.message));
  const ownership = takeOwnership(folder);
  if ('kind' in ownership) throw new FleetProblem(withoutState(ownership.message));
  const path = join(folder, NAME);
  let db: DatabaseSync | undefined;
  try {
    makePrivateFile(path);
    db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    mustBeOurs(db, path);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    migrate(db, migrations, APPLICATION_ID);
    return opened(db, path, () => {
      ownership.release('clean');
    });
  } catch (error) {
    if (db?.isOpen) db.close();
    ownership.release('clean');
    throw asProblem(error, path);
  }
}

/** Opens an inbox beside its writer. @throws FleetProblem where there is none, or of another version */
export const openForReading = (folder: string): OpenDatabase => openBeside(folder, true);

/**
 * The same, to write what people say at the page: tables of their own, which the inbox itself never writes.
 * @throws FleetProblem where there is none, or of another version
 */
export const openForPage = (folder: string): OpenDatabase => openBeside(folder, false);

function openBeside(folder: string, readOnly: boolean): OpenDatabase {
  const path = join(folder, NAME);
  if (!existsSync(path))
    throw new FleetProblem(`There is no inbox in ${folder} yet. Start one on this machine with: ubad fleet inbox`);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS });
    mustBeOurs(db, path);
    if (schemaVersion(db) !== migrations.length)
      throw new FleetProblem(
        `The inbox ${path} is of an older version. Start ubad fleet inbox once: it brings it up to date.`,
      );
    if (!readOnly) db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    return opened(db, path, () => undefined);
  } catch (error) {
    if (db?.isOpen) db.close();
    throw asProblem(error, path);
  }
}

function opened(db: DatabaseSync, path: string, closed: () => void): OpenDatabase {
  return {
    connection: connect(db, path),
    close() {
      db.close();
      closed();
    },
  };
}

/** @throws FleetProblem for another program's database, or one of a newer version */
function mustBeOurs(db: DatabaseSync, path: string): void {
  const application = Number(db.prepare('PRAGMA application_id').get()?.application_id);
  const tables = Number(db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables);
  if (application !== APPLICATION_ID && (application !== 0 || tables > 0))
    throw new FleetProblem(`${path} is no inbox of ubad. Choose another folder: inbox.state in fleet.json.`);
  if (schemaVersion(db) > migrations.length)
    throw new FleetProblem(
      `The inbox ${path} was made by a newer ubad. Install that version again; nothing was changed.`,
    );
}

function asProblem(error: unknown, path: string): unknown {
  if (error instanceof FleetProblem) return error;
  if (isCorruption(error))
    return new FleetProblem(
      `The inbox ${path} is damaged. Move ${path} away: the inbox then reads again what the stream of alerts holds.`,
      { cause: error },
    );
  const known = asStoreError(error, path);
  return known instanceof Error ? new FleetProblem(known.message, { cause: error }) : known;
}

/** The store's own messages name an option that is not there. */
const withoutState = (message: string): string => message.replace('with --state', 'with inbox.state in fleet.json');
