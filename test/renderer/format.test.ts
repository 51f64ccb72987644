import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  agoText,
  bytesText,
  chanceText,
  isJustNow,
  lengthText,
  numberText,
  pluralOf,
} from '../../src-renderer/lib/format.ts';

describe('a chance', () => {
  it.each([
    [0, '0%'],
    [0.00001, '< 0.01%'],
    [0.004, '0.4%'],
    [0.032, '3.2%'],
    [0.62, '62%'],
    [0.9999, '> 99%'],
    [1, '100%'],
  ])('of %d is written %s', (chance, text) => {
    expect(chanceText('en', chance)).toBe(text);
  });

  it('never looks impossible when it is not, nor certain', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, max: 1 - 1e-12, noNaN: true }), (chance) => {
        expect(chanceText('en', chance)).not.toMatch(/^(0|100)%$/);
      }),
    );
  });
});

it('writes numbers as the language does, and nothing with a sign that rounds to nothing', () => {
  expect(numberText('en', 1234567)).toBe('1,234,567');
  expect(numberText('de', 1234567)).toBe('1.234.567');
  expect(numberText('en', -0.01, 'one')).toBe('0.0');
  expect(numberText('en', -0.51, 'one')).toBe('-0.5');
});

it('tells when, in the largest unit that fits', () => {
  const now = 1_000_000;
  expect(agoText('en', now - 8, now)).toBe('8 seconds ago');
  expect(agoText('en', now - 180, now)).toBe('3 minutes ago');
  expect(agoText('en', now - 7200, now)).toBe('2 hours ago');
  expect(agoText('en', now - 86_400, now)).toBe('yesterday');
  const at = (day: number, hour: number): number => new Date(2026, 10, day, hour).getTime() / 1000;
  expect(agoText('en', at(28, 16), at(30, 15)), 'Saturday, on Monday').toBe('2 days ago');
  expect(agoText('de', at(24, 15), at(30, 9))).toBe('vor 6 Tagen');
  expect(agoText('en', at(29, 20), at(30, 9)), 'less than a day').toBe('13 hours ago');
  expect(agoText('de', now - 3 * 86_400, now)).toBe('vor 3 Tagen');
});

it('calls just now what lies ahead of a clock that goes on in steps, and nothing else', () => {
  expect([-1, 0, 3, 59, 60].map((ahead) => isJustNow(1000 + ahead, 1000))).toEqual([false, true, true, true, false]);
});

it('tells lengths and sizes', () => {
  expect(lengthText('en', 4 * 86_400)).toBe('4 days');
  expect(lengthText('en', 86_400)).toBe('24 hours');
  expect(lengthText('en', 90)).toBe('2 minutes');
  expect(bytesText('en', 0)).toBe('0 byte');
  expect(bytesText('en', 1_400_000)).toBe('1.4 MB');
});

it('chooses the plural of the language', () => {
  expect([0, 1, 2].map((count) => pluralOf('en', count))).toEqual(['other', 'one', 'other']);
});
