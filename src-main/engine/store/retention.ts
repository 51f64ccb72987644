import { statSync } from 'node:fs';

import { columns, number } from './columns.ts';
import { MENTIONED_ROW, mentionedRow, type MentionedRow, type MentionsKept } from './mentions.ts';
import type { Connection } from './sql.ts';

export interface Retention {
  /** Unix seconds. */
  readonly now: number;
  readonly maxAgeDays: number;
  /** Of the pages in use, without -wal. */
  readonly maxBytes: number;
  /** This many of the newest actions of every subject stay, however old or large: a quiet user's model is trained again from them. */
  readonly keepPerSubject: number;
  /** How many actions one call may delete at most: it holds up new lines for that long (1,000 take some milliseconds). */
  readonly limit: number;
}

export interface Pruned {
  readonly deleted: number;
  /** There is more to delete or to give back to the disk: call again when there is time. */
  readonly more: boolean;
}

export interface StoreSize {
  /** The database file. */
  readonly databaseBytes: number;
  /** What of it is in use; the rest is given back slice by slice. */
  readonly usedBytes: number;
  readonly walBytes: number;
}

const candidateRow = columns({ id: number, stored: number });

/** Pages of 4 KiB that one call gives back to the disk. */
const PAGES_GIVEN_BACK = 1000;
const ROWS_AT_ONCE = 10_000;
const DAY = 86_400;

// What an open incident spans is still needed: to explain it, and to learn it when the user says that it was them.
const NOT_OF_OPEN_INCIDENT = `NOT EXISTS (SELECT 1 FROM incidents AS i WHERE i.subject_id = a.subject_id AND i.state = 'open'
  AND a.id BETWEEN i.first_action AND i.last_action)`;

export function sizerOf(connection: Connection): () => StoreSize {
  const bytes = connection.read(
    columns({ database: number, used: number }),
    `SELECT page_count * page_size AS database, (page_count - freelist_count) * page_size AS used
     FROM pragma_page_count, pragma_page_size, pragma_freelist_count`,
  );
  return () => {
    const { database, used } = bytes.get()!;
    const walBytes = statSync(`${connection.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    return { databaseBytes: database, usedBytes: used, walBytes };
  };
}

/** Deletes what is too old, then, where the store is too large, the oldest of whoever has most. */
export function prunerOf(
  connection: Connection,
  sizes: () => StoreSize,
  mentions: MentionsKept,
): (limits: Retention) => Pruned {
  const subjects = connection.read(
    candidateRow,
    // Who is trained beside the batches is trained on what was stored when that began, also after a restart.
    `SELECT id, stored FROM subjects WHERE stored > ? AND id NOT IN (SELECT subject_id FROM trainings WHERE counted > 0)
     ORDER BY stored DESC, id`,
  );
  const keepFrom = connection.read(
    columns({ id: number }),
    'SELECT id FROM actions WHERE subject_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?',
  );
  const deleteOld = connection.read(
    mentionedRow,
    `DELETE FROM actions WHERE id IN (SELECT a.id FROM actions AS a INDEXED BY actions_by_time
     WHERE a.subject_id = :subject AND a.time < :before AND a.id < :keepFrom AND ${NOT_OF_OPEN_INCIDENT}
     ORDER BY a.time LIMIT :limit) RETURNING ${MENTIONED_ROW}`,
  );
  const deleteFirst = connection.read(
    mentionedRow,
    `DELETE FROM actions WHERE id IN (SELECT a.id FROM actions AS a INDEXED BY actions_of_subject
     WHERE a.subject_id = :subject AND a.id < :keepFrom AND ${NOT_OF_OPEN_INCIDENT}
     ORDER BY a.id LIMIT :limit) RETURNING ${MENTIONED_ROW}`,
  );
  const discount = connection.prepare('UPDATE subjects SET stored = stored - ? WHERE id = ?');

  function deletableBelow(subject: number, keep: number): number {
    return keep === 0 ? Infinity : (keepFrom.get(subject, keep - 1)?.id ?? 0);
  }

  function slice({ now, maxAgeDays, maxBytes, keepPerSubject, limit }: Retention): number {
    let left = limit;
    /** In parts: what is deleted is in memory for a moment. */
    function deleting(subject: number, delete_: (limit: number) => readonly MentionedRow[]): void {
      for (let part = Math.min(left, ROWS_AT_ONCE); part > 0; part = Math.min(left, ROWS_AT_ONCE)) {
        const deleted = delete_(part);
        mentions.remove(deleted);
        discount.run(deleted.length, subject);
        left -= deleted.length;
        if (deleted.length < part) return;
      }
    }

    const before = now - maxAgeDays * DAY;
    for (const { id } of subjects.all(keepPerSubject)) {
      if (left === 0) break;
      const bounds = { subject: id, before, keepFrom: deletableBelow(id, keepPerSubject) };
      deleting(id, (limit) => deleteOld.all({ ...bounds, limit }));
    }
    for (const { id } of subjects.all(keepPerSubject)) {
      if (left === 0 || sizes().usedBytes <= maxBytes) break;
      const bounds = { subject: id, keepFrom: deletableBelow(id, keepPerSubject) };
      deleting(id, (limit) => deleteFirst.all({ ...bounds, limit }));
    }
    return limit - left;
  }

  return (limits) => {
    const deleted = connection.transaction(() => slice(limits));
    const before = sizes();
    if (before.databaseBytes > before.usedBytes) connection.execute(`PRAGMA incremental_vacuum(${PAGES_GIVEN_BACK})`);
    const after = sizes();
    const moreToGiveBack = after.databaseBytes > after.usedBytes && after.databaseBytes < before.databaseBytes;
    return { deleted, more: deleted === limits.limit || moreToGiveBack };
  };
}
