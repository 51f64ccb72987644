import type { DatabaseSync } from 'node:sqlite';

/** Columns that the store writes as JSON. */
export const JSON_TEXTS: readonly (readonly [table: string, column: string])[] = [
  ['actions', 'vals'],
  ['outbox', 'body'],
  ['shapes', 'names'],
  ['versions', 'manifest'],
  ['incidents', 'explanation'],
  ['feedback', 'scope'],
  ['checkpoints', 'reader_state'],
  ['checkpoints', 'predecessor'],
];

/**
 * Looks at the whole database at once, which blocks for about 10 ms a megabyte: its pages and indexes, that no row names one that
 * is gone, and that texts are the JSON that was written.
 * @returns what is wrong; undefined where nothing is
 * @throws what SQLite throws on pages that cannot be read
 */
export function whyUnsound(db: DatabaseSync): string | undefined {
  const { integrity_check: verdict } = db.prepare('PRAGMA integrity_check(1)').get() as { integrity_check: string };
  if (verdict !== 'ok') return verdict;
  const orphan = db.prepare('PRAGMA foreign_key_check').get() as { table: string } | undefined;
  if (orphan) return `a row of ${orphan.table} names one that is gone`;
  const columns = db.prepare('SELECT count(*) AS found FROM pragma_table_info(?) WHERE name = ?');
  for (const [table, column] of JSON_TEXTS) {
    if ((columns.get(table, column) as { found: number }).found === 0) continue;
    if (db.prepare(`SELECT 1 FROM ${table} WHERE NOT json_valid(${column}) LIMIT 1`).get())
      return `a text in ${table} is no JSON any more`;
  }
  return undefined;
}
