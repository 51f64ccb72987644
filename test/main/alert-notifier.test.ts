import { join } from 'node:path';

import { expect, it, vi } from 'vitest';

import { AlertNotifier } from '../../src-main/desktop/alert-notifier.ts';
import {
  NotificationPolicy,
  type NotificationContent,
  type Order,
} from '../../src-main/desktop/notification-policy.ts';
import type { DoNotDisturb } from '../../src-main/host/do-not-disturb.ts';
import { Memory } from '../../src-main/host/memory.ts';
import { scratch } from '../scratch.ts';
import { alertEvent, NOON } from './support/told.ts';

function noteOf(order: Order | undefined): NotificationContent {
  if (order?.do !== 'show') throw new Error('Nothing is shown.');
  return order.content;
}

function pressed(what: Parameters<AlertNotifier['pressed']>[0], changes: Parameters<typeof alertEvent>[0]) {
  const [mark, show, lock, snooze] = [
    vi.fn(() => Promise.resolve(1)),
    vi.fn(),
    vi.fn(() => Promise.resolve(true)),
    vi.fn(),
  ];
  const alarms = new AlertNotifier({
    memory: new Memory(join(scratch(), 'memory.json')),
    language: 'en',
    doNotDisturb: () => ({ snooze, holds: () => false }) as unknown as DoNotDisturb,
    engine: { mark, tick: () => Promise.resolve(), missed: () => Promise.resolve({ alertEvents: [], newest: 0 }) },
    carryOut: () => undefined,
    show,
    lock,
    notice: () => undefined,
  });
  const [order] = new NotificationPolicy().alertEvent(alertEvent(changes), NOON, false);
  alarms.pressed(what, noteOf(order));
  return (
    [mark.mock.calls, show.mock.calls, lock.mock.calls, snooze.mock.calls].map(({ length }) => length).join(' ') +
    show.mock.calls
      .flat()
      .map((address) => ` ${String(address)}`)
      .join('')
  );
}

function shown() {
  const carryOut = vi.fn<(orders: readonly Order[]) => void>();
  const alarms = new AlertNotifier({
    memory: new Memory(join(scratch(), 'memory.json')),
    language: 'en',
    doNotDisturb: () => ({ holds: () => false }) as unknown as DoNotDisturb,
    engine: {
      mark: () => Promise.resolve(1),
      tick: () => Promise.resolve(),
      missed: () => Promise.resolve({ alertEvents: [], newest: 0 }),
    },
    carryOut,
    show: () => undefined,
    lock: () => Promise.resolve(true),
    notice: () => undefined,
  });
  const closed = (): string[] =>
    carryOut.mock.calls.flatMap(([orders]) => orders.flatMap((order) => (order.do === 'close' ? [order.key] : [])));
  return { alarms, closed };
}

it('a critical alert is called normal only where it is read what it is about', () => {
  expect(pressed('normal', { band: 'high' })).toBe('1 0 0 0');
  expect(pressed('normal', { band: 'critical' })).toBe('0 1 0 0 #/alerts/7/normal');
});

it('its other buttons lock the screen, hold back, and open it', () => {
  expect(pressed('lock', { band: 'critical' })).toBe('0 0 1 0');
  expect(pressed('snooze', { band: 'high' })).toBe('0 0 0 1');
  expect(pressed('show', { band: 'critical' })).toBe('0 1 0 0 #/alerts/7');
});

it.each([
  ['could be locked', true, [{ alert: 7, step: 'lock', done: true }]],
  ['could not be locked', false, []],
])('where the screen %s from a notification, the step of its alert says so', async (_, isLocked, noted) => {
  const ticked: unknown[] = [];
  const alarms = new AlertNotifier({
    memory: new Memory(join(scratch(), 'memory.json')),
    language: 'en',
    doNotDisturb: () => ({ holds: () => false }) as unknown as DoNotDisturb,
    engine: {
      mark: () => Promise.resolve(1),
      tick: (step) => Promise.resolve(void ticked.push(step)),
      missed: () => Promise.resolve({ alertEvents: [], newest: 0 }),
    },
    carryOut: () => undefined,
    show: () => undefined,
    lock: () => Promise.resolve(isLocked),
    notice: () => undefined,
  });
  const [order] = new NotificationPolicy().alertEvent(alertEvent({ band: 'critical' }), NOON, false);
  alarms.pressed('lock', noteOf(order));
  await new Promise((done) => setImmediate(done));
  expect(ticked).toEqual(noted);
});

it('a notification goes when its alert was looked at or answered, alone or with others', () => {
  const { alarms, closed } = shown();
  alarms.done('acknowledge', 7);
  alarms.done('mark', { alert: 8 });
  alarms.done('markAll', { alerts: [9, 10] });
  alarms.done('timeline', { user: 'alice' });
  expect(closed()).toEqual(['alert-7', 'alert-8', 'alert-9', 'alert-10']);
});
