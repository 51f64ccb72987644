import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { message } from '../../contract/story/messages.ts';
import { syncFolder } from '../../system/whole-file.ts';
import { makePrivateFile } from './folder.ts';
import { isBusy, isCorruption, type StoreProblem } from './problem.ts';

/**
 * How an owner left the store. 'unclean': without a goodbye, by a crash, a kill or a power cut, or after the disk failed.
 * 'suspect': a statement failed as none does on a healthy database, and a look found nothing. 'damaged': something of it could not
 * be read, or it was suspect twice.
 */
export type Ending = 'clean' | 'unclean' | 'suspect' | 'damaged';

/** The right to write to the store of one folder: one process at a time. */
export interface Ownership {
  readonly before: Ending;
  /** Anything but 'clean' leaves a mark, so that the next owner looks closer. */
  release(ending: Ending): void;
}

/** What a mark says that stays until it is dealt with, whatever becomes of the owner. */
const LASTING: readonly string[] = ['damaged', 'suspect'] satisfies Ending[];

/**
 * The lock is SQLite's own lock on a side database: the kernel drops it with the process, however that ends, so no stale
 * lock can stay. It does not keep readers out of the store, as locking the database itself would.
 */
export function takeOwnership(folder: string): Ownership | StoreProblem {
  const path = join(folder, 'ubad.lock');
  const mark = join(folder, 'ubad.running');
  makePrivateFile(path);
  let lock: DatabaseSync;
  try {
    lock = locked(path);
  } catch (error) {
    if (!isBusy(error)) throw error;
    const pid = ownerIn(mark);
    return {
      kind: 'in-use',
      path: folder,
      pid,
      message: pid === undefined ? message('store.in-use', { folder }) : message('store.in-use-by', { folder, pid }),
    };
  }

  try {
    const before = endingIn(mark);
    if (!LASTING.includes(before)) leaveMark(mark, `${process.pid}`);
    syncFolder(folder);
    return {
      before,
      release(ending) {
        try {
          if (ending === 'clean') rmSync(mark, { force: true });
          else if (LASTING.includes(ending)) leaveMark(mark, ending);
        } catch (error) {
          // The mark that is there already says that something is to be looked at.
          if (!(error instanceof Error && 'syscall' in error)) throw error;
        } finally {
          lock.close();
        }
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** @throws what SQLite throws, where another process holds it among others */
function locked(path: string): DatabaseSync {
  const lock = new DatabaseSync(path);
  try {
    // Nothing is ever written here: no journal, which a kill would leave behind.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isCorruption(error)) throw error;
    // Damaged: it holds nothing. Emptied in place, so that the locks of others stay on the same file.
    truncateSync(path, 0);
    return locked(path);
  }
}

function endingIn(mark: string): Ending {
  if (!existsSync(mark)) return 'clean';
  const text = readFileSync(mark, 'utf8').trim();
  return LASTING.includes(text) ? (text as Ending) : 'unclean';
}

/** On disk before the first write: after a power cut the mark must be there. */
function leaveMark(mark: string, text: string): void {
  const descriptor = openSync(mark, 'w', 0o600);
  try {
    writeSync(descriptor, `${text}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function ownerIn(mark: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(mark, 'utf8'), 10);
    return Number.isNaN(pid) ? undefined : pid;
  } catch {
    return undefined;
  }
}
