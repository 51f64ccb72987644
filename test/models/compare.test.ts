import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compareUnits } from '../../models/evaluation/compare.ts';
import { falseAlarmRates, figureNames, RankedUnits, type UnitScore } from '../../models/evaluation/figures.ts';
import { interval95 } from '../../models/evaluation/interval.ts';
import { detectionAt, rocAuc } from '../../models/evaluation/metrics.ts';
import { random } from '../../models/random.ts';

const NAMES = ['alice', 'bob', 'carol', 'dave'];
const unit = fc.record({
  user: fc.constantFrom(...NAMES),
  // Few values: ties are common; a unit in which nothing was judged has −∞.
  score: fc.oneof(fc.integer({ min: -3, max: 5 }), fc.constant(-Infinity)),
  label: fc.constantFrom(0 as const, 1 as const),
  alarms: fc.boolean(),
});
const both: UnitScore[] = [
  { user: 'alice', score: 1, label: 0, alarms: false },
  { user: 'alice', score: 2, label: 1, alarms: true },
];
const units = fc.array(unit, { maxLength: 60 }).map((some) => [...both, ...some]);

describe('figures of ranked units', () => {
  it('are those of the units repeated as often as the weights say', () => {
    const weights = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(3), fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(units, weights, (some, times) => {
        const repeated = some.flatMap((one) =>
          Array.from({ length: times[NAMES.indexOf(one.user) as 0 | 1 | 2 | 3] }, () => one),
        );
        const found = new RankedUnits(some, NAMES).figures(times)!;
        const detections = [found.detectionAt1Percent, found.detectionAt3Percent, found['detectionAt6.7Percent']];
        expect(found.rocAuc).toBeCloseTo(rocAuc(repeated)!, 12);
        falseAlarmRates.forEach((rate, r) => {
          expect(detections[r]).toBe(detectionAt(repeated, rate));
        });
        const share = (label: 0 | 1): number => {
          const own = repeated.filter((one) => one.label === label);
          return own.filter(({ alarms }) => alarms).length / own.length;
        };
        expect(found).toMatchObject({ ownLineFalseAlarms: share(0), ownLineDetection: share(1) });
        expect(found.ownLineCost).toBeCloseTo(600 * share(0) + 100 * (1 - share(1)), 9);
      }),
    );
  });

  it('are none without positives, and none without negatives', () => {
    for (const label of [0, 1] as const) {
      expect(new RankedUnits([{ ...both[0]!, label }], NAMES).figures([1, 1, 1, 1])).toBeUndefined();
    }
  });
});

describe('two versions', () => {
  const options = { seed: 1, resamples: 50 };

  it('that are the same differ by nothing', () => {
    fc.assert(
      fc.property(units, fc.nat(), (some, seed) => {
        const { figures } = compareUnits(some, some, { ...options, seed })!;
        for (const { difference, interval95: interval } of Object.values(figures)) {
          expect(difference).toBe(0);
          expect(interval ?? [0, 0]).toEqual([0, 0]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('differ alike in whichever order their units come', () => {
    fc.assert(
      fc.property(units, units, fc.nat(), (one, other, seed) => {
        const [shuffledOne, shuffledOther] = [one, other].map((some) => shuffled(some, seed));
        expect(compareUnits(shuffledOne!, shuffledOther!, options)).toEqual(compareUnits(one, other, options));
      }),
      { numRuns: 40 },
    );
  });

  it('the other way about differ by the opposite', () => {
    fc.assert(
      fc.property(units, units, (one, other) => {
        const [there, back] = [compareUnits(one, other, options)!, compareUnits(other, one, options)!];
        for (const name of figureNames) {
          expect(back.figures[name].difference).toBeCloseTo(-there.figures[name].difference, 12);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are compared on the users of both, without an interval for one alone', () => {
    const bob = both.map((one): UnitScore => ({ ...one, user: 'bob' }));
    const compared = compareUnits([...both, ...bob], both, options)!;
    expect(compared.users).toEqual(['alice']);
    expect(compared.figures.rocAuc).toEqual({ a: 1, b: 1, difference: 0, interval95: null });
    expect(compareUnits(bob, both, options)).toBeUndefined();
  });
});

it('an interval holds the true difference about as often as it says', () => {
  // Users differ, their units are alike: each user's own share of alarms lies around .4 in one version, .25 in the other.
  const covered = Array.from({ length: 80 }, (_, run) => {
    const next = random(run + 1);
    const versions = Array.from({ length: 30 }, (_, u) => {
      const user = `user${u}`;
      const shift = 0.3 * (next() - 0.5);
      return [0.4, 0.25].map((share) =>
        Array.from({ length: 40 }, (_, i): UnitScore => {
          const alarms = next() < share + shift;
          return { user, score: alarms ? 1 : 0, label: i % 2 === 0 ? 1 : 0, alarms };
        }),
      );
    });
    const [a, b] = [0, 1].map((version) => versions.flatMap((user) => user[version]!));
    const { figures } = compareUnits(a!, b!, { seed: run, resamples: 200 })!;
    const [low, high] = figures.ownLineFalseAlarms.interval95!;
    return low <= -0.15 && high >= -0.15;
  });
  const share = covered.filter(Boolean).length / covered.length;
  expect(share).toBeGreaterThan(0.86);
  expect(share).toBeLessThan(1);
});

it('the middle 95 % leaves out the outermost values on both sides', () => {
  const values = Array.from({ length: 201 }, (_, i) => i);
  expect(interval95(shuffled(values, 3))).toEqual([5, 195]);
  expect(interval95([7])).toEqual([7, 7]);
  expect(interval95([])).toBeUndefined();
});

function shuffled<T>(values: readonly T[], seed: number): T[] {
  const next = random(seed);
  return values
    .map((value) => ({ value, key: next() }))
    .sort((one, other) => one.key - other.key)
    .map(({ value }) => value);
}
