/**
 * The folder of osquery's logs, opened once and then known by its descriptor: whom setup trusts on the way to it is less than
 * what it may change, so nothing is looked up by name again. docs/security.md says whom, and why.
 */
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { foldersTo, whatIsAt } from './files.ts';
import { SetupFailure } from './setup-words.ts';

/** open(2): a name for what is there, whatever may be read of it. Node has no name for it. */
const O_PATH = 0o10000000;
/** rsyslog's group, which may write in /var/log itself on Ubuntu. */
const TRUSTED_GROUP = 'syslog';
const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_ALL = 0o002;

/**
 * Works on a log, or on the folder of logs.
 * @param work gets a descriptor that is good until it returns
 * @throws SetupFailure when somebody else could have put something there
 */
export function withLog<T>(root: string, path: string, work: (file: number) => T): T {
  if (whatIsAt(path)?.isDirectory()) return withLogFolder(root, path, work);
  return withLogFolder(root, dirname(path), (folder) => {
    const file = openSync(join(`/proc/self/fd/${folder}`, basename(path)), O_PATH | constants.O_NOFOLLOW);
    try {
      const found = fstatSync(file);
      if (!found.isFile() || !isTrusted(found.uid)) throw new SetupFailure('setup.log.not-roots', { path });
      return work(file);
    } finally {
      closeSync(file);
    }
  });
}

/** @returns names of the files in the folder of logs, as it was opened */
export const logsIn = (root: string, folder: string): string[] =>
  withLogFolder(root, folder, (file) => readdirSync(`/proc/self/fd/${file}`));

function withLogFolder<T>(root: string, path: string, work: (file: number) => T): T {
  const group = groupOf(root, TRUSTED_GROUP);
  for (const folder of foldersTo(root, path)) mustBeTrustedOnTheWay(folder, whatIsAt(folder), group, folder === root);
  const file = openSync(path, O_PATH | constants.O_NOFOLLOW | constants.O_DIRECTORY);
  try {
    const { uid, mode } = fstatSync(file);
    if (!isTrusted(uid) || (mode & (WRITABLE_BY_GROUP | WRITABLE_BY_ALL)) !== 0)
      throw new SetupFailure('setup.log.open', { path });
    mustBeOsquerys(path, file);
    return work(file);
  } finally {
    closeSync(file);
  }
}

function mustBeTrustedOnTheWay(folder: string, found: Stats | undefined, group: number, isRoot: boolean): void {
  if (!found?.isDirectory()) throw new SetupFailure('setup.log.no-way', { path: folder });
  if (isRoot) return;
  const isOpen =
    (found.mode & WRITABLE_BY_ALL) !== 0 || ((found.mode & WRITABLE_BY_GROUP) !== 0 && found.gid !== group);
  if (!isTrusted(found.uid) || isOpen) throw new SetupFailure('setup.log.open-way', { path: folder });
}

/** Whoever may rename folders in /var/log could hand over another one of root's: it has to look like osquery's. */
function mustBeOsquerys(path: string, file: number): void {
  let names: string[];
  try {
    names = readdirSync(`/proc/self/fd/${file}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    throw new SetupFailure('setup.log.only-root', { path });
  }
  if (names.length > 0 && !names.some((name) => /^osquery(d|i)?\./.test(name)))
    throw new SetupFailure('setup.log.not-osquery', { path });
}

const isTrusted = (uid: number): boolean => uid === 0 || uid === process.geteuid?.();

/** @returns its number; -1, which no folder has: there is none */
function groupOf(root: string, name: string): number {
  try {
    const line = readFileSync(join(root, 'etc/group'), 'utf8')
      .split('\n')
      .find((one) => one.startsWith(`${name}:`));
    return line === undefined ? -1 : Number(line.split(':')[2]);
  } catch {
    return -1;
  }
}
