import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { ingest } from '../../src-main/intake/ingest.ts';
import { scratch } from '../scratch.ts';

it('tells what hinders storing at each attempt, and reads on when nothing does', async () => {
  const log = join(scratch(), 'results.log');
  writeFileSync(log, 'one\ntwo\nthree\n');
  const stop = new AbortController();
  onTestFinished(() => {
    stop.abort();
  });
  const told: (string | null)[] = [];
  const stored: string[] = [];
  let room = -2;
  await ingest<string>({
    log,
    from: null,
    startAt: 'beginning',
    signal: stop.signal,
    retryMs: 1,
    onProblem: (problem) => told.push(problem),
    store: ({ lines }) => {
      if (lines.some(({ text }) => text === 'two') && ++room < 1) return Promise.resolve('full');
      stored.push(...lines.map(({ text }) => text));
      return Promise.resolve(undefined);
    },
    onStored: () => {
      if (stored.at(-1) === 'three') stop.abort();
    },
  });
  expect([stored, told]).toEqual([
    ['one', 'two', 'three'],
    ['full', 'full', null],
  ]);
});

it('stores nothing more when it is told to stop while it waits', async () => {
  const log = join(scratch(), 'results.log');
  writeFileSync(log, 'one\n');
  const stop = new AbortController();
  onTestFinished(() => {
    stop.abort();
  });
  const stored: number[] = [];
  await ingest<string>({
    log,
    from: null,
    startAt: 'beginning',
    signal: stop.signal,
    onProblem: () => {
      stop.abort();
    },
    store: () => Promise.resolve('full'),
    onStored: ({ lines }) => {
      stored.push(lines.length);
    },
  });
  expect(stored).toEqual([]);
});
