import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { knotsOf, scalesBySize } from '../../models/profile/calibration.ts';
import { Drift, type SavedDrift } from '../../models/profile/drift.ts';
import { Lasting } from '../../models/profile/lasting.ts';
import { LATEST, Latest } from '../../models/profile/latest.ts';

const z = fc.double({ min: -3, max: 8, noNaN: true });

describe('drift', () => {
  const repeated = (value: number, times: number): Drift => {
    const drift = new Drift(1);
    for (let i = 0; i < times; i++) drift.accept(Array.from({ length: 100 }, () => [value]));
    return drift;
  };

  it('is none at first', () => {
    expect(new Drift(2).scales).toEqual([
      { mean: 0, deviation: 1 },
      { mean: 0, deviation: 1 },
    ]);
  });

  it('follows a user who has changed, slowly', () => {
    const [little, much] = [repeated(0.8, 1), repeated(0.8, 40)].map(({ scales }) => scales[0]!.mean);
    expect(little!).toBeLessThan(0.1);
    expect(much!).toBeGreaterThan(0.4);
    expect(much!).toBeLessThan(0.8);
  });

  it('never moves far, whatever it is fed: who shifts it slowly must not shift it away', () => {
    fc.assert(
      fc.property(fc.array(z, { minLength: 1, maxLength: 30 }), (values) => {
        const drift = new Drift(1);
        for (const value of values) drift.accept(Array.from({ length: 200 }, () => [value]));
        const { mean, deviation } = drift.scales[0]!;
        expect(Math.abs(mean)).toBeLessThanOrEqual(1);
        expect(deviation).toBeGreaterThanOrEqual(0.8);
        expect(deviation).toBeLessThanOrEqual(1.7);
      }),
    );
  });

  it('goes on from what was saved', () => {
    const [one, other] = [
      repeated(0.5, 3),
      new Drift(1, JSON.parse(JSON.stringify(repeated(0.5, 3).save())) as SavedDrift),
    ];
    for (const drift of [one, other]) drift.accept([[1.2], [0.1]]);
    expect(other.scales).toEqual(one.scales);
  });
});

describe('what lasts', () => {
  it('counts the window before, but none from before a pause', () => {
    const lasting = new Lasting(3);
    const seen = [2, 2, 2, 2].map((value, i) => lasting.see(value, i + 1));
    expect(seen.slice(0, 3)).toEqual([2, 2, 2]);
    expect(seen[3]).toBeGreaterThan(2);
    expect(lasting.see(2, 1)).toBe(2);
  });

  it('is stranger when the window before was stranger', () => {
    fc.assert(
      fc.property(z, z, z, (before, other, now) => {
        const after = (first: number): number => {
          const lasting = new Lasting(1);
          lasting.see(first, 1);
          return lasting.see(now, 2);
        };
        if (before <= other) expect(after(before)).toBeLessThanOrEqual(after(other));
      }),
    );
  });
});

it('the latest forget within a few actions', () => {
  const latest = new Latest(LATEST);
  let value = 0;
  for (let i = 0; i < 20; i++) value = latest.see(6);
  expect(value).toBeGreaterThan(5.9);
  for (let i = 0; i < 8; i++) value = latest.see(0);
  expect(value).toBeLessThan(0.5);
});

describe('scales of windows of any size', () => {
  it('are those that were measured at the knots, and between their neighbours elsewhere', () => {
    const knots = knotsOf(50);
    const measured = knots.map((knot) => ({ mean: knot * 2, deviation: 1 + knot }));
    const all = scalesBySize(measured, 50);
    expect(all).toHaveLength(51);
    expect(knots.map((knot) => all[knot])).toEqual(measured);
    all.slice(knots[0]).forEach(({ mean, deviation }, i) => {
      expect(mean).toBeCloseTo((knots[0]! + i) * 2, 9);
      expect(deviation).toBeCloseTo(1 + knots[0]! + i, 9);
    });
    expect(all[0]).toEqual(measured[0]);
  });
});
