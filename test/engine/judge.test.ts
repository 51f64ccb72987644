import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  bandOf,
  judge,
  thresholdsOf,
  openAfter,
  severityOf,
  type JudgedWindow,
  type OpenIncident,
} from '../../src-main/engine/judge.ts';

const thresholds = thresholdsOf({ maxima: [], days: 1 }, { alertsPerDay: 1, alarm: 3 });

/** Steps that a run of windows takes, one a second. */
function steps(zs: readonly number[], every = 1): string[] {
  let open: OpenIncident | undefined;
  return zs.map((z, i) => {
    const window: JudgedWindow = { z, time: i * every };
    const verdict = judge(open, window, thresholds);
    open = openAfter(verdict, open, window, i);
    return verdict.step;
  });
}

describe('an incident', () => {
  it('opens at the line, goes on above two thirds of it, waits below', () => {
    expect(steps([2.9, 3, 2.1, 1.9, 2, 0])).toEqual(['nothing', 'open', 'extend', 'wait', 'extend', 'wait']);
  });

  it('is over after 50 calm actions, or two calm hours', () => {
    const calm = steps([3, ...Array<number>(60).fill(0)]);
    expect(calm.indexOf('close')).toBe(50);
    expect(steps([3, 0, 0], 3700)).toEqual(['open', 'wait', 'close']);
  });

  it('neither begins nor grows with the end of something, a logout say, which may be its own end', () => {
    const ends = { z: 9, time: 10_000, ends: true };
    expect(judge(undefined, ends, thresholds)).toEqual({ step: 'nothing' });
    const open = { id: 1, peak: 3, count: 1, calm: 4, since: 0 };
    expect(judge(open, ends, thresholds)).toEqual({ step: 'wait', next: open });
    expect(judge(open, { ...ends, z: 0 }, thresholds)).toEqual({ step: 'close' });
  });

  it('does not flicker: windows about the line are one incident', () => {
    const about = fc.array(fc.double({ min: 2, max: 8, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(about, (zs) => {
        expect(steps([3, ...zs]).filter((step) => step === 'open')).toHaveLength(1);
      }),
    );
  });
});

describe('severity', () => {
  const z = fc.double({ min: -3, max: 8, noNaN: true });
  const alarm = fc.double({ min: 2, max: 6, noNaN: true });

  it('is 50 at the line, 100 at the strangest there is, and never falls when z grows', () => {
    fc.assert(
      fc.property(z, z, alarm, (a, b, line) => {
        expect(severityOf(line, line)).toBe(50);
        expect(severityOf(8, line)).toBe(100);
        expect(severityOf(Math.max(a, b), line)).toBeGreaterThanOrEqual(severityOf(Math.min(a, b), line));
        expect(severityOf(a, line) >= 50).toBe(a >= line);
      }),
    );
  });

  it('has words', () => {
    expect([0, 49, 50, 69, 70, 84, 85, 100].map(bandOf)).toEqual([
      ...['low', 'low', 'medium', 'medium', 'high', 'high', 'critical', 'critical'],
    ]);
  });
});
