import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Checkpoint, SourceState } from '../../src-main/contract.ts';
import { follow, type FollowOptions } from '../../src-main/source/follow.ts';
import { rotatedSiblings } from '../../src-main/source/rotation.ts';

const newLog = (): string => join(mkdtempSync(join(tmpdir(), 'ubad-follow-')), 'results.log');

/** A reader of a log that can be stopped and started again where it was. */
class Reader {
  readonly texts: string[] = [];
  readonly states: SourceState[] = [];
  readonly gaps: string[] = [];
  readonly #path: string;
  readonly #options: Partial<FollowOptions>;
  #at: Checkpoint | undefined;
  #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();

  constructor(path: string, options: Partial<FollowOptions> = {}) {
    this.#path = path;
    this.#options = options;
    this.start();
  }

  start(): void {
    this.#stop = new AbortController();
    this.#done = this.#run(this.#stop.signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  /** Waits until so many lines have come; fails loudly when they do not. */
  async until(count: number): Promise<void> {
    const deadline = performance.now() + 4000;
    while (this.texts.length < count) {
      if (performance.now() > deadline)
        throw new Error(`${this.texts.length} of ${count} lines came: ${this.texts.slice(-3).join(' | ')}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const from = this.#at && { from: this.#at };
    const source = follow(this.#path, {
      ...{ signal, startAt: 'beginning', pollMs: 50, maxBatchLines: 3 },
      ...{ onState: (state) => this.states.push(state), onGap: (gap) => this.gaps.push(gap) },
      ...this.#options,
      ...from,
    });
    for await (const { lines, checkpoint } of source) {
      for (const { text } of lines) this.texts.push(text);
      this.#at = checkpoint;
    }
  }
}

/** What may happen to a log. Each gets the log and the rotation's number. */
const events = {
  rename: (log: string, n: number) => {
    renameSync(log, `${log}.${1000 - n}`);
    writeFileSync(log, '');
  },
  'rename, created with the next line': (log: string, n: number) => {
    renameSync(log, `${log}.${1000 - n}`);
  },
  copytruncate: (log: string, n: number) => {
    copyFileSync(log, `${log}.${1000 - n}`);
    truncateSync(log, 0);
  },
  'rename and gzip': (log: string, n: number) => {
    writeFileSync(`${log}.${1000 - n}.gz`, gzipSync(readFileSync(log)));
    rmSync(log);
  },
  'rename and zstd': (log: string, n: number) => {
    writeFileSync(`${log}.${1000 - n}.zst`, zstdCompressSync(readFileSync(log)));
    rmSync(log);
  },
};

type Step =
  | { readonly do: 'write'; readonly lines: number; readonly cut: number }
  | { readonly do: keyof typeof events | 'stop' | 'catch up' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('write' as const), lines: fc.integer({ min: 1, max: 8 }), cut: fc.nat() }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...(Object.keys(events) as (keyof typeof events)[])).map((what) => ({ do: what })),
  },
  { weight: 2, arbitrary: fc.constantFrom('stop' as const, 'catch up' as const).map((what) => ({ do: what })) },
);

it('whatever happens to the log, and wherever it is stopped, every line comes once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const log = newLog();
      writeFileSync(log, '');
      const written: string[] = [];
      const reader = new Reader(log);
      try {
        for (const [n, what] of steps.entries()) {
          if (what.do === 'write') {
            const lines = Array.from(
              { length: what.lines },
              () => `{"n":${written.length},"text":"${'é'.repeat(40)}","more":${written.push('')}}`,
            );
            written.splice(written.length - lines.length, lines.length, ...lines);
            const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
            appendFileSync(log, bytes.subarray(0, what.cut % bytes.length));
            appendFileSync(log, bytes.subarray(what.cut % bytes.length));
          } else if (what.do === 'stop') {
            await reader.stop();
            reader.start();
          } else if (what.do === 'catch up') await reader.until(written.length);
          else if (
            written.length > 0 &&
            readdirSync(join(log, '..')).includes('results.log') &&
            readFileSync(log).length > 0
          ) {
            // An empty or missing log is not rotated; what must be found again has to be known by then.
            await reader.until(written.length > 3 ? 1 : written.length);
            events[what.do](log, n);
          }
        }
        appendFileSync(log, 'last\n');
        await reader.until(written.length + 1);
        expect(reader.texts).toEqual([...written, 'last']);
        expect(reader.gaps).toEqual([]);
      } finally {
        await reader.stop();
      }
    }),
    { numRuns: 80, interruptAfterTimeLimit: 60_000 },
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

it('says when what was left of a replaced log is nowhere to be found', async () => {
  const log = newLog();
  const line = `${'x'.repeat(100)}\n`;
  writeFileSync(log, line);
  const reader = new Reader(log);
  await reader.until(1);
  await reader.stop();
  rmSync(log);
  writeFileSync(log, 'new\n');
  reader.start();
  await reader.until(2);
  expect(reader.gaps).toHaveLength(1);
  expect(reader.gaps[0]).toMatch(/was replaced while nobody read it; what was written to the old file after line 1 /);
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

it('knows the rotated files of a log, oldest first', async () => {
  const log = newLog();
  for (const name of ['.3.gz', '.2', '.1', '-20260101', '.bak', '.1.txt']) {
    writeFileSync(log + name, 'x\n');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const found = (await rotatedSiblings(log)).map((path) => path.slice(log.length));
  expect(found).toEqual(['.3.gz', '.2', '.1', '-20260101']);
});
