import { expect, it } from 'vitest';

import {
  averagePrecision,
  detectionAt,
  rocAucInterval,
  shareAbove,
  type Scored,
} from '../../models/evaluation/metrics.ts';

const units = (text: string): Scored[] =>
  text.split(' ').map((unit) => ({ score: Number(unit.slice(1)), label: unit.startsWith('s') ? 1 : 0 }));

it('averages precision as sklearn does', () => {
  // sklearn.metrics.average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) is 0.8333…
  expect(averagePrecision(units('o0.1 o0.4 s0.35 s0.8'))).toBeCloseTo(0.8333333, 6);
});

it('finds strangers above what a given share of the user’s own units exceed', () => {
  const all = units('o1 o2 o3 o4 s3.5 s5 s0 s4');
  expect(detectionAt(all, 0)).toBe(0.25);
  expect(detectionAt(all, 0.25)).toBe(0.75);
  expect(shareAbove(all, 0, 3)).toBe(0.5);
  expect(shareAbove(all, 1, 4)).toBe(0.5);
});

it('gives an interval over users: none for one user, narrow where all are alike, wide where they differ', () => {
  const good = units('o1 o2 o3 s4 s5');
  const bad = units('o3 o4 o5 s1 s2');
  expect(rocAucInterval([good], 1)).toBeUndefined();
  expect(rocAucInterval([good, good, good], 1)).toEqual([1, 1]);
  const [low, high] = rocAucInterval([good, bad, good, bad], 1)!;
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.7);
  expect(rocAucInterval([good, bad, good, bad], 1)).toEqual([low, high]);
});
