import { expect, it } from 'vitest';

import { betweenOf } from '../../src-renderer/lib/pauses.ts';

const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime() / 1000;

it('tells the first day, each day that begins, and each pause of half an hour', () => {
  expect(betweenOf(undefined, at(3, 9))).toEqual({ day: at(3, 9) });
  expect(betweenOf(at(3, 9), at(3, 9, 29))).toBeUndefined();
  expect(betweenOf(at(3, 9), at(3, 9, 30))).toEqual({ pause: 1800 });
  expect(betweenOf(at(3, 23, 50), at(4, 0, 5))).toEqual({ day: at(4, 0, 5) });
  expect(betweenOf(at(3, 18), at(4, 2))).toEqual({ day: at(4, 2), pause: 8 * 3600 });
  // A log's times may go back a little.
  expect(betweenOf(at(3, 9, 1), at(3, 9))).toBeUndefined();
});
