import { expect, it } from 'vitest';

import { bannersOf } from '../../src-renderer/lib/banners.ts';
import { sumOf, worstOf } from '../../src-renderer/lib/preview.ts';
import { tellable, wholeOf } from '../../src-renderer/lib/verdict.ts';

it('adds the rest to the factors, so that all is 100 %', () => {
  const factor = { text: 'a', share: 0.6, by: [] };
  expect(wholeOf({ factors: [factor], rest: 0.4 }, 'rest').map(({ share }) => share)).toEqual([0.6, 0.4]);
  expect(wholeOf({ factors: [{ ...factor, share: 1 }], rest: 0 }, 'rest')).toHaveLength(1);
});

it('never says that anything is stranger than all', () => {
  expect([1, 0.99999, 0.5, 0].map(tellable)).toEqual([0.999, 0.999, 0.5, 0]);
});

it('counts what a rule would hide, and warns of high and critical alone', () => {
  expect(sumOf({ low: 2, high: 1 })).toBe(3);
  expect(worstOf({ low: 2, high: 1 })).toBe('high');
  expect(worstOf({ high: 1, critical: 1 })).toBe('critical');
  expect(worstOf({ medium: 5, high: 0 })).toBeUndefined();
});

it('tells whose data it is, then the worst first: the engine, the log, the disk, then a pause', () => {
  const state = { host: 'desktop', snoozed: {}, heldBack: [], example: null } as const;
  const kinds = bannersOf(
    {
      ...state,
      worker: { state: 'down', cause: 'SIGKILL', again: 0 },
      problem: 'the disk is full',
      pausedUntil: 1,
      example: { phase: 'running', minutes: 3, watching: false },
      source: { state: 'unreadable', path: '/l', cause: 'EACCES' },
    },
    ['a model was passed over'],
    String,
  ).map(({ kind }) => kind);
  expect(kinds).toEqual(['example', 'worker', 'log', 'store', 'paused', 'notice']);
  expect(
    bannersOf({ ...state, worker: { state: 'up' }, problem: null, pausedUntil: null, source: null }, [], String),
  ).toEqual([]);
});
