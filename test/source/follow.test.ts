import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { random } from '../../models/random.ts';
import { rotatedSiblings } from '../../src-main/source/rotation.ts';
import { asSomebody } from './as-somebody.ts';
import { Reader } from './reader.ts';
import { scratch } from '../scratch.ts';
import { LogWriter, rotations, writeAtRandom, type Rotation } from './writer.ts';

const RUNS = Number(process.env.UBAD_RUNS ?? 100);

const newLog = (): string => join(scratch(), 'results.log');

type Step =
  | { readonly do: 'write'; readonly lines: number; readonly cut: number }
  | { readonly do: Rotation | (typeof others)[number] };
const others = ['stop', 'catch up', 'reopen', 'a moment passes', 'delete and create'] as const;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('write' as const), lines: fc.integer({ min: 1, max: 8 }), cut: fc.nat() }),
  },
  { weight: 3, arbitrary: fc.constantFrom(...rotations).map((what) => ({ do: what })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...others).map((what) => ({ do: what })),
  },
);

it('whatever happens to the log, and wherever it is stopped, every line comes once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 16 }), async (steps) => {
      const log = newLog();
      const writer = new LogWriter(log);
      // What has to be found again must have been met: a log is known by its first lines.
      writer.write(1);
      const reader = new Reader(log);
      try {
        await reader.until(1);
        for (const what of steps) {
          if (what.do === 'write') writer.write(what.lines, what.cut);
          else if (what.do === 'reopen') writer.reopen();
          else if (what.do === 'a moment passes') await new Promise((resolve) => setTimeout(resolve, 3));
          else if (what.do === 'catch up') await reader.until(writer.written.length);
          else if (what.do === 'delete and create') {
            // Only a reader that has it open can read the rest of what was deleted.
            writer.reopen();
            writer.write(1);
            await reader.until(writer.written.length);
            writer.write(3, 20);
            rmSync(log);
            writer.write(1);
            await reader.until(writer.written.length);
          } else if (what.do === 'stop') {
            // A writer that goes on in a renamed file is only followed by a reader that has it open.
            writer.reopen();
            await reader.stop();
            reader.start();
          } else {
            writer.rotate(what.do);
          }
        }
        writer.reopen();
        writer.write(1);
        await reader.until(writer.written.length);
        await reader.stop();
        expect(reader.texts).toEqual(writer.written);
        expect(reader.gaps).toEqual([]);
      } finally {
        await reader.stop();
      }
    }),
    { numRuns: RUNS, interruptAfterTimeLimit: 100_000 },
  );
}, 120_000);

describe('a log that cannot be read is a state with its cause, and heals by itself', () => {
  it.each([
    ['is missing', () => undefined, /does not exist yet/],
    [
      'is a folder',
      (log: string) => {
        mkdirSync(log);
      },
      /not a regular file/,
    ],
    ['is a pipe', (log: string) => execFileSync('mkfifo', [log]), /not a regular file/],
  ])('when it %s', async (_, make, cause) => {
    const log = newLog();
    make(log);
    const reader = new Reader(log);
    await expect.poll(() => reader.states.at(-1)).toMatchObject({ cause: expect.stringMatching(cause) as unknown });
    rmSync(log, { recursive: true, force: true });
    writeFileSync(log, 'healed\n');
    await reader.until(1);
    expect(reader.states.at(-1)).toEqual({ state: 'following', path: log });
    await reader.stop();
  });

  it.each([
    ['the log', (log: string) => log],
    ['its folder', dirname],
  ])('when this user may not read %s', async (_, lockedOf) => {
    const log = newLog();
    writeFileSync(log, 'healed\n');
    const locked = lockedOf(log);
    const { mode } = statSync(locked);
    chmodSync(locked, 0);
    await asSomebody(dirname(log), async () => {
      const reader = new Reader(log);
      await expect
        .poll(() => reader.states.at(-1))
        .toMatchObject({
          state: 'unreadable',
          cause: expect.stringMatching(/may not be read by this user; to allow it: sudo setfacl/) as unknown,
        });
      chmodSync(locked, mode);
      await reader.until(1);
      await expect.poll(() => reader.states.at(-1)).toEqual({ state: 'following', path: log });
      await reader.stop();
    });
  });

  it('also when the folder comes later', async () => {
    const log = join(newLog(), '..', 'osquery', 'results.log');
    const reader = new Reader(log);
    await expect.poll(() => reader.states.at(-1)?.state).toBe('missing');
    mkdirSync(join(log, '..'));
    writeFileSync(log, 'there\n');
    await reader.until(1);
    await reader.stop();
  });
});

it('follows a symbolic link', async () => {
  const log = newLog();
  writeFileSync(`${log}.real`, 'one\n');
  symlinkSync(`${log}.real`, log);
  const reader = new Reader(log);
  await reader.until(1);
  appendFileSync(`${log}.real`, 'two\n');
  await reader.until(2);
  await reader.stop();
});

it('begins at the end when it is told to, and reads a log that is created later from its start', async () => {
  const log = newLog();
  writeFileSync(log, 'old\n');
  const reader = new Reader(log, { startAt: 'end' });
  await expect.poll(() => reader.states.at(-1)?.state).toBe('following');
  await new Promise((resolve) => setTimeout(resolve, 100));
  appendFileSync(log, 'new\n');
  await reader.until(1);
  expect(reader.texts).toEqual(['new']);
  await reader.stop();
});

it.each([
  ['one line', 1],
  ['nothing', 0],
])('says when what was left of a replaced log, which had %s, is nowhere to be found', async (_, count) => {
  const log = newLog();
  writeFileSync(log, `${'x'.repeat(100)}\n`.repeat(count));
  const reader = new Reader(log);
  await expect.poll(() => reader.at?.line).toBe(count);
  await reader.stop();
  // Under another name first, that it has another inode.
  writeFileSync(`${log}.new`, 'new\n');
  renameSync(`${log}.new`, log);
  reader.start();
  await reader.until(count + 1);
  expect(reader.gaps).toEqual([
    expect.stringContaining(`was replaced while nobody read it; what was written to the old file after line ${count} `),
  ]);
  await reader.stop();
});

it('leaves no file and no watch open behind it', async () => {
  const handles = (): number => readdirSync('/proc/self/fd').length;
  const log = newLog();
  writeFileSync(log, 'x\n');
  const warm = new Reader(log);
  await warm.until(1);
  await warm.stop();
  const before = handles();
  for (let i = 0; i < 10; i++) {
    const reader = new Reader(log);
    await reader.until(1);
    await reader.stop();
  }
  expect(handles()).toBeLessThanOrEqual(before);
});

it('knows the rotated files of a log, oldest first, whatever their times say', async () => {
  const log = newLog();
  const names = ['.1', '.2', '.10.zst', '.3.gz', '.2.gz', '.0', '.bak', '.1.txt', '.conf', ''];
  for (const name of names) writeFileSync(log + name, 'x\n');
  writeFileSync(log + '.4', '');
  const found = (await rotatedSiblings(log)).map((path) => path.slice(log.length));
  expect(found).toEqual(['.10.zst', '.3.gz', '.2', '.1', '.0']);
});

it('knows dated names, also before the extension', async () => {
  const log = newLog();
  const folder = join(log, '..');
  for (const name of ['results.log-20260301', 'results-20260201.log.gz', 'results.log.2026-01-01T10']) {
    writeFileSync(join(folder, name), 'x\n');
  }
  expect(await rotatedSiblings(log)).toEqual(
    ['results.log.2026-01-01T10', 'results-20260201.log.gz', 'results.log-20260301'].map((name) => join(folder, name)),
  );
});

it('puts the names of a habit that was given up before those of the present one', async () => {
  const log = newLog();
  const age = (name: string, seconds: number): void => {
    writeFileSync(log + name, 'x\n');
    utimesSync(log + name, seconds, seconds);
  };
  age('.2', 1000);
  age('.1', 2000);
  age('-20260101', 3000);
  const marks = async (): Promise<string[]> => (await rotatedSiblings(log)).map((path) => path.slice(log.length));
  expect(await marks()).toEqual(['.2', '.1', '-20260101']);
  age('.1', 4000);
  expect(await marks()).toEqual(['-20260101', '.2', '.1']);
});

it.each([1, 2, 3])('keeps up with a writer that writes and rotates as it likes (seed %i)', async (seed) => {
  const log = newLog();
  const writer = new LogWriter(log);
  writer.write(1);
  const reader = new Reader(log);
  await reader.until(1);
  const next = random(seed);
  await writeAtRandom(writer, 300, next, () => new Promise((resolve) => setTimeout(resolve, next() * 3)));
  writer.write(1);
  await reader.until(writer.written.length);
  await reader.stop();
  expect(reader.texts).toEqual(writer.written);
});
