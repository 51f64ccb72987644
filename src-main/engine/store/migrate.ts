import { DatabaseSync } from 'node:sqlite';

import { APPLICATION_ID, migrations } from './schema.ts';

export function schemaVersion(db: DatabaseSync): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/**
 * Brings the database to the newest version, each step in a transaction of its own: a crash between two leaves a whole version.
 * @param steps another database's, or for tests the released steps and others after them @param application its APPLICATION_ID
 * @throws what SQLite throws; the step is then undone, the steps before it stay
 */
export function migrate(db: DatabaseSync, steps: readonly string[] = migrations, application = APPLICATION_ID): void {
  const before = schemaVersion(db);
  // What a step drops may hold what somebody wanted to be gone.
  if (before < steps.length) db.exec('PRAGMA secure_delete = ON');
  for (let version = before; version < steps.length; version++) {
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(steps[version]!);
      db.exec(`PRAGMA application_id = ${application}; PRAGMA user_version = ${version + 1}; COMMIT`);
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
  if (before < steps.length) db.exec('PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Whether there are the tables, indexes, triggers and views that the steps make up to its version, and no others. */
export function hasOurSchema(db: DatabaseSync): boolean {
  const made = new DatabaseSync(':memory:');
  try {
    migrate(made, migrations.slice(0, schemaVersion(db)));
    return schemaOf(made) === schemaOf(db);
  } finally {
    made.close();
  }
}

/** Without the tables that statistics make. */
const schemaOf = (db: DatabaseSync): string =>
  JSON.stringify(
    db
      .prepare(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_stat%' ESCAPE '!' ORDER BY type, name",
      )
      .all(),
  );
