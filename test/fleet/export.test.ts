import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { afterAll, expect, it } from 'vitest';

import { feedOf } from '../../src-main/fleet/inbox/feed.ts';
import { InboxStore } from '../../src-main/fleet/inbox/store.ts';
import { ExactPublisher } from '../../src-main/fleet/wire/exact-publisher.ts';
import { webhookReceiver } from '../export/receivers.ts';
import { scratch } from '../scratch.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';
import { answered, incident, ownerTold } from './told.ts';

it('makes an event of each alert and each answer, with an id that stays', () => {
  const store = InboxStore.open(join(scratch(), 'inbox'));
  store.begin('S', '2026-01-01', 1e6);
  const feed = feedOf(store, 'main');
  expect(feed.begin()).toBe(0);
  const told = [ownerTold(0), incident(1, 7), incident(2, 7, { change: 'closed', band: 'of a newer worker' })];
  const messages = [...told, answered(3, 7, 'normal'), answered(4, 99, 'none')];
  store.take(
    messages.map((message, m) => ({ position: m + 1, at: 100 + m, partition: 3, message })),
    365,
  );
  expect(feed.next(1, 2).position).toBe(3);
  const { events, position } = feed.next(0, 100);
  expect(position).toBe(5);
  expect(events.map(({ id, change, verdict }) => [id, change, verdict])).toEqual([
    ['main/0003/7/1', 'opened', null],
    ['main/0003/7/2', 'closed', null],
    ['main/0003/7/3', 'answered', 'normal'],
  ]);
  expect(events[1]).toMatchObject({ alert: 'main/0003/7', at: 102, band: 'low', user: 'anna@desk-1' });
  expect(feed.next(position, 100)).toEqual({ events: [], position: 5 });
  store.close();
});

describeWithNats('what the inbox sends on', () => {
  const server = serverForAll();
  let fleet: TestFleet | undefined;
  afterAll(async () => fleet?.killAll());

  it('arrives each at least once, though the inbox is killed and the receiver refuses', async () => {
    let refused = 0;
    const { port, ca, posted } = await webhookReceiver((n) => (n % 7 === 3 ? (refused++, 503) : 200));
    const folder = scratch();
    writeFileSync(join(folder, 'ca'), ca);
    writeFileSync(join(folder, 'secret'), 'a secret of some length');
    const url = `https://127.0.0.1:${port}/`;
    const files = { ca: join(folder, 'ca'), secretFile: join(folder, 'secret') };
    const target = { name: 'siem', kind: 'webhook', form: 'ecs', url, private: ['127.0.0.1'], ...files };
    fleet = await TestFleet.make(await server.get(), 'export', { export: [target] });
    const nc = await (await server.get()).connect();
    const publisher = await ExactPublisher.on(nc, fleet.subjects.alertsStream, AbortSignal.timeout(60_000));
    const subject = fleet.subjects.alerts(2);
    fleet.start('inbox', 'inbox');
    await until('it is there', async () => (await fleet!.ask('alerts', 'list').catch(() => '')) !== '');
    const wanted: string[] = [];
    let after = 0;
    const state = { isKilled: false };
    const telling = (async () => {
      for (let n = 1; n <= 40 || !state.isKilled; n++) {
        const published = await publisher.publish({ subject, body: JSON.stringify(incident(n, n)), after });
        if (!published.ok) throw new Error('somebody else told');
        after = published.seq;
        wanted.push(`export/0002/${n}/${n}`);
        await setTimeout(60);
      }
    })();
    const ids = (): string[] => posted.map(({ body }) => (JSON.parse(body) as { event: { id: string } }).event.id);
    for (const count of [5, 12]) {
      await until('some have arrived', () => new Set(ids()).size >= count);
      await fleet.kill('inbox', false);
      await setTimeout(200);
      fleet.start('inbox', 'inbox');
    }
    state.isKilled = true;
    await telling;
    await until('all have arrived', () => new Set(ids()).size === wanted.length);
    expect([...new Set(ids())]).toEqual(wanted);
    expect(refused).toBeGreaterThan(0);
  });

  it('is not begun without the files that it needs', async () => {
    const target = { name: 'siem', kind: 'syslog', host: '127.0.0.1', ca: '/nonexistent/ca.pem' };
    const without = await TestFleet.make(await server.get(), 'export-without', { export: [target] });
    await expect(without.ask('inbox')).rejects.toThrow(
      /\/nonexistent\/ca\.pem, which the target siem needs, cannot be read/,
    );
  });
});
