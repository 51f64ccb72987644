import { expect, it, vi, beforeEach, afterEach } from 'vitest';

import { Patience } from '../../src-main/source/patience.ts';

const failed = (code: string): Error => Object.assign(new Error(code), { code });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether a failure of a file is waited for, so many seconds after the one before. */
function waits(patience: Patience, code: string, seconds: number, file = 'a'): boolean {
  vi.advanceTimersByTime(1000 * seconds);
  try {
    patience.orThrow(failed(code), file);
    return false;
  } catch {
    return true;
  }
}

it('waits for a disk that fails as long as it is patient, and never again after that', () => {
  const patience = new Patience(60_000);
  expect([0, 30, 29, 1].map((seconds) => waits(patience, 'EIO', seconds))).toEqual([true, true, true, false]);
  expect(waits(patience, 'EIO', 3600)).toBe(false);
});

it('takes a failure that comes long after the last for a new one', () => {
  const patience = new Patience(60_000);
  expect([0, 61, 59].map((seconds) => waits(patience, 'EIO', seconds))).toEqual([true, true, true]);
});

it('reckons each file for itself', () => {
  const patience = new Patience(60_000);
  expect([0, 30].map((seconds) => waits(patience, 'EIO', seconds, 'a'))).toEqual([true, true]);
  expect(waits(patience, 'EIO', 30, 'b')).toBe(true);
  expect(waits(patience, 'EIO', 0, 'a')).toBe(false);
  expect(waits(patience, 'EIO', 0, 'b')).toBe(true);
});

it('waits for descriptors and memory for ever, and for what is forbidden or damaged not at all', () => {
  const patience = new Patience(60_000);
  expect([0, 3600].map((seconds) => waits(patience, 'EMFILE', seconds))).toEqual([true, true]);
  expect(['EACCES', 'Z_DATA_ERROR'].map((code) => waits(patience, code, 0))).toEqual([false, false]);
});
