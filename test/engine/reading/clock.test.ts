import { expect, it } from 'vitest';

import { LogClock } from '../../../src-main/engine/reading/clock.ts';

const NOW = 1_750_000_000;
const IN_2100 = 4_102_444_800;
const clock = (last?: unknown): LogClock => new LogClock(() => NOW, last);

it('a time of the future is taken for that of the line before, and moves nothing', () => {
  const one = clock();
  expect([NOW - 9, IN_2100, NOW - 5, IN_2100].map((time) => one.of(time))).toEqual([
    NOW - 9,
    NOW - 9,
    NOW - 5,
    NOW - 5,
  ]);
  expect(one.save()).toBe(NOW - 5);
  expect(clock(one.save()).of(IN_2100)).toBe(NOW - 5);
});

it('clocks that differ by minutes are no matter', () => {
  expect(clock(NOW - 9).of(NOW + 300)).toBe(NOW + 300);
});

it('a log that begins in the future has another clock', () => {
  const one = clock();
  expect([IN_2100, IN_2100 + 1].map((time) => one.of(time))).toEqual([IN_2100, IN_2100 + 1]);
  expect(clock('yesterday').of(IN_2100)).toBe(IN_2100);
});
