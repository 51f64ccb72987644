import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { WindowExplanation } from '../../../models/profile/user-model.ts';
import type { Story } from '../../../src-main/contract/story/story.ts';
import { explain, type Explanation } from '../../../src-main/engine/explanation/explain.ts';
import { learning, start, told } from '../narrative/tell.ts';

const explained = (story: Story, factors: WindowExplanation['factors'], rest: number): Explanation =>
  explain({
    subject: 'alice',
    window: { factors, rest, votes: [], familiar: [], surprises: [], nearest: [] },
    actions: [],
    rank: { share: 0.999, of: 'last-30-days' },
    chance: 0.001,
    learning,
    story,
  });

it('tells each factor once, and as many as make at least 80 % of all', () => {
  const { story } = told([start('/tmp/x', 'bash')]);
  const many = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0.01, max: 1, noNaN: true })), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(many, (drawn) => {
      const sum = drawn.reduce((all, [, amount]) => all + amount, 0) / 0.95;
      const factors = drawn.map(([program, amount]) => ({
        what: { query: 'process_start', column: 'path', value: `/usr/bin/program-${program}` },
        share: amount / sum,
        by: { 'frequency rare': amount / sum },
      }));
      const why = explained(story, factors, 0.05);
      const texts = why.factors.map(({ text }) => text);
      expect(new Set(texts).size).toBe(texts.length);
      const shares = why.factors.map(({ share }) => share);
      expect(shares).toEqual([...shares].sort((a, b) => b - a));
      const all = shares.reduce((one, other) => one + other, 0);
      expect(all).toBeGreaterThanOrEqual(0.8 - 1e-9);
      expect(all + why.rest).toBeCloseTo(1, 9);
      for (const { share, by } of why.factors)
        expect(Object.values(by).reduce((one, other) => one + other, 0)).toBeCloseTo(share, 9);
    }),
  );
});
