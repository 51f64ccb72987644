import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  alertThreshold,
  alertsPerDayAt,
  chanceOf,
  conformalLine,
  otherZ,
  PROMISE,
  scaleInstead,
  scaleLike,
  shareBelow,
  type Normal,
} from '../../models/profile/normal.ts';
import { random } from '../../models/random.ts';

const next = random(5);
const gauss = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Ways in which normal behaviour may look; none of them known to the code. */
const distributions = {
  'a bell': () => gauss(),
  'a heavy tail': () => Math.exp(1.3 * gauss()) / 3,
  'an exponential': () => -Math.log(1 - next()),
  'two habits': () => (next() < 0.9 ? gauss() : 4 + gauss()),
  'few values': () => Math.floor(next() * 4),
};

const normalOf = (draw: () => number, count: number, days = count / 10): Normal => ({
  maxima: Array.from({ length: count }, draw),
  days,
});

describe.each(Object.entries(distributions))('with normal behaviour like %s', (_, draw) => {
  const TRIALS = 4000;
  /** Three standard deviations of the share that is counted. */
  const LUCK = 3 * Math.sqrt((PROMISE * (1 - PROMISE)) / TRIALS);

  it.each([19, 54, 200])('keeps the promised rate of false alarms from %i stretches on', (count) => {
    let alarms = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      if (draw() >= conformalLine(normalOf(draw, count), PROMISE)!) alarms++;
    }
    expect(alarms / TRIALS).toBeLessThanOrEqual(PROMISE + LUCK);
  });

  it('keeps it with the line that is used, too, as long as that is not at its upper end', () => {
    let [alarms, counted] = [0, 0];
    for (let trial = 0; trial < TRIALS; trial++) {
      const line = alertThreshold(normalOf(draw, 60), 1000);
      if (line === 6) continue;
      counted++;
      if (draw() >= line) alarms++;
    }
    expect(alarms / counted).toBeLessThanOrEqual(PROMISE + LUCK * Math.sqrt(TRIALS / counted));
  });
});

it('promises nothing from too few stretches', () => {
  expect(conformalLine(normalOf(gauss, 18), PROMISE)).toBeUndefined();
});

it('spends the alert budget, neither much more nor much less, where the tail is as assumed', () => {
  const draw = (): number => -0.7 * Math.log(1 - next());
  const [perDay, budget] = [20, 1 / 7];
  let expected = 0;
  for (let trial = 0; trial < 500; trial++) {
    const line = alertThreshold(normalOf(draw, 200, 10), budget);
    expected += (perDay * Math.exp(-line / 0.7)) / 500;
  }
  // A third of it: what comes later is stranger.
  expect(expected / budget).toBeGreaterThan(0.33);
  expect(expected / budget).toBeLessThan(1.33);
});

it('lays the line higher where more comes later than usual, and tells as many alerts at it', () => {
  const normal = normalOf(() => -0.7 * Math.log(1 - next()), 200, 10);
  const later = { ...normal, later: 16 };
  const [line, higher] = [alertThreshold(normal, 1 / 7), alertThreshold(later, 1 / 7)];
  expect(higher).toBeGreaterThan(line + 0.5);
  expect(alertsPerDayAt(later, higher)).toBeCloseTo(alertsPerDayAt(normal, line), 6);
  expect(alertThreshold({ ...normal, later: 3 }, 1 / 7)).toBe(line);
});

it('counts strange stretches that follow each other as one alert, and each of them where it tells how likely one is', () => {
  // Twenty strange ones of a hundred: each by itself, or in two runs.
  const strange = Array.from({ length: 20 }, (_, s) => 2 + s / 10);
  const calm = Array.from({ length: 80 }, (_, c) => c / 100);
  const apart = { maxima: calm.flatMap((z, c) => (c % 4 === 0 ? [strange[c / 4]!, z] : [z])), days: 10 };
  const runs = { maxima: [...strange.slice(0, 10), ...calm, ...strange.slice(10)], days: 10 };
  expect(runs.maxima.toSorted()).toEqual(apart.maxima.toSorted());
  expect(alertThreshold(runs, 1 / 7)).toBeLessThan(alertThreshold(apart, 1 / 7) - 0.5);
  expect(alertsPerDayAt(runs, 4)).toBeLessThan(alertsPerDayAt(apart, 4) / 2);
  expect(chanceOf(runs, 4)).toBe(chanceOf(apart, 4));
});

describe('for any normal behaviour', () => {
  const normal = fc.record({
    maxima: fc.array(fc.double({ min: -3, max: 8, noNaN: true }), { maxLength: 80 }),
    days: fc.double({ min: 0, max: 100, noNaN: true }),
  });

  it('a smaller budget never lowers the line, which stays between 2 and 6', () => {
    fc.assert(
      fc.property(
        normal,
        fc.double({ min: 1e-4, max: 10, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (one, budget, part) => {
          const line = alertThreshold(one, budget);
          expect(line).toBeGreaterThanOrEqual(2);
          expect(line).toBeLessThanOrEqual(6);
          expect(alertThreshold(one, budget * part)).toBeGreaterThanOrEqual(line);
        },
      ),
    );
  });

  it('what is stranger is never likelier, and all is a chance', () => {
    const z = fc.double({ min: -3, max: 8, noNaN: true });
    fc.assert(
      fc.property(normal, z, z, (one, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(chanceOf(one, high)).toBeLessThanOrEqual(chanceOf(one, low) + 1e-12);
        for (const share of [chanceOf(one, a), shareBelow(one, a)]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        expect(alertsPerDayAt(one, a)).toSatisfy(Number.isFinite);
      }),
    );
  });
});

describe('another measure on the scale of the first', () => {
  const falling = (from: number, slope: number, count: number): number[] =>
    Array.from({ length: count }, () => from - slope * Math.log(1 - next()));

  it('passes each line far more rarely than the first does', () => {
    const first = falling(1, 0.5, 20_000);
    const scale = scaleLike(falling(7, 3, 500), first.slice(0, 500), 4)!;
    const passing = falling(7, 3, 20_000).map((value) => otherZ(value, scale));
    for (const line of [2.5, 3]) {
      const share = (zs: readonly number[]): number => zs.filter((z) => z >= line).length / zs.length;
      expect(share(passing)).toBeLessThan(share(first) / 8);
    }
  });

  it('says nothing below its own tail, and nothing where there is too little to compare', () => {
    const scale = scaleLike(falling(0, 1, 100), falling(1, 0.5, 100), 4)!;
    expect(otherZ(0, scale)).toBe(-3);
    expect(otherZ(1e9, scale)).toBe(8);
    expect(scaleLike(falling(0, 1, 19), falling(0, 1, 100), 4)).toBeUndefined();
    expect(otherZ(5, undefined)).toBe(-3);
  });

  it('keeps the promise of the first where it alarms instead', () => {
    // A tail that falls slowly at first: by its slope alone too many of the highest would pass.
    const others = [...falling(0, 0.2, 95), 2, 2.1, 2.2, 2.3, 2.4];
    const first = falling(1, 0.3, 100);
    const line = conformalLine({ maxima: first }, PROMISE)!;
    const passing = (scale: ReturnType<typeof scaleLike>): number =>
      others.filter((value) => otherZ(value, scale) >= line).length;
    const like = scaleLike(others, first, 0)!;
    expect(passing({ ...like, mean: like.mean - like.deviation })).toBeGreaterThan(5);
    expect(passing(scaleInstead(others, first))).toBeLessThanOrEqual(5);
    expect(scaleInstead(others.slice(0, 19), first)).toBeUndefined();
  });
});
