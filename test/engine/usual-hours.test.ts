import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { QUARTER_SECONDS, usualHours } from '../../src-main/engine/usual-hours.ts';

/** Ten actions in each of these hours of one local day. */
const workIn = (...hours: readonly number[]): Map<number, number> =>
  new Map(hours.map((hour) => [new Date(2026, 10, 25, hour).getTime() / 1000 / QUARTER_SECONDS, 10]));

describe('usual hours', () => {
  it('are the fewest in a row that hold nine tenths, by the local clock', () => {
    expect(usualHours(workIn(8, 9, 10, 11, 12, 13, 14, 15, 16, 17))).toEqual({ from: 8, to: 17 });
    const work = workIn(8, 9, 10, 11, 12, 13, 14, 15, 16, 17);
    for (const [quarter] of work) work.set(quarter, 100);
    expect(usualHours(new Map([...work, ...workIn(3)]))).toEqual({ from: 8, to: 18 });
  });

  it('may go over midnight, and end at midnight as 24', () => {
    expect(usualHours(new Map([...workIn(22, 23, 0, 1)].map(([at]) => [at, 50])))).toEqual({ from: 22, to: 2 });
    expect(usualHours(new Map([...workIn(22, 23)].map(([at]) => [at, 50])))).toEqual({ from: 22, to: 24 });
  });

  it('are none of few actions, and none of somebody who is always there', () => {
    expect(usualHours(workIn(8, 9))).toBeUndefined();
    expect(usualHours(workIn(...Array.from({ length: 24 }, (_, hour) => hour)))).toBeUndefined();
  });

  it('always hold nine tenths of all that was done', () => {
    const counts = fc.array(fc.nat(100), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(counts, (each) => {
        const usual = usualHours(new Map(each.map((count, hour) => [[...workIn(hour).keys()][0]!, count])));
        if (!usual) return;
        const { from, to } = usual;
        const length = (to - from + 24) % 24 || 24;
        const within = Array.from({ length }, (_, h) => each[(from + h) % 24]!).reduce((a, b) => a + b, 0);
        expect(within).toBeGreaterThanOrEqual(0.9 * each.reduce((a, b) => a + b, 0));
      }),
    );
  });
});
