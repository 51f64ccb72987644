import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

import { expect, it, onTestFinished, vi } from 'vitest';

import { isExhausted, isPassing } from '../../src-main/source/states.ts';
import { scratch } from '../scratch.ts';
import { Reader } from './reader.ts';
import { LogWriter, type Rotation } from './writer.ts';

const failed = (code: string): Error => Object.assign(new Error(code), { code });

it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'Unknown system error -122'])('%s is worth another attempt', (code) => {
  expect(isPassing(failed(code))).toBe(true);
});

it.each(['EACCES', 'EPERM', 'ENOENT', 'Z_DATA_ERROR'])('%s is not', (code) => {
  expect(isPassing(failed(code))).toBe(false);
});

it('of a failing disk alone something is known of the file: it is passed over in the end', () => {
  expect([isExhausted(failed('EMFILE')), isExhausted(failed('EIO'))]).toEqual([true, false]);
});

/** Every read of a file fails in this way, until the end of the test. */
function failReads(path: string, code: string): void {
  const real = promises.open;
  const opening = vi.spyOn(promises, 'open').mockImplementation(async (...parameters) => {
    if (parameters[0] === path) throw Object.assign(failed(code), { syscall: 'open' });
    return real(...parameters);
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    opening.mockRestore();
    syncBuiltinESMExports();
  });
}

it.each([
  ['EMFILE', 'rename and create', 50],
  ['EIO', 'rename and create', 60_000],
  // Known by its beginning alone.
  ['EMFILE', 'copytruncate', 50],
  ['EIO', 'copytruncate', 60_000],
  ['Unknown system error -122', 'copytruncate', 60_000],
] as const)('a rotated file that gives %s is waited for, also after %s', async (code, how, retryForMs) => {
  const { reader, writer } = await met(how);
  failReads(`${writer.log}.1`, code);
  reader.retryForMs = retryForMs;
  reader.start();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(reader.texts).toHaveLength(3);
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  await reader.until(6);
  expect(reader.gaps).toEqual([]);
  await reader.stop();
});

it('one that a disk does not give is passed over in the end, and that is told', async () => {
  const { reader, writer } = await met();
  failReads(`${writer.log}.1`, 'EIO');
  reader.retryForMs = 100;
  reader.start();
  await reader.until(4);
  expect(reader.gaps.join()).toMatch(/EIO.*was not read/);
  await reader.stop();
});

/** Three lines read; two more, rotated away while nobody read; one more. */
async function met(how: Rotation = 'rename and create'): Promise<{ reader: Reader; writer: LogWriter }> {
  const writer = new LogWriter(join(scratch(), 'results.log'));
  writer.write(3);
  const reader = new Reader(writer.log);
  await reader.until(3);
  await reader.stop();
  writer.write(2);
  writer.rotate(how);
  writer.write(1);
  return { reader, writer };
}
