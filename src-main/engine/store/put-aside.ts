import { existsSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const MARK = '.corrupt-';

/**
 * Renames a damaged database, with its -wal and -shm, so that a new one can be made in its place, and the models that it
 * knew: a new one knows none, and would delete them. Nothing is deleted: much of a database can usually be recovered
 * (`sqlite3 FILE .recover`), and a model be taken in again (`ubad models import`).
 * @param now Unix seconds
 * @param as what the new names go on with, before the time
 * @returns the new path of the database
 */
export function putAside(folder: string, path: string, now: number, as = MARK): string {
  const time = new Date(now * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  const models = join(folder, 'models');
  let mark = `${as}${time}`;
  for (let again = 2; existsSync(path + mark) || existsSync(models + mark); again++) mark = `${as}${time}-${again}`;
  if (existsSync(models)) renameSync(models, models + mark);
  const target = path + mark;
  // The -wal first: without its database it is nothing, but a new database must never meet an old -wal.
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  return target;
}

/** Databases and models of a state folder that were put aside, by whatever: their paths. */
export function putAsideIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => /^(ubad\.db|models)\.(corrupt|before-restore)-/.test(name))
    .map((name) => join(folder, name));
}

/** Whether a damaged database lies beside where this one is. */
export const hasPutAside = (path: string): boolean =>
  readdirSync(dirname(path)).some((name) => name.startsWith(basename(path) + MARK));
