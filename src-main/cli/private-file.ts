import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';

import { exitCodes, Failure } from './failure.ts';
import { sayRaw, tellUser, writeAllRaw } from './output.ts';

/** Makes a file that only its owner can read. @returns its descriptor @throws Failure where there is one already */
export function createPrivate(path: string): number {
  try {
    return openSync(resolve(path), 'wx', 0o600);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'exists already; name a new file' : `cannot be written (${code})`;
    throw new Failure(`${resolve(path)} ${why}.`, exitCodes.usage);
  }
}

/**
 * Hands out a file: as a new one that only its owner can read, or on standard output where no path is given.
 * @param text in which nothing is a command to a terminal, nor to what opens the file
 * @param what it is, for who reads what was done
 */
export function handOut(text: string, path: string | undefined, what: string): void {
  if (path === undefined) {
    sayRaw(text);
    return;
  }
  const file = createPrivate(path);
  try {
    writeAllRaw(file, text);
  } finally {
    closeSync(file);
  }
  tellUser(`${path}: ${what}; only you can read it`);
}
