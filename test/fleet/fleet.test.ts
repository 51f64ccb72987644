import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';

import { OneAtATime } from '../../src-main/fleet/partition/one-at-a-time.ts';
import { Partition, type PartitionOptions } from '../../src-main/fleet/partition/partition.ts';
import { TrainingSlots } from '../../src-main/fleet/supervisor/training-slots.ts';
import { Supervisor } from '../../src-main/fleet/supervisor/supervisor.ts';
import { makeStreams } from '../../src-main/fleet/wire/streams.ts';
import { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { scratch } from '../scratch.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { until } from './processes.ts';
import { differencesFrom, engineOptions, referenceOf, type Reference } from './reference.ts';

const P = 4;

function workerOn(nc: NatsConnection, subjects: Subjects, name: string, state: string, lease = 3): Supervisor {
  const notices: string[] = [];
  const options = {
    nc,
    subjects,
    partitions: P,
    state,
    engine: engineOptions(),
    keepDays: 14,
    turns: new TrainingSlots(1),
    opening: new OneAtATime(),
  };
  const start = (partition: number, owner: string, from: number): Partition =>
    new Partition({
      ...options,
      partition,
      owner,
      from,
      snapshot: { lines: 800, minutes: 30 },
      onNotice: (text) => notices.push(text),
    } satisfies PartitionOptions);
  return new Supervisor({ nc, subjects, name, partitions: P, lease, start, onNotice: (text) => notices.push(text) });
}

describeWithNats('a fleet of two workers in one process', () => {
  const server = serverForAll();

  it('stores and tells what one engine would that never stopped, when one worker goes and another comes', async () => {
    const nc = await (await server.get()).connect();
    const subjects = new Subjects('one');
    await makeStreams(nc, subjects, { partitions: P, replicas: 1, keepLinesDays: 3, lease: 3 });
    const lines = linesOfHosts(6, 1600);
    const [stateA, stateB] = [join(scratch(), 'a'), join(scratch(), 'b')];
    const a = workerOn(nc, subjects, 'a', stateA);
    const running = [a.run()];
    let published = 0;
    const publishing = publishAll(nc, subjects, P, lines, {
      pause: async () => {
        published++;
        await setTimeout(20);
      },
    });
    await until('half is published', () => published > 60);
    const b = workerOn(nc, subjects, 'b', stateB);
    running.push(b.run());
    await until('the second worker has two partitions', () => b.statuses.length === 2);
    await a.abandon();
    rmSync(stateA, { recursive: true, force: true });
    await publishing;
    await until('the second worker has all', () => b.statuses.length === P);
    const references: Reference[] = [];
    for (let p = 0; p < P; p++) references.push(await referenceOf(nc, subjects, p, P));
    await until('all is read', () =>
      references.every(({ position }, p) => b.statuses.some((one) => one.partition === p && one.position === position)),
    );
    await b.drain();
    await Promise.all(running);
    const found = [];
    for (let p = 0; p < P; p++) found.push(...(await differencesFrom(references[p]!, nc, subjects, p, stateB)));
    expect(found).toEqual([]);
    expect(references.reduce((sum, one) => sum + one.lines, 0)).toBe([...lines.values()].flat().length);
    expect(references.flatMap(({ alerts }) => alerts).length).toBeGreaterThan(6);
  });
});
