import fc from 'fast-check';
import { expect, it } from 'vitest';

import { bandStretches, clockOf } from '../../src-renderer/lib/hours.ts';
import {
  boundsOf,
  lineOf,
  LONGEST,
  panned,
  SHORTEST,
  ticksOf,
  timeAt,
  xOf,
  zoomed,
} from '../../src-renderer/lib/scale.ts';

const stretch = fc
  .tuple(fc.integer({ min: 1.6e9, max: 1.9e9 }), fc.integer({ min: SHORTEST, max: LONGEST }))
  .map(([from, length]) => ({ from, to: from + length }));
const share = fc.double({ min: 0, max: 1, noNaN: true });

it('goes to the screen and back', () => {
  fc.assert(
    fc.property(stretch, share, (shown, at) => {
      const time = shown.from + at * (shown.to - shown.from);
      expect(timeAt(shown, 800, xOf(shown, 800, time))).toBeCloseTo(time, 3);
    }),
  );
});

it('zooms around the pointer: what is there stays there, and no stretch is absurd', () => {
  fc.assert(
    fc.property(stretch, share, fc.double({ min: 0.01, max: 100, noNaN: true }), (shown, around, factor) => {
      const next = zoomed(shown, factor, around);
      expect(timeAt(next, 1, around)).toBeCloseTo(timeAt(shown, 1, around), 2);
      expect(next.to - next.from).toBeGreaterThanOrEqual(SHORTEST - 1e-3);
      expect(next.to - next.from).toBeLessThanOrEqual(LONGEST + 1e-3);
    }),
  );
});

it('moves without changing the length', () => {
  fc.assert(
    fc.property(stretch, fc.double({ min: -5, max: 5, noNaN: true }), (shown, by) => {
      const next = panned(shown, by);
      expect(next.to - next.from).toBeCloseTo(shown.to - shown.from, 3);
    }),
  );
});

it('has ticks within the stretch, in order, and not more than asked for by much', () => {
  fc.assert(
    fc.property(stretch, fc.integer({ min: 2, max: 20 }), (shown, most) => {
      const ticks = ticksOf(shown, most);
      expect(ticks.length).toBeLessThanOrEqual(most + 2);
      ticks.forEach(({ time }, at) => {
        expect(time).toBeGreaterThanOrEqual(shown.from);
        expect(time).toBeLessThanOrEqual(shown.to);
        if (at > 0) expect(time).toBeGreaterThan(ticks[at - 1]!.time);
      });
    }),
  );
});

it('lays the usual hours on each day, over midnight too, and nowhere twice', () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.integer({ min: 1.6e9, max: 1.9e9 }), fc.integer({ min: 3600, max: 20 * 86_400 })),
      fc.tuple(fc.nat(23), fc.integer({ min: 1, max: 24 })).filter(([from, to]) => from !== to),
      ([from, length], [begin, end]) => {
        const all = bandStretches({ from: begin, to: end }, from, from + length);
        all.forEach((one, at) => {
          expect(one.from).toBeGreaterThanOrEqual(from);
          expect(one.to).toBeLessThanOrEqual(from + length);
          if (at > 0) expect(one.from).toBeGreaterThanOrEqual(all[at - 1]!.to);
          const hour = new Date(((one.from + one.to) / 2) * 1000).getHours();
          expect(begin < end ? hour >= begin && hour < end : hour >= begin || hour < end).toBe(true);
        });
      },
    ),
  );
  expect([0, 8, 24].map(clockOf)).toEqual(['00:00', '08:00', '00:00']);
});

it('draws a line from the left to the right, its largest value on top', () => {
  expect(lineOf([2, 1, 0], 100, 50, 5)).toBe('0.0,5.0 50.0,25.0 100.0,45.0');
  expect(lineOf([1, NaN, 1], 100, 50, 5)).toBe('0.0,45.0 100.0,45.0');
  expect(lineOf([1, 2], 100, 50, 5, boundsOf([0, 4]))).toBe('0.0,35.0 100.0,25.0');
  expect(boundsOf([NaN])).toEqual({ least: 0, most: 1 });
});
