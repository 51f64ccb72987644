import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import type { Batch } from '../../src-main/contract/batch.ts';
import { Feeder } from '../../src-main/intake/feeder.ts';
import { scratch } from '../scratch.ts';

/** A feeder of an engine that only keeps what it is given. */
function feeding(): { feeder: Feeder; lines: string[] } {
  const lines: string[] = [];
  const nothing = (): void => undefined;
  const feeder = new Feeder({
    engine: {
      checkpoint: () => Promise.resolve(null),
      ingest: ({ lines: read, checkpoint }: Batch) => {
        lines.push(...read.map(({ text }) => text));
        return Promise.resolve({ stored: true, checkpoint });
      },
    },
    whenUp: () => Promise.resolve(),
    onSource: nothing,
    onTrouble: nothing,
    onNotice: nothing,
    onStored: nothing,
  });
  onTestFinished(() => feeder.stop());
  return { feeder, lines };
}

it('of two starts at once the last one reads, alone, and can be stopped', async () => {
  const folder = scratch();
  const log = join(folder, 'results.log');
  writeFileSync(log, 'one\n');
  const { feeder, lines } = feeding();
  await Promise.all([feeder.start(log), feeder.start(log)]);
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  appendFileSync(log, 'two\n');
  await expect.poll(() => lines).toContain('two');
  expect(lines).toEqual(['one', 'two']);
  await feeder.stop();
  appendFileSync(log, 'three\n');
  // Longer than the log is looked at anew.
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(lines).toEqual(['one', 'two']);
});

it('stops at once while a full disk is answered, whenever that is', async () => {
  const log = join(scratch(), 'results.log');
  writeFileSync(log, 'one\n');
  const nothing = (): void => undefined;
  let answer: (() => void) | undefined;
  const feeder = new Feeder({
    engine: {
      checkpoint: () => Promise.resolve(null),
      ingest: ({ checkpoint, lines }) =>
        new Promise((resolve) => {
          if (lines.length === 0) resolve({ stored: true, checkpoint });
          else
            answer = () => {
              resolve({ stored: false, problem: 'The disk is full.' });
            };
        }),
    },
    whenUp: () => Promise.resolve(),
    onSource: nothing,
    onTrouble: nothing,
    onNotice: nothing,
    onStored: nothing,
    retryMs: 60_000,
  });
  await feeder.start(log);
  await expect.poll(() => answer).toBeDefined();
  const stopped = feeder.stop();
  answer!();
  const late = new Promise((resolve) => setTimeout(resolve, 3000, 'late'));
  expect(await Promise.race([stopped, late])).toBeUndefined();
});
