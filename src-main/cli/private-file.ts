import { openSync } from 'node:fs';
import { resolve } from 'node:path';

import { exitCodes, Failure } from './failure.ts';

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
