import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { Algorithm } from '../../../models/algorithm.ts';
import { columns, flag, number, text, type RowOf } from './columns.ts';
import type { Connection } from './sql.ts';

/** One trained model of one subject; its files lie in `folder`. */
export interface NewVersion {
  readonly subjectId: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly algorithm: Algorithm;
  readonly folder: string;
  /** Any JSON. */
  readonly manifest: unknown;
  /** The model has learned up to and with this action; 0 for none of the store's. */
  readonly afterAction: number;
}

export interface Version extends NewVersion {
  readonly id: number;
  /** Judges now. At most one a subject and algorithm. */
  readonly active: boolean;
}

/** Writes only in a transaction; those on one version throw when there is none of that id. */
export interface Versions {
  /** Added inactive: activate it when its files are safely written. */
  add(version: NewVersion): number;
  /** Takes the place of the active version of the same subject and algorithm, which stays for a rollback. */
  activate(id: number): void;
  /** Takes a version off the list. Its scores still name it, so its id is not given again. */
  remove(id: number): void;
  active(subjectId: number, algorithm: Algorithm): Version | undefined;
  byId(id: number): Version | undefined;
  /** Oldest first; every subject's when none is named. */
  list(subjectId?: number): Version[];
}

const row = columns({
  id: number,
  subject_id: number,
  created_at: number,
  algorithm: text,
  folder: text,
  manifest: text,
  after_action: number,
  active: flag,
});
type Row = RowOf<typeof row>;

export function versionsIn(connection: Connection): Versions {
  const insert = connection.prepare(
    'INSERT INTO versions (subject_id, created_at, algorithm, folder, manifest, after_action) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const retire = connection.prepare('UPDATE versions SET active = 0 WHERE subject_id = ? AND algorithm = ?');
  const activate = connection.prepare('UPDATE versions SET active = 1 WHERE id = ?');
  const remove = connection.prepare('UPDATE versions SET active = 0, removed = 1 WHERE id = ?');
  const active = connection.read(row, 'SELECT * FROM versions WHERE subject_id = ? AND algorithm = ? AND active = 1');
  const byId = connection.read(row, 'SELECT * FROM versions WHERE id = ? AND removed = 0');
  const list = connection.read(
    row,
    'SELECT * FROM versions WHERE removed = 0 AND (?1 IS NULL OR subject_id = ?1) ORDER BY id',
  );

  function existing(id: number): Row {
    connection.mustBeInTransaction();
    const row = byId.get(id);
    if (row === undefined) throw new Error(`No model version ${id} in ${connection.path}.`);
    return row;
  }

  return {
    add({ subjectId, createdAt, algorithm, folder, manifest, afterAction }) {
      connection.mustBeInTransaction();
      return insert.run(subjectId, createdAt, algorithm, folder, JSON.stringify(manifest), afterAction).id;
    },
    activate(id) {
      const { subject_id, algorithm } = existing(id);
      retire.run(subject_id, algorithm);
      activate.run(id);
    },
    remove(id) {
      existing(id);
      remove.run(id);
    },
    active(subjectId, algorithm) {
      const row = active.get(subjectId, algorithm);
      return row && versionOf(row, connection);
    },
    byId(id) {
      const row = byId.get(id);
      return row && versionOf(row, connection);
    },
    list: (subjectId) => list.all(subjectId ?? null).map((row) => versionOf(row, connection)),
  };
}

function versionOf(row: Row, connection: Connection): Version {
  return {
    id: row.id,
    subjectId: row.subject_id,
    createdAt: row.created_at,
    // Only compared: one that this program does not know is never asked for.
    algorithm: row.algorithm as Algorithm,
    folder: placeOf(row.folder, connection.path),
    manifest: connection.json(row.manifest),
    afterAction: row.after_action,
    active: row.active === 1,
  };
}

/** A state folder may have been moved, or come from a backup: its models are then beside its database. */
function placeOf(folder: string, store: string): string {
  if (existsSync(folder)) return folder;
  const beside = join(dirname(store), 'models', basename(folder));
  return existsSync(beside) ? beside : folder;
}
