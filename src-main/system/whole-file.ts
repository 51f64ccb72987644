import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Puts a file in its place: all of it or what was there before, also across a power cut.
 * @param mode less what the umask takes away
 * @throws what the system throws; then nothing is left beside it
 */
export function writeWhole(path: string, content: string | Uint8Array, mode = 0o600): void {
  const unfinished = `${path}.${process.pid}`;
  // It may be left of a process of the same number.
  if (existsSync(unfinished)) unlinkSync(unfinished);
  try {
    writeNew(unfinished, content, mode);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Writes a file that is not there yet, onto the disk; its name lasts when its folder is synced. */
export function writeNew(path: string, content: string | Uint8Array, mode = 0o600): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = openSync(path, 'wx', mode);
  try {
    for (let done = 0; done < bytes.byteLength;) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the folder's list of names last through a power cut. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Some file systems over a network have no such thing.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    closeSync(descriptor);
  }
}
