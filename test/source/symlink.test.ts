import { appendFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { rotatedSiblings } from '../../src-main/source/rotation.ts';
import { Reader } from './reader.ts';
import { scratch } from '../scratch.ts';

const line = (n: number): string => `${n} ${'x'.repeat(80)}`;

/** A log in one folder, and a link to it by another name in another. */
function linked(): { link: string; log: string } {
  const link = join(scratch(), 'results.log');
  const log = join(dirname(link), 'target', 'osqueryd.results.log');
  mkdirSync(dirname(log));
  symlinkSync(join('target', 'osqueryd.results.log'), link);
  return { link, log };
}

it('what was rotated away is looked for beside the file that the link points to', async () => {
  const { link, log } = linked();
  writeFileSync(log, `${line(1)}\n`);
  const reader = new Reader(link);
  await reader.until(1);
  await reader.stop();
  appendFileSync(log, `${line(2)}\n`);
  renameSync(log, `${log}.1`);
  writeFileSync(log, `${line(3)}\n`);
  expect(await rotatedSiblings(link)).toEqual([`${log}.1`]);
  reader.start();
  await reader.until(3);
  await reader.stop();
  expect([reader.texts, reader.gaps]).toEqual([[1, 2, 3].map(line), []]);
});

it('the new file is noticed though the link led nowhere for a while', async () => {
  const { link, log } = linked();
  writeFileSync(log, `${line(1)}\n`);
  // So slow a poll that only inotify can have told.
  const reader = new Reader(link, { pollMs: 600_000 });
  await reader.until(1);
  renameSync(log, `${log}.1`);
  await pause(100);
  writeFileSync(log, `${line(2)}\n`);
  await reader.until(2);
  await reader.stop();
  expect(reader.texts).toEqual([1, 2].map(line));
});

it('the file is read to its end, and then the one that the link is turned to', async () => {
  const { link, log } = linked();
  writeFileSync(log, `${line(1)}\n`);
  const reader = new Reader(link, { pollMs: 600_000 });
  await reader.until(1);
  appendFileSync(log, `${line(2)}\n`);
  const next = join(dirname(log), 'next.log');
  writeFileSync(next, `${line(3)}\n`);
  symlinkSync(next, `${link}.new`);
  renameSync(`${link}.new`, link);
  await reader.until(3);
  appendFileSync(next, `${line(4)}\n`);
  await reader.until(4);
  await reader.stop();
  expect([reader.texts, reader.gaps]).toEqual([[1, 2, 3, 4].map(line), []]);
});
