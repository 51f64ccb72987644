/**
 * Files of the system, changed as root: no symbolic link is followed and no folder is used that somebody else could change
 * meanwhile. A file appears whole or not at all.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

import { syncFolder } from '../../system/whole-file.ts';
import { Failure } from '../failure.ts';

/** What is at a path itself; undefined: nothing. */
export function whatIsAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // What should be its folder is a file.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** From the root to a path's own folder. */
export function foldersTo(root: string, path: string): string[] {
  const parts = relative(root, dirname(path)).split(sep);
  return [root, ...parts.map((_, last) => join(root, ...parts.slice(0, last + 1)))].filter(
    (folder, at, all) => folder !== all[at - 1],
  );
}

/**
 * @param root folder that is trusted, `/` but in tests
 * @throws Failure when a folder from the root to the path's own is a symbolic link, or can be written by others than its owner
 */
export function mustBeSafe(root: string, path: string): void {
  const own = process.geteuid?.() ?? 0;
  for (const folder of foldersTo(root, path)) {
    const found = whatIsAt(folder);
    if (found === undefined) return;
    if (found.isSymbolicLink()) throw new Failure(`${folder} is a symbolic link; nothing is written through it.`);
    if (!found.isDirectory()) throw new Failure(`${folder} is not a folder.`);
    const isOpen = (found.mode & 0o022) !== 0 && folder !== root;
    if ((found.uid !== own && found.uid !== 0) || isOpen) {
      throw new Failure(`${folder} can be changed by others than root; nothing is written there.`);
    }
  }
}

/** Makes a file that is not there. @throws Failure when something is */
export function createFile(path: string, content: string, mode: number): void {
  if (whatIsAt(path)) throw new Failure(`${path} is there already.`);
  writeBeside(path, (unfinished) => {
    writeNew(unfinished, content, mode);
  });
}

/** Puts new content in a file's place, with the same owner, mode, access list and attributes. */
export function replaceFile(path: string, content: string): void {
  writeBeside(path, (unfinished) => {
    execFileSync('cp', ['--preserve=all', '--no-dereference', '--', path, unfinished], { stdio: 'ignore' });
    const file = openSync(unfinished, constants.O_WRONLY | constants.O_TRUNC | constants.O_NOFOLLOW);
    writeAll(file, content);
  });
}

function writeBeside(path: string, write: (unfinished: string) => void): void {
  const unfinished = `${path}.ubad-${process.pid}`;
  try {
    write(unfinished);
    renameSync(unfinished, path);
    syncFolder(dirname(path));
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function writeNew(path: string, content: string, mode: number): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  fchmodSync(file, mode);
  writeAll(file, content);
}

function writeAll(file: number, content: string): void {
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
