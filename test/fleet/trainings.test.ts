import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';

import { OneAtATime } from '../../src-main/fleet/partition/one-at-a-time.ts';
import { Partition, type PartitionOptions } from '../../src-main/fleet/partition/partition.ts';
import type { Turns } from '../../src-main/fleet/partition/training-turns.ts';
import { TrainingSlots } from '../../src-main/fleet/supervisor/training-slots.ts';
import { makeStreams, openBucket } from '../../src-main/fleet/wire/streams.ts';
import { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { scratch } from '../scratch.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, freePort, serverForAll } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';
import { differencesFrom, engineOptions, referenceOf } from './reference.ts';

it('lets as many train at once as it has slots, in the order in which they asked', () => {
  const step = fc.record({ partition: fc.integer({ min: 0, max: 9 }), leaves: fc.boolean() });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (most, steps) => {
      const slots = new TrainingSlots(most);
      const wanting: number[] = [];
      const running = new Set<number>();
      for (const { partition, leaves } of steps) {
        if (leaves) {
          running.delete(partition);
          if (wanting.includes(partition)) wanting.splice(wanting.indexOf(partition), 1);
          slots.leave(partition);
        } else if (!wanting.includes(partition)) {
          wanting.push(partition);
          slots.ask(partition, () => running.add(partition));
        }
        // Those who asked first, and none is idle while somebody waits.
        expect([...running].sort()).toEqual(wanting.slice(0, most).sort());
      }
    }),
    { numRuns: 500 },
  );
});

describeWithNats('a partition whose training waits for others', () => {
  const server = serverForAll();

  it(
    'answers, is given back at once, and whoever has it next trains at the same place',
    { timeout: 120_000 },
    async () => {
      const nc = await (await server.get()).connect();
      const subjects = new Subjects('turns');
      await makeStreams(nc, subjects, { partitions: 1, replicas: 1, keepLinesDays: 3, lease: 5 });
      await publishAll(nc, subjects, 1, linesOfHosts(2, 1100));
      const reference = await referenceOf(nc, subjects, 0, 1);
      const never: Turns = { ask: () => undefined, leave: () => undefined };
      const state = join(scratch(), 'state');
      const options = (owner: string, from: number, turns: Turns): PartitionOptions => ({
        nc,
        subjects,
        partition: 0,
        partitions: 1,
        owner,
        from,
        state,
        engine: engineOptions(),
        keepDays: 14,
        turns,
        opening: new OneAtATime(),
        snapshot: { lines: 1_000_000, minutes: 60 },
      });
      const first = new Partition(options('a.1', 0, never));
      await until('a training waits', () => first.status.training === 'waits');
      const { position } = first.status;
      await setTimeout(300);
      expect(first.status.position).toBe(position);
      const asked = await nc.request(subjects.ask(0), JSON.stringify({ form: 1, call: 'status' }), { timeout: 2000 });
      expect(JSON.parse(asked.string())).toMatchObject({ ok: true, value: { training: 'waits' } });
      const begun = performance.now();
      await first.stop();
      expect((await first.ended).why).toBe('released');
      expect(performance.now() - begun).toBeLessThan(5000);
      const owners = await openBucket(nc, subjects.bucket('OWNERS'));
      const { revision } = (await owners.get('p.0000'))!;
      const second = new Partition(options('b.1', revision, new TrainingSlots(1)));
      await until('all is read', () => second.status.position === reference.position);
      await second.stop();
      expect(await differencesFrom(reference, nc, subjects, 0, state)).toEqual([]);
    },
  );
});

describeWithNats('a worker of two processes', () => {
  const server = serverForAll();
  let fleet: TestFleet | undefined;
  afterAll(async () => fleet?.killAll());

  it('trains one user at a time of all its partitions, and tells how many wait', { timeout: 180_000 }, async () => {
    const port = await freePort();
    fleet = await TestFleet.make(await server.get(), 'slots', {
      engine: { algorithm: 'ocsvm', trainAfter: 1000 },
      worker: { processes: 2, slots: 1 },
      metrics: { worker: port },
    });
    const nc = await (await server.get()).connect();
    await publishAll(nc, fleet.subjects, fleet.partitions, linesOfHosts(6, 1100));
    fleet.start('a');
    const seen = { trainings: new Set<number>(), queue: new Set<number>() };
    const numberIn = (text: string, name: string): number =>
      Number(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
    await until('all are trained', async () => {
      const text = (await (await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined))?.text()) ?? '';
      const [trainings, queue] = ['ubad_fleet_trainings', 'ubad_fleet_training_queue'].map((name) =>
        numberIn(text, name),
      );
      seen.trainings.add(trainings!);
      seen.queue.add(queue!);
      const lines = [...text.matchAll(/^ubad_fleet_lines_total\{.*\} (\d+)$/gm)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      );
      return lines === 6 * (1 + 1100 + 80 + 275) && trainings === 0 && queue === 0;
    });
    expect([...seen.trainings].sort()).toEqual([0, 1]);
    expect(Math.max(...seen.queue)).toBeGreaterThan(0);
  });
});
