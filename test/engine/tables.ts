import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What no two runs have alike: folders have random names, and when a database was looked at is the clock's. */
const OWN: Readonly<Record<string, readonly string[]>> = { versions: ['folder'], store_state: ['sound_at'] };

/**
 * All rows of a store's tables, each table as the lines of its rows in order.
 * @param without tables that are left out
 */
export function tablesOf(state: string, without: readonly string[] = []): Record<string, string[]> {
  const db = new DatabaseSync(join(state, 'ubad.db'), { readOnly: true });
  try {
    const names = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !without.includes(name));
    return Object.fromEntries(
      names.map((name) => {
        const rows = db.prepare(`SELECT * FROM "${name}"`).all();
        const own = OWN[name] ?? [];
        const texts = rows.map((row) =>
          JSON.stringify(Object.fromEntries(Object.entries(row).filter(([column]) => !own.includes(column)))),
        );
        return [name, texts.sort()];
      }),
    );
  } finally {
    db.close();
  }
}

/** The first difference of each table, as a sentence; empty where all are equal. */
export function differences(one: Record<string, string[]>, other: Record<string, string[]>): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) => {
    const [a = [], b = []] = [one[name], other[name]];
    const at = a.findIndex((row, r) => row !== b[r]);
    if (at < 0 && a.length === b.length) return [];
    const r = at < 0 ? a.length : at;
    return [`${name}: ${a.length} and ${b.length} rows, first different: ${short(a[r])} | ${short(b[r])}`];
  });
}

const short = (row = 'none'): string => row.slice(0, 600);
