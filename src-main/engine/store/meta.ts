import type { Connection } from './sql.ts';

/** Single facts about this store, e.g. the fingerprint of the pack it was filled with. */
export interface Meta {
  get(key: string): string | undefined;
  /** What was stored under the key as JSON; undefined where there is nothing. */
  json(key: string): unknown;
  /** Only in a transaction. */
  set(key: string, value: string): void;
}

export function metaIn(connection: Connection): Meta {
  const get = connection.prepare<{ value: string }>('SELECT value FROM meta WHERE key = ?');
  const set = connection.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
  return {
    get: (key) => get.get(key)?.value,
    json(key) {
      const value = get.get(key)?.value;
      return value === undefined || value === '' ? undefined : connection.json(value);
    },
    set(key, value) {
      connection.mustBeInTransaction();
      set.run(key, value);
    },
  };
}
