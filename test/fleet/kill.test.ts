import { setTimeout } from 'node:timers/promises';

import { afterAll, afterEach, expect, it } from 'vitest';

import { random as randomOf } from '../../models/random.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { ownedBy, settled } from './exact.ts';
import { TestFleet, until } from './processes.ts';

const KILLS = Number(process.env.UBAD_FLEET_KILLS ?? 3);
const SEEDS = Number(process.env.UBAD_FLEET_SEEDS ?? 1);
const HOSTS = 6;
/** Lines of a host: enough for publishing to outlast the kills. */
const ACTIONS = 1100 + 150 * Math.max(0, KILLS - 3);
const TIME = 120_000 + KILLS * 40_000;

describeWithNats('workers that are killed at any moment', () => {
  const servers: NatsServer[] = [];
  const fleets: TestFleet[] = [];
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') for (const fleet of fleets.slice(-1)) console.error(fleet.logs());
  });
  afterAll(async () => {
    for (const fleet of fleets) await fleet.killAll();
    for (const server of servers) await server.stop();
  });

  it.each(Array.from({ length: SEEDS }, (_, s) => s + 1))(
    'seed %i: nothing is lost, stored twice or told twice, with and without their disks',
    async (seed) => {
      const random = randomOf(seed);
      const server = await NatsServer.start();
      servers.push(server);
      const fleet = await TestFleet.make(server, `kill-${seed}`);
      fleets.push(fleet);
      const nc = await server.connect('publisher');
      const lines = linesOfHosts(HOSTS, ACTIONS);
      fleet.start('a');
      fleet.start('b');
      const stop = new AbortController();
      const publishing = publishAll(nc, fleet.subjects, fleet.partitions, lines, {
        signal: stop.signal,
        pause: () => setTimeout(20 + 100 * random() + 12 * KILLS),
      });
      for (let kill = 0; kill < KILLS; kill++) {
        const name = random() < 0.5 ? 'a' : 'b';
        await until(`${name} works`, async () => (await ownedBy(nc, fleet, name)).length > 0);
        await setTimeout(2000 * random());
        // Every fifth is the server itself.
        if (kill % 5 === 4) {
          await server.kill();
          await setTimeout(500 * random());
          await server.begin();
          continue;
        }
        await fleet.kill(name, random() < 0.7);
        await setTimeout(1500 * random());
        fleet.start(name);
      }
      await publishing;
      const { differences, references } = await settled(nc, fleet);
      expect(differences).toEqual([]);
      expect(references.reduce((sum, one) => sum + one.lines, 0)).toBe([...lines.values()].flat().length);
      expect(references.flatMap(({ alerts }) => alerts).length).toBeGreaterThan(HOSTS);
    },
    TIME,
  );
});
