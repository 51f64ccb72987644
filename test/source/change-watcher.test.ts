import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, it, vi } from 'vitest';

import { ChangeWatcher } from '../../src-main/source/change-watcher.ts';
import { scratch } from '../scratch.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return { ...real, watch: vi.fn(real.watch) };
});

afterEach(() => {
  vi.mocked(watch).mockClear();
});

const log = (): string => join(scratch(), 'results.log');
const failing = (code: string) => (): FSWatcher => {
  throw Object.assign(new Error(code), { code });
};

it.each(['ENOSPC', 'EMFILE'])(
  'looks by itself and says so when inotify is exhausted (%s), until it is not',
  async (code) => {
    const notes: (string | undefined)[] = [];
    const watcher = new ChangeWatcher(log(), 5, new AbortController().signal, (note) => notes.push(note));
    vi.mocked(watch).mockImplementationOnce(failing(code));
    await watcher.wait();
    expect(notes).toEqual([expect.stringContaining(`cannot be watched (${code}), looking every second instead`)]);
    await watcher.wait();
    expect(notes.at(-1)).toBeUndefined();
    watcher.close();
  },
);

it('goes on when a watch breaks, with a new one', async () => {
  const watcher = new ChangeWatcher(log(), 600_000, new AbortController().signal, () => undefined);
  await watcher.wait();
  const [first] = vi.mocked(watch).mock.results;
  (first!.value as FSWatcher).emit('error', Object.assign(new Error('broken'), { code: 'EIO' }));
  await watcher.wait();
  await Promise.resolve();
  expect(vi.mocked(watch).mock.calls.length).toBe(2);
  watcher.close();
});
