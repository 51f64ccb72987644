import { expect, it } from 'vitest';

import { isOfAttack, outcomeOf, type JudgedAction } from '../../src-main/cli/evaluate/attacks.ts';

const actions = Array.from({ length: 300 }, (_, a): JudgedAction => ({ line: a + 1, time: 60 * a, score: 0 }));
const label = {
  id: 'job',
  name: 'job',
  mitre: 'T1053.003',
  strength: 'loud',
  user: 'alice',
  host: 'desk-1',
  lines: [
    [101, 104],
    [110, 111],
  ],
  ends: 60 * 110,
} as const;

it('finds an attack by an alert of the machine in it, as soon as that opens', () => {
  const outcome = outcomeOf('alice', actions, [label], 3, [{ line: 103, time: 60 * 102 }]);
  expect(outcome.attacks[0]!.atOwnLine).toEqual({ found: true, delayActions: 3, delayMinutes: 2 });
});

it('takes the earlier of the alerts of the user and of the machine', () => {
  const scored = actions.map((action) => (action.line === 102 ? { ...action, score: 5 } : action));
  const outcome = outcomeOf('alice', scored, [label], 3, [{ line: 110, time: 60 * 109 }]);
  expect(outcome.attacks[0]!.atOwnLine).toEqual({ found: true, delayActions: 2, delayMinutes: 1 });
});

it('finds one that left no row of the user', () => {
  const others = actions.filter(({ line }) => line < 101 || line > 111);
  const { attacks } = outcomeOf('alice', others, [label], 3, [{ line: 111, time: 60 * 110 }]);
  expect(attacks[0]!.atOwnLine).toEqual({ found: true, delayActions: 0, delayMinutes: 0 });
});

it('takes no alert of before, or of more than an hour after its last row', () => {
  expect(isOfAttack(label, { line: 100, time: 60 * 99 })).toBe(false);
  expect(isOfAttack(label, { line: 170, time: label.ends + 3600 })).toBe(true);
  expect(isOfAttack(label, { line: 171, time: label.ends + 3601 })).toBe(false);
});
