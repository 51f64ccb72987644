import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { makePrivateFile, syncFolder } from './folder.ts';
import { isBusy, type StoreProblem } from './problem.ts';

/** The right to write to the store of one folder: one process at a time. */
export interface Ownership {
  /** The owner before did not say goodbye: a crash, a kill or a power cut. */
  readonly afterUncleanEnd: boolean;
  /** @param clean false leaves the mark behind, so that the next owner checks the database */
  release(clean: boolean): void;
}

/**
 * The lock is SQLite's own lock on a side database: the kernel drops it with the process, however that ends, so no stale
 * lock can stay. It does not keep readers out of the store, as locking the database itself would.
 */
export function takeOwnership(folder: string): Ownership | StoreProblem {
  const path = join(folder, 'ubad.lock');
  const mark = join(folder, 'ubad.running');
  makePrivateFile(path);
  const lock = new DatabaseSync(path);
  try {
    // Nothing is ever written here: no journal, which a kill would leave behind.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    const pid = ownerIn(mark);
    const who = pid === undefined ? 'Another ubad' : `Another ubad (process ${pid})`;
    return {
      kind: 'in-use',
      path: folder,
      pid,
      message: `${who} is writing to ${folder}. Stop it first, or choose another folder with --state.`,
    };
  }

  const afterUncleanEnd = existsSync(mark);
  leaveMark(mark);
  syncFolder(folder);
  return {
    afterUncleanEnd,
    release(clean) {
      if (clean) rmSync(mark, { force: true });
      lock.close();
    },
  };
}

/** On disk before the first write: after a power cut the mark must be there. */
function leaveMark(mark: string): void {
  const descriptor = openSync(mark, 'w', 0o600);
  try {
    writeSync(descriptor, `${process.pid}\n`);
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
