import { expect, it, vi, beforeEach, afterEach } from 'vitest';

import { RetryPolicy } from '../../src-main/source/retry-policy.ts';

const failed = (code: string): Error => Object.assign(new Error(code), { code });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether a failure of a file is waited for, this many seconds after the one before. */
function waits(retry: RetryPolicy, code: string, seconds: number, file = 'a'): boolean {
  vi.advanceTimersByTime(1000 * seconds);
  try {
    retry.orThrow(failed(code), file);
    return false;
  } catch {
    return true;
  }
}

it('waits for a disk that fails as long as it is patient, and never again after that', () => {
  const retry = new RetryPolicy(60_000);
  expect([0, 30, 29, 1].map((seconds) => waits(retry, 'EIO', seconds))).toEqual([true, true, true, false]);
  expect(waits(retry, 'EIO', 3600)).toBe(false);
});

it('takes a failure that comes long after the last for a new one', () => {
  const retry = new RetryPolicy(60_000);
  expect([0, 61, 59].map((seconds) => waits(retry, 'EIO', seconds))).toEqual([true, true, true]);
});

it('reckons each file for itself', () => {
  const retry = new RetryPolicy(60_000);
  expect([0, 30].map((seconds) => waits(retry, 'EIO', seconds, 'a'))).toEqual([true, true]);
  expect(waits(retry, 'EIO', 30, 'b')).toBe(true);
  expect(waits(retry, 'EIO', 0, 'a')).toBe(false);
  expect(waits(retry, 'EIO', 0, 'b')).toBe(true);
});

it('waits for descriptors and memory for ever, and for what is forbidden or damaged not at all', () => {
  const retry = new RetryPolicy(60_000);
  expect([0, 3600].map((seconds) => waits(retry, 'EMFILE', seconds))).toEqual([true, true]);
  expect(['EACCES', 'Z_DATA_ERROR'].map((code) => waits(retry, code, 0))).toEqual([false, false]);
});
