import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { follow } from '../../src-main/source/follow.ts';
import { stateOf } from '../../src-main/source/states.ts';
import { Reader } from './reader.ts';
import { scratch } from '../scratch.ts';
import { LogWriter } from './writer.ts';

/** So slow that only inotify can have told. */
const NEVER = 600_000;
const newLog = (): string => join(scratch(), 'results.log');
const lineOf = (word: string): string => `${word} ${'x'.repeat(80)}`;
const readers: Reader[] = [];
function read(...given: ConstructorParameters<typeof Reader>): Reader {
  const reader = new Reader(...given);
  readers.push(reader);
  return reader;
}
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.stop();
});

describe('a half line', () => {
  it('waits, also when its log is renamed, until a later file holds something; then it is a line', async () => {
    const log = newLog();
    writeFileSync(log, `${lineOf('one')}\nhalf`);
    const reader = read(log);
    await reader.until(1);
    renameSync(log, `${log}.1`);
    writeFileSync(log, '');
    await pause(120);
    expect(reader.texts).toHaveLength(1);
    appendFileSync(`${log}.1`, ' and the rest of it');
    appendFileSync(log, 'next\n');
    await reader.until(3);
    expect(reader.texts.slice(1)).toEqual(['half and the rest of it', 'next']);
  });

  it('that was there at the start comes whole when reading begins at the end, with its number', async () => {
    const log = newLog();
    writeFileSync(log, 'one\ntwo\nthr');
    const reader = read(log, { startAt: 'end' });
    await expect.poll(() => reader.at?.line).toBe(2);
    appendFileSync(log, 'ee\n');
    await reader.until(1);
    expect([reader.texts, reader.numbers]).toEqual([['three'], [3]]);
  });
});

describe('copytruncate', () => {
  it('under a writer that does not append leaves NULs, more than a line may be long, and loses no line', async () => {
    const log = newLog();
    const writer = openSync(log, 'w');
    writeSync(writer, `${lineOf('old')}\n`.repeat(20_000));
    const reader = read(log, { maxLineBytes: 100_000, maxBatchLines: 5000 });
    await reader.until(20_000);
    copyFileSync(log, `${log}.1`);
    truncateSync(log, 0);
    writeSync(writer, `${lineOf('new')}\n`);
    closeSync(writer);
    await reader.until(20_001);
    expect(reader.texts.at(-1)).toBe(lineOf('new'));
    expect(reader.refused).toEqual([]);
  });

  it('of a log that was still empty when it was last looked at: its lines do not wait for the next one', async () => {
    const log = newLog();
    writeFileSync(log, `${lineOf('one')}\n`);
    const reader = read(log);
    await reader.until(1);
    await reader.stop();
    renameSync(log, `${log}.2`);
    writeFileSync(log, '');
    reader.start();
    await pause(100);
    appendFileSync(log, `${lineOf('two')}\n`);
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    await reader.until(2);
    expect(reader.texts).toEqual(['one', 'two'].map(lineOf));
  });

  it.each(['one byte', 'all but its end'])(
    'of a log of which only the beginning of a line was seen, %s: its lines are read from the copy',
    async (much) => {
      const log = newLog();
      writeFileSync(log, `${lineOf('one')}\n`);
      const reader = read(log);
      await reader.until(1);
      renameSync(log, `${log}.2`);
      const line = `${lineOf('two')}\n`;
      const seen = much === 'one byte' ? 1 : line.length - 1;
      writeFileSync(log, line.slice(0, seen));
      await pause(150);
      appendFileSync(log, line.slice(seen));
      copyFileSync(log, `${log}.1`);
      truncateSync(log);
      appendFileSync(log, `${lineOf('three')}\n`);
      await reader.until(3);
      expect(reader.texts).toEqual(['one', 'two', 'three'].map(lineOf));
      expect(reader.gaps).toEqual([]);
    },
  );

  it.each([false, true])('of a log that was empty when reading stopped, with others before it: %s', async (others) => {
    const log = newLog();
    if (others) writeFileSync(`${log}.1`, `${lineOf('long ago')}\n`);
    writeFileSync(log, '');
    const reader = read(log);
    await expect.poll(() => reader.at?.offset).toBe(0);
    await reader.stop();
    if (others) renameSync(`${log}.1`, `${log}.2`);
    appendFileSync(log, `${lineOf('one')}\n`);
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    appendFileSync(log, `${lineOf('two')}\n`);
    reader.start();
    await reader.until(2);
    expect(reader.texts).toEqual(['one', 'two'].map(lineOf));
    expect(reader.gaps).toEqual([]);
  });

  it('of a log that was empty when reading stopped, not emptied yet: what both hold comes once', async () => {
    const log = newLog();
    writeFileSync(log, '');
    const reader = read(log);
    await expect.poll(() => reader.at?.offset).toBe(0);
    await reader.stop();
    appendFileSync(log, `${lineOf('one')}\n`);
    copyFileSync(log, `${log}.1`);
    reader.start();
    await reader.until(1);
    await pause(150);
    truncateSync(log);
    appendFileSync(log, `${lineOf('two')}\n`);
    await reader.until(2);
    expect(reader.texts).toEqual(['one', 'two'].map(lineOf));
    expect(reader.gaps).toEqual([]);
  });

  it('that is made but has not emptied the log yet, which grew meanwhile: what both hold comes once', async () => {
    const log = newLog();
    writeFileSync(log, `${lineOf('one')}\n`);
    const reader = read(log);
    await reader.until(1);
    await reader.stop();
    renameSync(log, `${log}.2`);
    writeFileSync(log, `${lineOf('two')}\n`);
    copyFileSync(log, `${log}.1`);
    appendFileSync(log, `${lineOf('three')}\n`);
    reader.start();
    await reader.until(3);
    truncateSync(log);
    appendFileSync(log, `${lineOf('four')}\n`);
    await reader.until(4);
    expect(reader.texts).toEqual(['one', 'two', 'three', 'four'].map(lineOf));
    expect(reader.gaps).toEqual([]);
  });

  it('is noticed also when the log has grown beyond the old place', async () => {
    const log = newLog();
    writeFileSync(log, `${lineOf('old')}\n`);
    const reader = read(log);
    await reader.until(1);
    await reader.stop();
    copyFileSync(log, `${log}.1`);
    writeFileSync(log, ['a', 'b', 'c'].map((word) => `${lineOf(word)}\n`).join(''));
    reader.start();
    await reader.until(4);
    expect(reader.texts).toEqual(['old', 'a', 'b', 'c'].map(lineOf));
  });

  it('without a copy tells how many bytes are known to be lost', async () => {
    const log = newLog();
    writeFileSync(log, `${lineOf('one')}\nhalf`);
    const reader = read(log);
    await reader.until(1);
    writeFileSync(log, 'new\n');
    await reader.until(2);
    expect(reader.gaps).toEqual([expect.stringMatching(/emptied .* after line 1 .*: 4 bytes are known to be lost$/)]);
  });
});

it.each([true, false])(
  'a log that lost its end is not read again from its start (reader there: %s)',
  async (isThere) => {
    const log = newLog();
    const lines = Array.from({ length: 40 }, (_, i) => lineOf(`line ${i + 1}`));
    const start = `${lines.slice(0, 30).join('\n')}\n`;
    writeFileSync(log, `${lines.join('\n')}\n`);
    const reader = read(log);
    await reader.until(40);
    if (!isThere) await reader.stop();
    truncateSync(log, start.length);
    if (!isThere) reader.start();
    await expect
      .poll(() => reader.gaps)
      .toEqual([expect.stringMatching(/lost its end: 40 lines of it were read, 30 are left/)]);
    appendFileSync(log, `${lineOf('new')}\n`);
    await reader.until(41);
    await pause(100);
    expect(reader.texts).toEqual([...lines, lineOf('new')]);
    expect(reader.numbers.at(-1)).toBe(31);
    expect(reader.gaps).toHaveLength(1);
  },
);

it('reads on through the archives that osquery made meanwhile, in order though the older one is newer by its time', async () => {
  const log = newLog();
  const writer = new LogWriter(log);
  writer.write(3);
  const reader = read(log);
  await reader.until(3);
  await reader.stop();
  for (let rotation = 0; rotation < 4; rotation++) {
    writer.write(2);
    writer.rotate('as osquery does');
  }
  writer.write(1);
  expect(readdirSync(join(log, '..')).sort()).toContain('results.log.4.zst');
  reader.start();
  await reader.until(12);
  expect(reader.texts).toEqual(writer.written);
});

it('reads once what is being compressed: the archive is there, unfinished, beside the plain file', async () => {
  const log = newLog();
  writeFileSync(log, `${lineOf('one')}\n`);
  const reader = read(log);
  await reader.until(1);
  await reader.stop();
  renameSync(log, `${log}.1`);
  const second = Array.from({ length: 9000 }, (_, i) => lineOf(`two ${(i * 2654435761).toString(36)}`));
  writeFileSync(`${log}.0`, second.map((line) => `${line}\n`).join(''));
  const archive = zstdCompressSync(second.map((line) => `${line}\n`).join(''));
  renameSync(`${log}.1`, `${log}.3`);
  renameSync(`${log}.0`, `${log}.1`);
  writeFileSync(`${log}.2.zst`, archive.subarray(0, archive.length - 100));
  writeFileSync(log, `${lineOf('three')}\n`);
  reader.start();
  await reader.until(9002);
  expect(reader.texts).toEqual([lineOf('one'), ...second, lineOf('three')]);
  expect(reader.gaps).toEqual([]);
});

it('counts a line past the cap and reads the next', async () => {
  const log = newLog();
  writeFileSync(log, `a\n${'x'.repeat(300_000)}\nb\n`);
  const reader = read(log, { maxLineBytes: 1000 });
  await reader.until(2);
  expect([reader.texts, reader.numbers]).toEqual([
    ['a', 'b'],
    [1, 3],
  ]);
  expect(reader.refused).toEqual([{ number: 2, reason: 'too-long' }]);
});

it('hands on a batch when it has enough bytes, however few its lines', async () => {
  const log = newLog();
  writeFileSync(log, `${'x'.repeat(50_000)}\n`.repeat(20));
  const stop = new AbortController();
  const sizes: number[] = [];
  for await (const { lines } of follow(log, { signal: stop.signal, startAt: 'beginning', maxBatchBytes: 100_000 })) {
    sizes.push(lines.length);
    if (sizes.reduce((sum, size) => sum + size, 0) === 20) stop.abort();
  }
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
});

describe('inotify', () => {
  it.each([
    ['the log', (log: string) => log],
    ['the target of a symbolic link', newLog],
    ['the target of a symbolic link in the same folder', (log: string) => join(log, '..', 'target.log')],
  ])('tells of changes of %s', async (_, targetOf) => {
    const log = newLog();
    const target = targetOf(log);
    if (target !== log) symlinkSync(target, log);
    writeFileSync(target, '');
    const reader = read(log, { pollMs: NEVER });
    for (let i = 1; i <= 3; i++) {
      await pause(40);
      appendFileSync(target, `${i}\n`);
      await reader.until(i);
    }
  });

  it('goes on when the folder is replaced by another one', async () => {
    const folder = join(newLog(), '..', 'osquery');
    const log = join(folder, 'results.log');
    mkdirSync(folder);
    writeFileSync(log, `${lineOf('one')}\n`);
    const reader = read(log, { pollMs: 200 });
    await reader.until(1);
    renameSync(folder, `${folder}.old`);
    mkdirSync(folder);
    writeFileSync(log, `${lineOf('two')}\n`);
    await reader.until(2);
    expect(reader.texts).toEqual(['one', 'two'].map(lineOf));
  });
});

it('reads nothing while nothing happens', async () => {
  const log = newLog();
  writeFileSync(log, 'one\n');
  const handle = await open(log);
  const reads = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, 'read');
  await handle.close();
  const reader = read(log, { pollMs: NEVER });
  await reader.until(1);
  await pause(150);
  const before = reads.mock.calls.length;
  expect(before).toBeGreaterThan(0);
  // Another log of the same folder is none of its business.
  writeFileSync(join(log, '..', 'snapshots.log'), 'x\n');
  await pause(250);
  expect(reads.mock.calls.length).toBe(before);
  reads.mockRestore();
});

it('ends at once when it is told to, while it waits', async () => {
  const log = newLog();
  writeFileSync(log, 'one\n');
  const reader = read(log, { pollMs: NEVER });
  await reader.until(1);
  await expect(Promise.race([reader.stop(), pause(2000, 'late')])).resolves.toBeUndefined();
});

it('closes the rotated file that it reads when the consumer goes away', async () => {
  const log = newLog();
  const writer = new LogWriter(log);
  writer.write(1);
  const reader = read(log);
  await reader.until(1);
  await reader.stop();
  writer.write(5000);
  writer.rotate('rename and create');
  const openFiles = (): number => readdirSync('/proc/self/fd').length;
  const before = openFiles();
  for (let i = 0; i < 5; i++) {
    const signal = new AbortController().signal;
    for await (const batch of follow(log, { signal, startAt: 'beginning', from: reader.at!, maxBatchLines: 3 })) {
      expect(batch.lines[0]?.number).toBe(2);
      break;
    }
  }
  expect(openFiles()).toBeLessThanOrEqual(before);
});

it('names the commands that let this user read, for good', () => {
  const state = stateOf('/var/log/osquery/results.log', Object.assign(new Error('no'), { code: 'EACCES' }));
  expect(state.state).toBe('unreadable');
  expect('cause' in state && state.cause).toMatch(
    /setfacl -m u:\S+:rx \/var\/log\/osquery; sudo setfacl -d -m u:\S+:r \/var\/log\/osquery; sudo setfacl -m u:\S+:r \/var\/log\/osquery\/results\.log$/,
  );
});
