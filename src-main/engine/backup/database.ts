import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { isCorruption, isSuspicious } from '../store/problem.ts';
import { hasOurSchema, migrate, schemaVersion } from '../store/migrate.ts';
import { APPLICATION_ID, migrations } from '../store/schema.ts';
import { whyUnsound } from '../store/soundness.ts';
import { BadBackup, damaged } from './form.ts';

/**
 * Looks at the database of a backup before it is believed: that it is ours, of a version that is known, with no table,
 * trigger or view but ours, and whole. It is brought to the newest version.
 * @throws BadBackup saying why not
 */
export function mustBeOurs(path: string): void {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON');
    look(database);
    migrate(database);
  } catch (error) {
    if (!isCorruption(error) && !isSuspicious(error)) throw error;
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
  if (!hasOurSchema(database))
    throw new BadBackup('foreign', 'holds a database with other tables than ubad makes. Nothing was changed.');
  const why = whyUnsound(database);
  if (why !== undefined) throw damaged(`its database is damaged (${why})`);
}

/** Their folders had another place, or were written by somebody else: no model is named outside of `models`. */
export function placeModels(path: string, models: string): void {
  const database = new DatabaseSync(path);
  try {
    const rows = database.prepare('SELECT id, folder FROM versions').all() as { id: number; folder: string }[];
    const place = database.prepare('UPDATE versions SET folder = ? WHERE id = ?');
    // One commit: each waits for the disk.
    database.exec('BEGIN');
    for (const { id, folder } of rows) {
      const name = basename(folder);
      place.run(join(models, /^\w[\w-]*$/.test(name) ? name : `unknown-${id}`), id);
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
