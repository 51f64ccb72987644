import { rmSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { Checkpoint } from '../../src-main/contract/batch.ts';
import { unreadRotated } from '../../src-main/source/catch-up.ts';
import { inodeOf } from '../../src-main/source/identity.ts';
import { RetryPolicy } from '../../src-main/source/retry-policy.ts';
import { olderThan, rotatedNow } from '../../src-main/source/older.ts';
import { scratch } from '../scratch.ts';
import { Reader } from './reader.ts';
import { LogWriter } from './writer.ts';

const retry = new RetryPolicy();

/** A log of one line that was read. */
async function readOnce(): Promise<{ writer: LogWriter; log: string; position: Checkpoint }> {
  const writer = new LogWriter(join(scratch(), 'results.log'));
  const { log } = writer;
  writer.write(1);
  const reader = new Reader(log);
  await reader.until(1);
  await reader.stop();
  return { writer, log, position: reader.at! };
}

it('what was rotated after an open log that is gone is not taken for what came before it', async () => {
  const { writer, log, position } = await readOnce();
  writer.write(1);
  writer.rotate('rename and create');
  writer.write(1);

  const file = await open(log, 'r');
  try {
    const inode = inodeOf(await stat(log, { bigint: true }));
    const older = await olderThan(log, { file, inode }, retry);
    expect(older?.size).toBe(1);
    const look = async (): Promise<string[]> => {
      const found = await unreadRotated(
        position,
        { file, inode, older },
        {
          log,
          retry,
          signal: new AbortController().signal,
          closed: new Set(),
          onGap: () => undefined,
        },
      );
      return [found.own, ...found.later].flatMap((one) => (one ? [one.path.slice(log.length)] : []));
    };
    expect(await look()).toEqual(['.1']);
    writer.rotate('rename and create');
    writer.write(1);
    writer.rotate('rename and create');
    // The newest was written after the open one: both older ones are deleted.
    writer.forget(1);
    expect(await look()).toEqual([]);
    expect(await olderThan(log, { file, inode }, retry)).toBeUndefined();
    expect((await rotatedNow(log, retry)).size).toBe(1);
  } finally {
    await file.close();
  }
});

it('an archive is known by what it holds as older or later than an open log that is gone', async () => {
  const { writer, log, position } = await readOnce();
  for (let earlier = 0; earlier < 2; earlier++) {
    writer.write(1);
    writer.rotate('as osquery does');
  }
  writer.write(1);

  const file = await open(log, 'r');
  try {
    const inode = inodeOf(await stat(log, { bigint: true }));
    const older = await olderThan(log, { file, inode }, retry);
    for (let later = 0; later < 3; later++) {
      writer.rotate('as osquery does');
      writer.write(1);
    }
    // The open log was packed too, and that is deleted: `.2.zst` and `.1` came after it.
    rmSync(`${log}.3.zst`);
    const found = await unreadRotated(
      position,
      { file, inode, older },
      { log, retry, signal: new AbortController().signal, closed: new Set(), onGap: () => undefined },
    );
    expect([found.own, ...found.later].map((one) => one?.path.slice(log.length))).toEqual(['.5.zst', '.4.zst']);
  } finally {
    await file.close();
  }
});
