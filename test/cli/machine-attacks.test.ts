import { expect, it } from 'vitest';

import { outcomeOf, type JudgedAction } from '../../src-main/cli/evaluate/attacks.ts';

const actions = Array.from({ length: 300 }, (_, a): JudgedAction => ({ line: a + 1, time: 60 * a, score: 0 }));
const label = {
  id: 'job',
  name: 'job',
  mitre: 'T1053.003',
  strength: 'loud',
  user: 'alice',
  lines: [
    [101, 104],
    [110, 111],
  ],
} as const;
const foundBy = (judged: readonly JudgedAction[], ...others: number[]) =>
  outcomeOf('alice', judged, [label], 3, others).attacks[0]!.atOwnLine;

it('finds an attack where an own row of it alarms at the machine', () => {
  expect(foundBy(actions, 103)).toEqual({ found: true, delayActions: null, delayMinutes: null });
  expect(foundBy(actions, 111)).toMatchObject({ found: true });
});

it('tells how long it took where it alarms at the user too', () => {
  const scored = actions.map((action) => (action.line === 110 ? { ...action, score: 5 } : action));
  expect(foundBy(scored, 103)).toEqual({ found: true, delayActions: 10, delayMinutes: 9 });
});

it('finds one that left no row of the user', () => {
  expect(
    foundBy(
      actions.filter(({ line }) => line < 101 || line > 111),
      104,
    ),
  ).toMatchObject({ found: true });
});

it('takes no alert of another row, before it, after it or between its own', () => {
  for (const line of [100, 105, 109, 112]) expect(foundBy(actions, line)).toMatchObject({ found: false });
});

it('asks for one at the user where all scores are counted alike', () => {
  expect(outcomeOf('alice', actions, [label], 3, [103]).attacks[0]!.atOneADay.found).toBe(false);
  expect(outcomeOf('alice', actions, [label], undefined, [103]).attacks[0]!.atOwnLine).toBeNull();
});
