import { existsSync, renameSync } from 'node:fs';

/**
 * Renames a damaged database, with its -wal and -shm, so that a new one can be made in its place. Nothing is deleted: much of
 * it can usually be recovered (`sqlite3 FILE .recover`).
 * @param now Unix seconds
 * @returns the new path of the database
 */
export function putAside(path: string, now: number): string {
  const time = new Date(now * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  let target = `${path}.corrupt-${time}`;
  for (let again = 2; existsSync(target); again++) target = `${path}.corrupt-${time}-${again}`;
  // The -wal first: without its database it is nothing, but a new database must never meet an old -wal.
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  return target;
}
