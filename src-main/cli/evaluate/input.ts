import { readFileSync } from 'node:fs';

import { exitCodes, Failure } from '../failure.ts';

export const inputFailure = (path: string, what: string): Failure =>
  new Failure(`${path}: ${what}.`, exitCodes.unreadable);

/** @throws Failure saying why it cannot be read */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw inputFailure(path, code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`);
  }
}

/**
 * What stands in a file of one JSON object a line; empty lines are passed over.
 * @param take the object of a 1-based line as what is wanted, or undefined
 * @param needs what an object needs to be taken, for whoever gave another one
 * @throws Failure naming the first line that is none
 */
export function readJsonLines<T>(
  path: string,
  take: (object: Record<string, unknown>, line: number) => T | undefined,
  needs: string,
): T[] {
  return readText(path)
    .split('\n')
    .flatMap((text, l) => {
      if (text.trim() === '') return [];
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        throw inputFailure(path, `line ${l + 1} is not JSON`);
      }
      const taken =
        typeof value === 'object' && value !== null ? take(value as Record<string, unknown>, l + 1) : undefined;
      if (taken === undefined) throw inputFailure(path, `line ${l + 1} ${needs}`);
      return [taken];
    });
}
