import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';

import { message } from '../../contract/story/messages.ts';
import type { StoreProblem } from './problem.ts';

/**
 * Makes the folder where it is missing (0700) and refuses one that others could change: whoever can write there can put
 * another database, or other models, in the place of ours.
 */
export function unsafeFolder(folder: string): StoreProblem | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { mode, uid } = statSync(folder);
  const self = process.geteuid?.();
  if (self !== undefined && uid !== self) {
    return {
      kind: 'unsafe-folder',
      path: folder,
      message: message('store.owner', { folder, uid }),
    };
  }
  if ((mode & 0o022) !== 0) {
    return {
      kind: 'unsafe-folder',
      path: folder,
      message: message('store.open-folder', { folder, command: `chmod go-w '${folder}'` }),
    };
  }
  return undefined;
}

/**
 * Makes an empty file that only its owner can read, whatever the umask; SQLite gives -wal and -shm the same mode.
 * An existing file is not even opened: closing it would drop the locks that SQLite holds on it in this process (POSIX locks
 * belong to the process, https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 * @returns whether it was made now
 */
export function makePrivateFile(path: string): boolean {
  let isNew = true;
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    isNew = false;
  }
  // The umask can only take bits away, but a file that was copied here may have come with more.
  if ((statSync(path).mode & 0o777) !== 0o600) chmodSync(path, 0o600);
  return isNew;
}
