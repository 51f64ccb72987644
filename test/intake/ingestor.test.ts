import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import type { Batch } from '../../src-main/contract/batch.ts';
import { Ingestor } from '../../src-main/intake/ingestor.ts';
import { scratch } from '../scratch.ts';

/** A ingestor of an engine that only keeps what it is given. */
function feeding(): { ingestor: Ingestor; lines: string[] } {
  const lines: string[] = [];
  const nothing = (): void => undefined;
  const ingestor = new Ingestor({
    engine: {
      checkpoint: () => Promise.resolve(null),
      ingest: ({ lines: read, checkpoint }: Batch) => {
        lines.push(...read.map(({ text }) => text));
        return Promise.resolve({ stored: true, checkpoint });
      },
    },
    whenUp: () => Promise.resolve(),
    onSource: nothing,
    onProblem: nothing,
    onNotice: nothing,
    onStored: nothing,
  });
  onTestFinished(() => ingestor.stop());
  return { ingestor, lines };
}

it('of two starts at once the last one reads, alone, and can be stopped', async () => {
  const folder = scratch();
  const log = join(folder, 'results.log');
  writeFileSync(log, 'one\n');
  const { ingestor, lines } = feeding();
  await Promise.all([ingestor.start(log), ingestor.start(log)]);
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  appendFileSync(log, 'two\n');
  await expect.poll(() => lines).toContain('two');
  expect(lines).toEqual(['one', 'two']);
  await ingestor.stop();
  appendFileSync(log, 'three\n');
  // Longer than the log is looked at again.
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(lines).toEqual(['one', 'two']);
});

it('stops at once while a full disk is answered, whenever that is', async () => {
  const log = join(scratch(), 'results.log');
  writeFileSync(log, 'one\n');
  const nothing = (): void => undefined;
  let answer: (() => void) | undefined;
  const ingestor = new Ingestor({
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
    onProblem: nothing,
    onNotice: nothing,
    onStored: nothing,
    retryMs: 60_000,
  });
  await ingestor.start(log);
  await expect.poll(() => answer).toBeDefined();
  const stopped = ingestor.stop();
  answer!();
  const late = new Promise((resolve) => setTimeout(resolve, 3000, 'late'));
  expect(await Promise.race([stopped, late])).toBeUndefined();
});
