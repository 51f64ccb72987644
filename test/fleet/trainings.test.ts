import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';

import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';

import { OneAtATime } from '../../src-main/fleet/partition/one-at-a-time.ts';
import { Partition, type PartitionOptions } from '../../src-main/fleet/partition/partition.ts';
import type { Turns } from '../../src-main/fleet/partition/training-turns.ts';
import { TrainingSlots } from '../../src-main/fleet/supervisor/training-slots.ts';
import { makeStreams, openBucket } from '../../src-main/fleet/wire/streams.ts';
import { numbered, Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { scratch } from '../scratch.ts';
import { endedAfterwards } from './ended.ts';
import { settled } from './exact.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, freePort, NatsServer, serverForAll } from './nats-server.ts';
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
    'reads on to where the model comes into use, answers, is given back at once, and whoever has it next does the same there',
    { timeout: 120_000 },
    async () => {
      const nc = await (await server.get()).connect();
      const subjects = new Subjects('turns');
      await makeStreams(nc, subjects, { partitions: 1, replicas: 1, keepLinesDays: 3, lease: 5 });
      await publishAll(nc, subjects, 1, linesOfHosts(2, 1600));
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
      // Begun in the block in which 1,000 count, of 50 lines each: there it waits for the model, and reads no further.
      const most = (): number => Math.max(...storedIn(state));
      await until('it waits for the model', () => most() >= 1050 + 500);
      await setTimeout(500);
      expect(most()).toBe(1050 + 500);
      const asked = await nc.request(subjects.ask(0), JSON.stringify({ form: 1, call: 'status' }), { timeout: 2000 });
      expect(JSON.parse(asked.string())).toMatchObject({ ok: true, value: { training: 'waits' } });
      const asking = performance.now();
      await first.stop();
      expect((await first.ended).why).toBe('released');
      expect(performance.now() - asking).toBeLessThan(5000);
      const owners = await openBucket(nc, subjects.bucket('OWNERS'));
      const { revision } = (await owners.get('p.0000'))!;
      const second = new Partition(options('b.1', revision, new TrainingSlots(1)));
      await until('all is read', () => second.status.position === reference.position);
      await second.stop();
      expect(await differencesFrom(reference, nc, subjects, 0, state)).toEqual([]);
    },
  );
});

describeWithNats('a worker that is killed while users are trained', () => {
  const { servers, fleets } = endedAfterwards();

  it('leaves the trainings to the next one, who stores the same', { timeout: 300_000 }, async () => {
    const server = await NatsServer.start();
    servers.push(server);
    const fleet = await TestFleet.make(server, 'mid', {
      partitions: 2,
      lease: 3,
      snapshot: { lines: 150, minutes: 30 },
    });
    fleets.push(fleet);
    const nc = await server.connect();
    const publishing = publishAll(nc, fleet.subjects, 2, linesOfHosts(4, 1700), { pause: () => setTimeout(150) });
    const trained = (): number =>
      [0, 1].reduce((sum, p) => sum + trainingsIn(join(fleet.stateOf('a'), numbered(p))), 0);
    let from = 0;
    for (const wipe of [true, false, true]) {
      fleet.start('a');
      await until('somebody is trained', () => trained() > from);
      await setTimeout(400);
      await fleet.kill('a', wipe);
      // More of them than before, the next time.
      from = Math.min(from + 1, 2);
    }
    await publishing;
    const { differences, references } = await settled(nc, fleet);
    expect(differences).toEqual([]);
    expect(references.flatMap(({ tables }) => tables.versions!).length).toBeGreaterThanOrEqual(4);
  });
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
    await publishAll(nc, fleet.subjects, fleet.partitions, linesOfHosts(6, 1600));
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
      return lines === 6 * (1 + 1600 + 80 + 400) && trainings === 0 && queue === 0;
    });
    expect([...seen.trainings].sort()).toEqual([0, 1]);
    expect(Math.max(...seen.queue)).toBeGreaterThan(0);
  });
});

/** Asks a partition's database, whoever writes it. @returns nothing while it is being made */
function asked(folder: string, sql: string): number[] {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(join(folder, 'ubad.db'), { readOnly: true });
    return db
      .prepare(sql)
      .all()
      .map(({ n }) => Number(n));
  } catch {
    return [];
  } finally {
    db?.close();
  }
}

const storedIn = (state: string): number[] => asked(join(state, numbered(0)), 'SELECT stored AS n FROM subjects');
const trainingsIn = (folder: string): number => asked(folder, 'SELECT count(*) AS n FROM trainings')[0] ?? 0;
