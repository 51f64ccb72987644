import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';

import { jetstream } from '@nats-io/jetstream';
import { headers as newHeaders } from '@nats-io/transport-node';
import { expect, it } from 'vitest';

import { openStore } from '../../src-main/engine/store/open.ts';
import { OneAtATime } from '../../src-main/fleet/partition/one-at-a-time.ts';
import { Partition, type PartitionOptions } from '../../src-main/fleet/partition/partition.ts';
import { headers } from '../../src-main/fleet/wire/messages.ts';
import { ExactPublisher } from '../../src-main/fleet/wire/exact-publisher.ts';
import { TrainingSlots } from '../../src-main/fleet/supervisor/training-slots.ts';
import { makeStreams, managerOf, openBucket } from '../../src-main/fleet/wire/streams.ts';
import { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { until } from './processes.ts';
import { engineOptions } from './reference.ts';
import { incident } from './told.ts';

const good = ordinary(3).map((action) => lineOf(action));

describeWithNats('a partition goes on', () => {
  const server = serverForAll();
  let tenants = 0;

  async function partition(more: Partial<PartitionOptions> = {}) {
    const nc = await (await server.get()).connect();
    const subjects = new Subjects(`poison-${++tenants}`);
    await makeStreams(nc, subjects, { partitions: 1, replicas: 1, keepLinesDays: 1, lease: 5 });
    const notices: string[] = [];
    const options: PartitionOptions = {
      nc,
      subjects,
      partition: 0,
      partitions: 1,
      owner: 'w.1',
      from: 0,
      state: join(scratch(), 'state'),
      engine: engineOptions(),
      keepDays: 14,
      turns: new TrainingSlots(1),
      opening: new OneAtATime(),
      snapshot: { lines: 1_000_000, minutes: 60 },
      onNotice: (text) => notices.push(text),
      ...more,
    };
    const publish = async (host: string, body: string | Uint8Array, line?: number): Promise<number> => {
      const head = newHeaders();
      if (line !== undefined) head.set(headers.line, String(line));
      const subject = `ubad.poison-${tenants}.lines.0000.${host}`;
      return (await jetstream(nc).publish(subject, body, { headers: head })).seq;
    };
    const stored = () => {
      const opened = openStore(join(options.state, '0000'), { now: 0, readOnly: true });
      if (!opened.ok) throw new Error(opened.problem.message);
      const { store } = opened;
      const told = {
        subjects: store.subjects.list().map(({ name, stored: count }) => [name, count]),
        refused: store.refusals.counts().map(({ reason, count }) => [reason, count]),
        lost: store.losses.list().map(({ host, query, count }) => [host, query, count]),
      };
      store.close();
      return told;
    };
    return { nc, subjects, options, notices, publish, stored };
  }

  it('past blocks that are none: each is refused, counted and told, and what follows is taken', async () => {
    const { options, notices, publish, stored } = await partition();
    await publish('desk', good.join('\n'), 1);
    await publish('=say=', 'what nobody says');
    const said = { form: 1, call: 'mark', by: 'eva', at: 1, incident: 7, verdict: 'normal' };
    await publish('=say=', JSON.stringify({ ...said, call: 'purge' }));
    await publish('=say=', JSON.stringify(said));
    await publish('=2E=', good[0]!);
    await publish('desk', new Uint8Array([0xff, 0xfe]));
    await publish('desk', `${good[0]!}\n`.repeat(1100).trimEnd());
    await publish('desk', 'x'.repeat(950_000));
    await publish('desk', '{"this is": "no result"}\n[]\n', 4);
    const last = await publish('desk', good.join('\n'), 7);
    const working = new Partition(options);
    await until('all is read', () => working.status.position === last);
    await working.stop();
    expect(working.status).toMatchObject({ refused: 7, lost: 0 });
    expect(stored()).toMatchObject({
      subjects: [['uid:1000@desk', 6]],
      refused: expect.arrayContaining([
        ['bad-say', 2],
        ['no-alert', 1],
        ['bad-host', 1],
        ['bad-text', 1],
        ['too-many-lines', 1],
        ['too-large', 1],
        ['no-name', 1],
      ]) as unknown,
      lost: [],
    });
    expect(notices.filter((text) => text.includes('was refused')).length).toBe(7);
  });

  it('past lines that the stream no longer has: it tells how many, once', async () => {
    const { options, notices, publish, stored } = await partition();
    await publish('desk', good.join('\n'), 1);
    const last = await publish('desk', good.join('\n'), 11);
    const working = new Partition(options);
    await until('all is read', () => working.status.position === last);
    await working.stop();
    expect(stored().lost).toEqual([['desk', 'lines of the stream', 7]]);
    expect(notices).toEqual(['7 lines of desk were no longer in the stream when they were to be read.']);
  });

  it('with a host that speaks for another: its lines are its own', async () => {
    const { options, publish, stored } = await partition();
    const last = await publish('liar', good.map((line) => line.replace('"desk"', '"victim"')).join('\n'), 1);
    const working = new Partition(options);
    await until('all is read', () => working.status.position === last);
    await working.stop();
    expect(stored().subjects).toEqual([['uid:1000@liar', 3]]);
  });

  it('from the snapshot before, where the newest cannot be read', async () => {
    const { nc, subjects, options, notices, publish, stored } = await partition({
      snapshot: { lines: 3, minutes: 60 },
    });
    let last = 0;
    const working = new Partition(options);
    for (let block = 0; block < 4; block++) {
      last = await publish('desk', good.join('\n'), 1 + 3 * block);
      await until('it is read', () => working.status.position === last);
      await setTimeout(300);
    }
    await working.stop();
    const owners = await openBucket(nc, subjects.bucket('OWNERS'));
    const entry = await owners.get('p.0000');
    const { snapshot } = JSON.parse(entry!.string()) as { snapshot: string };
    const bucket = await openBucket(nc, subjects.bucket('STATE'));
    const manifest = JSON.parse((await bucket.get(snapshot))!.string()) as { files: { chunks: { key: string }[] }[] };
    await bucket.put(manifest.files[0]!.chunks[0]!.key, 'damaged');
    const next = { ...options, state: join(scratch(), 'other'), owner: 'w.2', from: entry!.revision };
    const other = new Partition(next);
    await until('it is read again', () => other.status.position === last);
    await other.stop();
    expect(notices).toContain('The newest snapshot of partition 0000 cannot be read; the one before is used.');
    Object.assign(options, { state: next.state });
    expect(stored().subjects).toEqual([['uid:1000@desk', 12]]);
  });

  it('where no snapshot can be read and the stream no longer has all: its alerts are numbered above those that were told', async () => {
    const { nc, subjects, options, notices, publish, stored } = await partition();
    let last = await publish('desk', good.join('\n'), 1);
    const working = new Partition(options);
    await until('it is read', () => working.status.position === last);
    await working.stop();
    const publisher = await ExactPublisher.on(nc, subjects.alertsStream, AbortSignal.timeout(10_000));
    const subject = subjects.alerts(0);
    const { seq: after } = await publisher.last(subject);
    await publisher.publish({ subject, body: JSON.stringify(incident(7, 3)), after });
    last = await publish('desk', good.join('\n'), 4);
    const manager = await managerOf(nc);
    await manager.streams.purge(subjects.linesStream, { seq: last });
    await manager.streams.purge(`KV_${subjects.bucket('STATE')}`);
    const owners = await openBucket(nc, subjects.bucket('OWNERS'));
    const from = (await owners.get('p.0000'))!.revision;
    const next = { ...options, state: join(scratch(), 'other'), owner: 'w.2', from };
    const other = new Partition(next);
    await until('what is left is read', () => other.status.position === last);
    await other.stop();
    expect(notices.join()).toContain('No snapshot of partition 0000 can be read');
    const db = new DatabaseSync(join(next.state, '0000', 'ubad.db'), { readOnly: true });
    const given = db
      .prepare("SELECT name, seq FROM sqlite_sequence WHERE name IN ('outbox', 'incidents') ORDER BY name")
      .all();
    db.close();
    expect(given).toEqual([
      { name: 'incidents', seq: 7 },
      { name: 'outbox', seq: 7 },
    ]);
    Object.assign(options, { state: next.state });
    expect(stored().lost).toEqual([['desk', 'lines of the stream', 3]]);
  });

  it('not at all with a state that was read from another stream, or further than the stream goes', async () => {
    const first = await partition();
    const last = await first.publish('desk', good.join('\n'), 1);
    const working = new Partition(first.options);
    await until('all is read', () => working.status.position === last);
    await working.stop();
    const second = await partition();
    const end = await new Partition({ ...second.options, state: first.options.state }).ended;
    expect(end).toMatchObject({
      why: 'failed',
      error: { message: expect.stringMatching(/another stream/) as unknown },
    });
  });
});
