import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { scratch } from '../scratch.ts';
import { asSomebody } from './as-somebody.ts';
import { Reader } from './reader.ts';
import { LogWriter, rotations } from './writer.ts';

const newLog = (): string => join(scratch(), 'results.log');
const lineOf = (word: string): string => `${word} ${'x'.repeat(80)}`;
const put = (path: string, ...words: string[]): void => {
  appendFileSync(path, words.map((word) => `${lineOf(word)}\n`).join(''));
};
const readers: Reader[] = [];
function read(...given: ConstructorParameters<typeof Reader>): Reader {
  const reader = new Reader(...given);
  readers.push(reader);
  return reader;
}
const words = (reader: Reader): string[] => reader.texts.map((text) => text.split(' ')[0]!);
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.stop();
});

describe.each([
  ['deleted', rmSync],
  [
    'renamed out of sight',
    (log: string) => {
      renameSync(log, `${log}.aside`);
    },
  ],
])('a log is %s, and its successor is rotated before anybody looks', (_, hide) => {
  it.each([
    ['with nothing rotated before it', [], true],
    ['with older ones, of which all was read', ['.2', '.1'], true],
    ['with nothing rotated before it, while nobody reads', [], false],
    ['with older ones, while nobody reads', ['.2', '.1'], false],
  ])('%s: its lines come, in order', async (_, older, isThere) => {
    const log = newLog();
    for (const mark of older) put(log + mark, `old${mark}`);
    put(log, 'one');
    const reader = read(log, { pollMs: 100 });
    await reader.until(1);
    if (!isThere) await reader.stop();
    hide(log);
    if (older.length > 0) renameSync(`${log}.2`, `${log}.3`);
    if (older.length > 0) renameSync(`${log}.1`, `${log}.2`);
    put(`${log}.1`, 'two', 'three');
    put(log, 'four');
    if (!isThere) reader.start();
    await reader.until(4);
    put(log, 'five');
    await reader.until(5);
    expect(words(reader)).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(reader.gaps).toHaveLength(isThere ? 0 : 1);
  });
});

it('later files are known by their times where the one before is gone too', async () => {
  const log = newLog();
  put(`${log}.2`, 'older');
  put(`${log}.1`, 'old');
  await pause(20);
  put(log, 'one');
  const reader = read(log);
  await reader.until(1);
  await reader.stop();
  await pause(20);
  rmSync(log);
  renameSync(`${log}.2`, `${log}.3`);
  rmSync(`${log}.1`);
  put(`${log}.2`, 'two');
  put(`${log}.1`, 'three');
  put(log, 'four');
  reader.start();
  await reader.until(4);
  expect(words(reader)).toEqual(['one', 'two', 'three', 'four']);
});

it('of a checkpoint of an older version nothing is read twice, and the gap is told', async () => {
  const log = newLog();
  put(`${log}.1`, 'old');
  put(log, 'one');
  const reader = read(log);
  await reader.until(1);
  await reader.stop();
  const { mtimeMs: _, before: __, ...older } = reader.at!;
  reader.at = older;
  rmSync(log);
  put(log, 'two');
  reader.start();
  await reader.until(2);
  expect(words(reader)).toEqual(['one', 'two']);
  expect(reader.gaps).toHaveLength(1);
});

it('away for longer than rotation keeps files: what is left of them is read in order, and the gap is told', async () => {
  const away = fc.record({
    rotated: fc.integer({ min: 1, max: 6 }),
    kept: fc.integer({ min: 0, max: 4 }),
    how: fc.constantFrom(...rotations),
    isLive: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(away, async ({ rotated, kept, how, isLive }) => {
      const writer = new LogWriter(newLog());
      writer.write(2);
      const reader = read(writer.log);
      await reader.until(2);
      await reader.stop();
      // The log that was read is the oldest of those that are rotated away; what is kept of it is found.
      for (let r = 0; r <= rotated; r++) {
        writer.rotate(how);
        writer.reopen();
        writer.write(3);
      }
      writer.forget(kept);
      if (!isLive) writer.rotate('rename, created with the next line');
      reader.start();
      const isLost = kept < rotated + 1;
      const left = isLost ? 3 * (kept + 1) : 3 * (rotated + 1);
      await reader.until(2 + left);
      writer.write(1);
      await reader.until(2 + left + 1);
      await reader.stop();
      expect(reader.texts).toEqual([...writer.written.slice(0, 2), ...writer.written.slice(-left - 1)]);
      expect(reader.gaps).toHaveLength(isLost ? 1 : 0);
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('looks into each of many rotated files a fixed number of times', async () => {
  const handle = await open(import.meta.filename);
  const reads = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read');
  await handle.close();
  const readsFor = async (files: number): Promise<number> => {
    const writer = new LogWriter(newLog());
    writer.write(1);
    const reader = read(writer.log);
    await reader.until(1);
    await reader.stop();
    for (let f = 0; f < files; f++) {
      renameSync(writer.log, `${writer.log}-${20_260_101 + f}`);
      writer.write(1);
    }
    const before = reads.mock.calls.length;
    reader.start();
    await reader.until(1 + files);
    await reader.stop();
    return reads.mock.calls.length - before;
  };
  const [few, many] = [await readsFor(20), await readsFor(80)];
  reads.mockRestore();
  expect(many / few).toBeLessThan(6);
});

describe('archives that cannot be unpacked here', () => {
  const xz = Buffer.from('fd377a585a000004e6d6b446', 'hex');
  const bzip2 = Buffer.from('425a683931415926535900', 'hex');

  it.each([
    ['xz', '.xz', xz],
    ['bzip2', '.bz2', bzip2],
  ])('of %s are named with the command, and the others are read', async (packer, ending, bytes) => {
    const log = newLog();
    put(log, 'one');
    const reader = read(log);
    await reader.until(1);
    await reader.stop();
    renameSync(log, `${log}.3`);
    writeFileSync(`${log}.2${ending}`, bytes);
    put(`${log}.1`, 'three');
    put(log, 'four');
    reader.start();
    await reader.until(3);
    expect(words(reader)).toEqual(['one', 'three', 'four']);
    expect(reader.gaps).toEqual([
      `${log}.2${ending}: is packed with ${packer}, which is not read here; to unpack it: ${packer} -dk ${log}.2${ending}. The rest of it was not read.`,
    ]);
  });

  it.each([
    [true, 0],
    [false, 1],
  ])('say nothing of a log of which all was read before it was packed (reader there: %s)', async (isThere, told) => {
    const log = newLog();
    put(log, 'one');
    const reader = read(log);
    await reader.until(1);
    if (!isThere) await reader.stop();
    const { mtimeMs } = statSync(log);
    rmSync(log);
    writeFileSync(`${log}.1.bz2`, bzip2);
    // As bzip2 does it: to the second.
    utimesSync(`${log}.1.bz2`, Math.floor(mtimeMs / 1000), Math.floor(mtimeMs / 1000));
    put(log, 'two');
    if (!isThere) reader.start();
    await reader.until(2);
    expect(words(reader)).toEqual(['one', 'two']);
    expect(reader.gaps).toHaveLength(told);
  });
});

it.each([
  ['nothing', 'with the reader there', true],
  ['that it could not be read', 'while nobody read', false],
])('says %s of a log that was locked away %s, and reads on behind it', async (_, __, isThere) => {
  const log = newLog();
  put(log, 'one');
  await asSomebody(join(log, '..'), async () => {
    const reader = read(log);
    await reader.until(1);
    if (!isThere) await reader.stop();
    renameSync(log, `${log}.1`);
    chmodSync(`${log}.1`, 0);
    put(log, 'two');
    if (!isThere) reader.start();
    await reader.until(2);
    await reader.stop();
    expect(words(reader)).toEqual(['one', 'two']);
    expect(reader.gaps).toEqual(
      isThere ? [] : [expect.stringMatching(/results\.log\.1: EACCES.*The rest of it was not read\.$/)],
    );
  });
});

it('says where it does not look for a log that logrotate moved to another folder', async () => {
  const log = newLog();
  put(log, 'one');
  const reader = read(log);
  await reader.until(1);
  await reader.stop();
  put(log, 'lost');
  mkdirSync(join(log, '..', 'old'));
  renameSync(log, join(log, '..', 'old', 'results.log.1'));
  put(log, 'two');
  reader.start();
  await reader.until(2);
  expect(reader.gaps).toEqual([expect.stringMatching(/beside the log only, not where logrotate’s olddir puts them$/)]);
});

describe('beginning at the end', () => {
  it('of a log that may not be read at first: nothing of what was there, all of what is written since', async () => {
    const log = newLog();
    put(log, 'old', 'older');
    appendFileSync(log, 'half');
    const { mode } = statSync(log);
    chmodSync(log, 0);
    await asSomebody(join(log, '..'), async () => {
      const reader = read(log, { startAt: 'end' });
      await expect.poll(() => reader.states.at(-1)?.state).toBe('unreadable');
      chmodSync(log, mode);
      put(log, ' line');
      put(log, 'new');
      await reader.until(2);
      await reader.stop();
      expect([words(reader), reader.numbers]).toEqual([
        ['half', 'new'],
        [3, 4],
      ]);
    });
  });

  it('of a log in a folder that may not be looked into at first: what is there when it can be', async () => {
    const log = newLog();
    const folder = join(log, '..');
    put(log, 'old');
    await asSomebody(folder, async () => {
      const { mode } = statSync(folder);
      chmodSync(folder, 0);
      const reader = read(log, { startAt: 'end' });
      await expect.poll(() => reader.states.at(-1)?.state).toBe('unreadable');
      chmodSync(folder, mode);
      await expect.poll(() => reader.at?.line).toBe(1);
      put(log, 'new');
      await reader.until(1);
      await reader.stop();
      expect(words(reader)).toEqual(['new']);
    });
  });

  it.each(['beginning', 'end'] as const)(
    'of a log that is not there at first (%s): its first lines come also when it is rotated before anybody looks',
    async (startAt) => {
      const log = newLog();
      put(`${log}.1`, 'old');
      const reader = read(log, { startAt, pollMs: 200 });
      await expect.poll(() => reader.at?.line).toBe(0);
      renameSync(`${log}.1`, `${log}.2`);
      put(`${log}.1`, 'one', 'two');
      put(log, 'three');
      await reader.until(3);
      expect(words(reader)).toEqual(['one', 'two', 'three']);
      expect(reader.gaps).toEqual([]);
      expect(readdirSync(join(log, '..'))).toHaveLength(3);
    },
  );
});

it('a half line does not tell one log from another: what begins alike is read all the same', async () => {
  const writer = new LogWriter(
    join(scratch(), 'results.log'),
    (n) => `{"name":"${'the same for all '.repeat(8)}","n":${n}}`,
  );
  writer.write(1);
  const reader = new Reader(writer.log);
  await reader.until(1);
  writer.rotate('rename and create');
  writer.write(1);
  writer.rotate('rename and create');
  const line = Buffer.from(`{"name":"${'the same for all '.repeat(8)}","n":2}\n`);
  writer.written.push('half');
  writer.append(line.subarray(0, 64));
  await new Promise((resolve) => setTimeout(resolve, 80));
  writer.append(line.subarray(64));
  for (let again = 0; again < 2; again++) {
    writer.rotate('rename and create');
    writer.write(1);
  }
  await reader.until(5);
  await reader.stop();
  expect(reader.texts.map((text) => (JSON.parse(text) as { n: number }).n)).toEqual([0, 1, 2, 3, 4]);
});
