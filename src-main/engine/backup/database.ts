import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { isCorruption } from '../store/problem.ts';
import { APPLICATION_ID, migrate, migrations, schemaVersion } from '../store/schema.ts';
import { BadBackup, damaged } from './form.ts';

/**
 * Looks at the database of a backup before it is believed: that it is ours, of a version that is known, with no table,
 * trigger or view but ours, whole, and with no model named outside of `models`. It is brought to the newest version.
 * @throws BadBackup saying why not
 */
export function mustBeOurs(path: string, models: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON');
    look(database);
    migrate(database);
    placeModels(database, models);
  } catch (error) {
    if (!isCorruption(error)) throw error;
    throw damaged('its database is none, or damaged');
  } finally {
    database?.close();
  }
}

function look(database: DatabaseSync): void {
  const { application_id: application } = database.prepare('PRAGMA application_id').get() as Record<string, unknown>;
  if (application !== APPLICATION_ID) throw new BadBackup('foreign', 'holds the database of another program.');
  const version = schemaVersion(database);
  if (version > migrations.length) {
    const why = `holds a store of a newer version of ubad (store version ${version}, this one knows ${migrations.length}). Install that version; nothing was changed.`;
    throw new BadBackup('newer', why);
  }
  if (schemaOf(database) !== expected(version))
    throw new BadBackup('foreign', 'holds a database with other tables than ubad makes. Nothing was changed.');
  const { integrity_check: verdict } = database.prepare('PRAGMA integrity_check(1)').get() as Record<string, unknown>;
  if (verdict !== 'ok') throw damaged('its database is damaged');
  if (database.prepare('PRAGMA foreign_key_check').get() !== undefined) throw damaged('a row names one that is gone');
}

/** What the released steps make. */
function expected(version: number): string {
  const made = new DatabaseSync(':memory:');
  try {
    migrate(made, migrations.slice(0, version));
    return schemaOf(made);
  } finally {
    made.close();
  }
}

/** All that SQL could do there: tables, indexes, triggers and views; without the tables that statistics make. */
const schemaOf = (database: DatabaseSync): string =>
  JSON.stringify(
    database
      .prepare(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name",
      )
      .all(),
  );

/** Their folders had another place, or were written by somebody else. */
function placeModels(database: DatabaseSync, models: string): void {
  const rows = database.prepare('SELECT id, folder FROM versions').all() as { id: number; folder: string }[];
  const place = database.prepare('UPDATE versions SET folder = ? WHERE id = ?');
  for (const { id, folder } of rows) {
    const name = basename(folder);
    place.run(join(models, /^\w[\w-]*$/.test(name) ? name : `unknown-${id}`), id);
  }
}
