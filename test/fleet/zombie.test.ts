import { setTimeout } from 'node:timers/promises';

import { afterAll, expect, it } from 'vitest';

import { alertMessage, read } from '../../src-main/fleet/wire/messages.ts';
import { ExactPublisher } from '../../src-main/fleet/wire/exact-publisher.ts';
import { AlertTeller, Fenced } from '../../src-main/fleet/partition/tell-alerts.ts';
import { OwnedPartition } from '../../src-main/fleet/partition/owner.ts';
import { makeStreams, openBucket } from '../../src-main/fleet/wire/streams.ts';
import { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { ownedBy, settled } from './exact.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';

describeWithNats('an owner that wakes up late', () => {
  const server = serverForAll();
  const fleets: TestFleet[] = [];
  afterAll(async () => {
    for (const fleet of fleets) await fleet.killAll();
  });

  it('is refused by the server, and nothing is told twice', async () => {
    const fleet = await TestFleet.make(await server.get(), 'zombie', { lease: 2 });
    fleets.push(fleet);
    const nc = await (await server.get()).connect();
    const lines = linesOfHosts(6, 1600);
    fleet.start('a');
    await until('a has all', async () => (await ownedBy(nc, fleet, 'a')).length === fleet.partitions);
    const publishing = publishAll(nc, fleet.subjects, fleet.partitions, lines, { pause: () => setTimeout(60) });
    await setTimeout(2500);
    fleet.signal('a', 'SIGSTOP');
    fleet.start('b');
    await until('b has all', async () => (await ownedBy(nc, fleet, 'b')).length === fleet.partitions);
    await setTimeout(500);
    fleet.signal('a', 'SIGCONT');
    await publishing;
    await setTimeout(1000);
    const { differences, references } = await settled(nc, fleet);
    expect(differences).toEqual([]);
    expect(references.flatMap(({ alerts }) => alerts).length).toBeGreaterThan(6);
  });

  it('cannot tell nor write down a snapshot once another one has told, and a lost answer fences nobody', async () => {
    const nc = await (await server.get()).connect();
    const subjects = new Subjects('fenced');
    await makeStreams(nc, subjects, { partitions: 1, replicas: 1, keepLinesDays: 1, lease: 5 });
    const { signal } = new AbortController();
    const owners = await openBucket(nc, subjects.bucket('OWNERS'));
    const first = await OwnedPartition.claim(owners, 0, 'a.1', 0, signal);
    const publisher = await ExactPublisher.on(nc, subjects.alertsStream, signal);
    const telling = { publisher, subject: subjects.alerts(0), now: 1 };
    const one = await AlertTeller.takeOver({ ...telling, owner: 'a.1', epoch: first.epoch });
    const body = {
      change: 'opened',
      incident: 1,
      user: 'anna@d',
      host: 'd',
      band: 'high',
      severity: 70,
      peak: 6,
      count: 1,
      firstTime: 1,
      lastTime: 2,
      act: 'rare',
    };
    await one.tell({ n: 1, seq: 5, body });
    await expect(OwnedPartition.claim(owners, 0, 'b.1', first.epoch + 1, signal)).rejects.toThrow(Fenced);
    const second = await OwnedPartition.claim(owners, 0, 'b.1', first.epoch, signal);
    const two = await AlertTeller.takeOver({ ...telling, owner: 'b.1', epoch: second.epoch });
    expect(two.told).toBe(1);
    await expect(one.tell({ n: 2, seq: 6, body })).rejects.toThrow(Fenced);
    await expect(first.keep('snapshot', 6)).rejects.toThrow(Fenced);
    await expect(AlertTeller.takeOver({ ...telling, owner: 'a.1', epoch: first.epoch })).rejects.toThrow(Fenced);
    await two.tell({ n: 1, seq: 5, body });
    await two.tell({ n: 2, seq: 6, body });
    const last = await publisher.last(subjects.alerts(0));
    expect(read(alertMessage, last.body)).toMatchObject({ kind: 'incident', n: 2, epoch: second.epoch });
    await second.keep('snapshot', 6);
    await second.release();
  });
});
