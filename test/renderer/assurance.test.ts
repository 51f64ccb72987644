import { expect, it } from 'vitest';

import type { EngineStatus, UserStatus } from '../../src-main/contract/alerts.ts';
import type { DesktopState } from '../../src-main/contract/desktop.ts';
import { countOf, doubtOf, type Known } from '../../src-renderer/lib/assurance.ts';

const ready = { state: 'ready', version: 1 } as const;
const learning = { state: 'learning', progress: 0.4 } as const;
const user = (name: string, model: UserStatus['model'] = ready): UserStatus => ({
  name,
  model,
  actions: 1,
  lastSeen: 1,
  openAlerts: 0,
  waitingAlerts: 0,
  newAlerts: 0,
});
const status = (users: readonly UserStatus[], changes: Partial<EngineStatus> = {}): EngineStatus => ({
  users,
  openAlerts: 0,
  waitingAlerts: 0,
  newAlerts: 0,
  lastAlerts: [],
  refused: [],
  lost: [],
  databaseBytes: 0,
  ...changes,
});
const desktop: DesktopState = {
  host: 'desktop',
  worker: { state: 'up' },
  source: { state: 'following', path: '/log' },
  problem: null,
  pausedUntil: null,
  snoozed: {},
  heldBack: [],
  example: null,
};
const why = (changes: Partial<Known>): string | undefined =>
  doubtOf({ status: status([user('alice')]), desktop, silentSince: null, ...changes })?.why;

it('is calm only when nothing waits, the log is read and fresh, and somebody is past learning', () => {
  expect(why({})).toBeUndefined();
  expect(why({ status: status([user('alice'), user('bob', learning)]) })).toBeUndefined();
});

it.each<[string, Partial<Known>]>([
  ['unknown', { status: undefined }],
  ['unknown', { desktop: undefined }],
  ['waiting', { status: status([user('alice')], { waitingAlerts: 1 }) }],
  ['blind', { desktop: { ...desktop, source: { state: 'missing', path: '/log', cause: 'gone' } } }],
  ['blind', { desktop: { ...desktop, worker: { state: 'down', cause: 'x', again: 0 } } }],
  ['blind', { desktop: { ...desktop, problem: 'The disk is full' } }],
  ['refused', { status: status([], { refused: [{ reason: 'not-json', count: 2 }] }) }],
  ['nobody', { status: status([]) }],
  ['silent', { silentSince: 7 }],
  ['learning', { status: status([user('alice', learning)]) }],
  // A machine's model says nothing of people.
  ['learning', { status: status([user('alice', learning), user('host:desk')]) }],
])('is not calm: %s', (expected, changes) => {
  expect(why(changes)).toBe(expected);
});

it('takes an alert that waits for more than a log that is silent, and the end of the example for none', () => {
  expect(why({ silentSince: 7, status: status([user('alice')], { waitingAlerts: 1 }) })).toBe('waiting');
  const example = { phase: 'over', minutes: 3, watching: true } as const;
  expect(why({ silentSince: 7, desktop: { ...desktop, example } })).toBeUndefined();
});

it('counts people and machines apart', () => {
  expect(countOf(['alice', 'host:desk', 'bob'].map((name) => user(name)))).toEqual({ people: 2, machines: 1 });
});
