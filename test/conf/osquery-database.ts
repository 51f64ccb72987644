import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

type Row = Readonly<Record<string, string | number | null>>;

/** The columns of osquery's tables that the packs use, with their types, from osquery's table specifications (5.5.1 and later). */
const tables = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/osquery/tables.json'), 'utf8')) as Record<
  string,
  Record<string, string>
>;

/** A database with osquery's tables and its function `split`. @param rows by table; a column that is not given is NULL */
export function osqueryDatabase(rows: Readonly<Record<string, readonly Row[]>> = {}): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  for (const [table, columns] of Object.entries(tables)) {
    const declared = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
    db.exec(`CREATE TABLE "${table}" (${declared.join(', ')})`);
  }
  // Each character of the separator parts, and empty parts are left out, as osquery does it.
  db.function('split', (text, separator, index) => {
    if (text === null) return null;
    const parts = String(text).split(new RegExp(`[${String(separator).replace(/[\]\\^-]/g, '\\$&')}]`));
    return parts.filter((part) => part !== '')[Number(index)] ?? null;
  });
  for (const [table, content] of Object.entries(rows)) {
    for (const row of content) {
      const names = Object.keys(row).map((name) => `"${name}"`);
      const places = names.map(() => '?').join(', ');
      db.prepare(`INSERT INTO "${table}" (${names.join(', ')}) VALUES (${places})`).run(...Object.values(row));
    }
  }
  return db;
}
