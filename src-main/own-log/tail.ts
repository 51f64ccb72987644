import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

import { fieldsOf, kinds, writers } from '../contract/log-events.ts';
import { FILE } from './own-log.ts';
import { BOUNDS, generation } from './rotating-file.ts';

type Entry = Readonly<Record<string, string | number>>;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Of each file, its end. */
const MOST_BYTES = 256 * 1024;

/**
 * The newest entries of the log in a state folder, oldest first. Each is looked at again: what is no entry of ours, or has
 * a field more than it may, does not get through, whoever wrote it.
 */
export function tailOf(folder: string, most: number): readonly Entry[] {
  let entries: Entry[] = [];
  for (let back = 0; back < BOUNDS.files && entries.length < most; back++) {
    const older = endOf(generation(join(folder, FILE), back))
      .split('\n')
      .map(entryIn)
      .filter((entry) => entry !== undefined);
    entries = [...older, ...entries];
  }
  return entries.slice(-most);
}

function endOf(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const buffer = Buffer.alloc(MOST_BYTES);
    return buffer.toString(
      'utf8',
      0,
      readSync(file, buffer, 0, MOST_BYTES, Math.max(0, fstatSync(file).size - MOST_BYTES)),
    );
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function entryIn(line: string): Entry | undefined {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const entry = found as Readonly<Record<string, unknown>>;
  const fields = fieldsOf(entry);
  const { at, pid, what, times } = entry;
  const from = writers.find((one) => one === entry.from);
  if (!fields || typeof at !== 'string' || !TIME.test(at) || from === undefined) return undefined;
  const [level] = kinds[what as keyof typeof kinds];
  const numbers = Object.entries({ pid, times }).filter((one): one is [string, number] => typeof one[1] === 'number');
  return { at, level, from, what: what as string, ...fields, ...Object.fromEntries(numbers) };
}
