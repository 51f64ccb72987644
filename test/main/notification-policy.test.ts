import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bands } from '../../src-main/contract/alerts.ts';
import { digestText } from '../../src-main/desktop/digest.ts';
import {
  NotificationPolicy,
  type NotificationContent,
  type Order,
} from '../../src-main/desktop/notification-policy.ts';
import { alertEvent, NOON } from './support/told.ts';

const shown = (orders: readonly Order[]): NotificationContent[] =>
  orders.flatMap((order) => (order.do === 'show' ? [order.content] : []));
const MINUTE = 60_000;

describe('a notification', () => {
  it('says who, what, how bad, when, and when he usually works', () => {
    const [note] = shown(new NotificationPolicy().alertEvent(alertEvent(), NOON, false));
    expect(note).toEqual({
      key: 'alert-7',
      title: 'alice: A program was started that is not usual — high (83)',
      body: 'Stranger than 99.6 % of the last 30 days, at 10:00; usually 08–18.',
      urgency: 'normal',
      address: '#/alerts/7',
      alert: { id: 7, user: 'alice', here: true },
    });
  });

  it('says the day of what was not today, and no hours where none are usual', () => {
    const lastTime = NOON / 1000 - 2 * 86_400;
    const [note] = shown(new NotificationPolicy().alertEvent(alertEvent({ lastTime, usual: null }), NOON, false));
    expect(note!.body).toBe('Stranger than 99.6 % of the last 30 days, at 10:00 on 23 November.');
  });

  it('compares nothing where what is stored of the reason is damaged', () => {
    const [note] = shown(new NotificationPolicy().alertEvent(alertEvent({ rank: null }), NOON, false));
    expect(note!.body).toBe('Strange, at 10:00; usually 08–18.');
  });

  it('is critical in the top band only', () => {
    const urgencies = bands.map(
      (band, id) => shown(new NotificationPolicy().alertEvent(alertEvent({ id, band }), NOON, false))[0]!.urgency,
    );
    expect(urgencies).toEqual(['low', 'normal', 'normal', 'critical']);
  });

  it('is one an incident, and told again under its key when there is twice as much, or it is worse', () => {
    const policy = new NotificationPolicy();
    const grow = (count: number, band = alertEvent().band): NotificationContent[] =>
      shown(policy.alertEvent(alertEvent({ count, band, change: 'extended' }), NOON, false));
    expect([1, 1, 2, 3, 4, 5].map((count) => grow(count).length)).toEqual([1, 0, 1, 0, 1, 0]);
    expect(grow(5, 'critical')).toMatchObject([
      { key: 'alert-7', body: expect.stringMatching(/5 unusual moments/) as string },
    ]);
  });

  it('takes nothing of the log for markup', () => {
    const [note] = shown(
      new NotificationPolicy().alertEvent(alertEvent({ user: '<b>&\u202e\n', act: '<a href="x">' }), NOON, false),
    );
    expect(`${note!.title}${note!.body}`).not.toMatch(/[<>&\u202e\n]/);
  });

  it('goes when a person has dealt with its alert', () => {
    expect(new NotificationPolicy().seen(7)).toEqual([{ do: 'close', key: 'alert-7' }]);
  });

  it('is not made of what a person has seen while it was held back, until that is worse', () => {
    const policy = new NotificationPolicy();
    policy.alertEvent(alertEvent(), NOON, true);
    policy.seen(7);
    expect(policy.unmuted(() => false)).toEqual([]);
    expect(policy.alertEvent(alertEvent({ change: 'extended' }), NOON, false)).toEqual([]);
    expect(shown(policy.alertEvent(alertEvent({ change: 'extended', band: 'critical' }), NOON, false))).toHaveLength(1);
  });
});

it('is not told again after a restart, nor by a worker that starts again and tells of all that is open', () => {
  const policy = new NotificationPolicy();
  for (const id of [1, 2]) policy.alertEvent(alertEvent({ id }), NOON, id === 2);
  const again = new NotificationPolicy(policy.held, policy.told);
  for (const id of [1, 2]) expect(again.alertEvent(alertEvent({ id, change: 'extended' }), NOON, id === 2)).toEqual([]);
  expect(shown(again.alertEvent(alertEvent({ id: 3, change: 'extended' }), NOON, false))).toHaveLength(1);
});

describe('a burst', () => {
  it('becomes one digest, that takes the place of its notifications', () => {
    const policy = new NotificationPolicy();
    const orders = [1, 2, 3, 4, 5].map((id) =>
      policy.alertEvent(alertEvent({ id, user: id < 3 ? 'alice' : 'bob' }), NOON + id, false),
    );
    expect(
      orders.map((one) =>
        shown(one)
          .map(({ key }) => key)
          .join(),
      ),
    ).toEqual(['alert-1', 'alert-2', 'alert-3', 'digest', 'digest']);
    expect(orders[3]!.filter((order) => order.do === 'close')).toHaveLength(3);
    expect(shown(orders[4]!)).toMatchObject([
      {
        title: '5 new alerts within a minute',
        body: '3 are about bob, 2 about alice; the worst is high.',
        address: '#/alerts',
      },
    ]);
  });

  it('is as urgent as its worst, whichever came last', () => {
    const policy = new NotificationPolicy();
    const orders = [1, 2, 3, 4].map((id) =>
      policy.alertEvent(alertEvent({ id, band: id === 1 ? 'critical' : 'low' }), NOON, false),
    );
    expect(shown(orders[3]!)).toMatchObject([
      { urgency: 'critical', body: 'All are about alice; the worst is critical.' },
    ]);
  });

  it('hides nothing that comes to the top later', () => {
    const policy = new NotificationPolicy();
    for (const id of [1, 2, 3, 4]) policy.alertEvent(alertEvent({ id, band: 'low' }), NOON, false);
    const grow = (band: 'high' | 'critical', count = 1) =>
      shown(policy.alertEvent(alertEvent({ id: 4, band, count, change: 'extended' }), NOON, false)).map(
        ({ key }) => key,
      );
    expect([grow('high'), grow('high', 9), grow('critical', 10), grow('critical', 11)]).toEqual([
      ...[[], [], ['alert-4'], []],
    ]);
  });

  it('is over after a minute', () => {
    const policy = new NotificationPolicy();
    for (const id of [1, 2, 3]) policy.alertEvent(alertEvent({ id }), NOON, false);
    expect(shown(policy.alertEvent(alertEvent({ id: 4 }), NOON + MINUTE, false))).toMatchObject([{ key: 'alert-4' }]);
  });
});

describe('what a digest says', () => {
  const alerts = (users: string) => Array.from(users, (user) => ({ user, band: 'medium' as const }));
  it.each([
    ['a', 'It is about a: medium.'],
    ['aa', 'All are about a; the worst is medium.'],
    ['abb', '2 are about b, 1 about a; the worst is medium.'],
    ['abcdde', '2 are about d, 1 about a, 1 about b, 2 about others; the worst is medium.'],
  ])('of %s', (users, text) => {
    expect(digestText(alerts(users))).toBe(text);
  });

  it('names the worst, and takes nothing of the log for markup', () => {
    const text = digestText([...alerts('a'), { user: '<b>', band: 'critical' }, ...alerts('a')]);
    expect(text).toBe('2 are about a, 1 about ·b·; the worst is critical.');
  });
});

describe('what happens while it is quiet', () => {
  it('is told afterwards, once', () => {
    const policy = new NotificationPolicy();
    for (const id of [1, 2]) expect(policy.alertEvent(alertEvent({ id, user: `user${id}` }), NOON, true)).toEqual([]);
    policy.alertEvent(alertEvent({ id: 2, change: 'closed' }), NOON, true);
    expect(policy.held.map(({ id }) => id)).toEqual([1, 2]);
    expect(shown(policy.unmuted(() => false))).toMatchObject([
      { title: 'While it was quiet: 2 alerts', body: '1 is about user1, 1 about user2; the worst is high.' },
    ]);
    expect(policy.unmuted(() => false)).toEqual([]);
  });

  it('is told as bad as it became meanwhile', () => {
    const policy = new NotificationPolicy();
    policy.alertEvent(alertEvent({ band: 'medium' }), NOON, true);
    policy.alertEvent(alertEvent({ band: 'critical', change: 'extended' }), NOON, true);
    expect(shown(new NotificationPolicy(policy.held).unmuted(() => false))).toMatchObject([
      { title: 'While it was quiet: 1 alert', body: 'It is about alice: critical.', urgency: 'critical' },
    ]);
  });

  it('is kept for those who are still snoozed, and across a restart', () => {
    const held = { id: 1, user: 'alice', count: 2, band: 'high' } as const;
    const policy = new NotificationPolicy([held]);
    policy.alertEvent(alertEvent({ id: 2, user: 'bob' }), NOON, true);
    expect(shown(policy.unmuted((user) => user === 'alice'))).toMatchObject([{ address: '#/alerts/2' }]);
    expect(new NotificationPolicy(policy.held).held).toEqual([held]);
  });
});

it('loses nothing and tells nothing twice, whatever comes in whatever order', () => {
  const step = fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    muted: fc.boolean(),
    wait: fc.integer({ min: 0, max: 30_000 }),
    unmute: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const policy = new NotificationPolicy();
      const met = new Set<number>();
      let [now, told] = [NOON, 0];
      const count = (orders: readonly Order[]): void => {
        for (const { key, title } of shown(orders)) {
          if (key === 'digest') told++;
          else told += key === 'held' ? Number(/(\d+) alert/.exec(title)![1]) : 1;
        }
      };
      for (const { id, muted, wait, unmute } of steps) {
        now += wait;
        if (unmute) count(policy.unmuted(() => false));
        // Each incident is met once or more, and never grows: told at most once then.
        if (!met.has(id) || muted) count(policy.alertEvent(alertEvent({ id, user: `user${id}` }), now, muted));
        met.add(id);
      }
      count(policy.unmuted(() => false));
      expect(told).toBe(met.size);
      expect(policy.held).toEqual([]);
    }),
  );
});
