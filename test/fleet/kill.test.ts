import { setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';

import { random as randomOf } from '../../models/random.ts';
import { endedAfterwards } from './ended.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { ownedBy, settled } from './exact.ts';
import { TestFleet, until } from './processes.ts';
import { inWords, missedInStores, missedInStream, takenOver, type Kill } from './tally.ts';

const KILLS = Number(process.env.UBAD_FLEET_KILLS ?? 3);
const SEEDS = Number(process.env.UBAD_FLEET_SEEDS ?? 1);
const FIRST = Number(process.env.UBAD_FLEET_FIRST ?? 1);
const HOSTS = 6;
const LEASE = 4;
const ACTIONS = 1600 + 150 * Math.max(0, KILLS - 3);
const BLOCK = 50;
/** Publishing lasts about as long as the kills do. */
const LASTS_MS = 9000 * KILLS;
const TIME = 120_000 + KILLS * 40_000;
/** After each third kill somebody who works stands still for longer than the lease. */
const FREEZE_EACH = 3;
/** Seconds between two answers to the publisher that are lost with its connection. */
const CUT_EACH = 2;

describeWithNats('workers that are killed at any moment', () => {
  const { servers, fleets } = endedAfterwards();

  it.each(Array.from({ length: SEEDS }, (_, s) => FIRST + s))(
    'seed %i: nothing is lost, stored twice or told twice, with and without their disks',
    async (seed) => {
      const random = randomOf(seed);
      const server = await NatsServer.start();
      servers.push(server);
      const fleet = await TestFleet.make(server, `kill-${seed}`, { lease: LEASE });
      fleets.push(fleet);
      const nc = await server.connect('looks');
      const publisher = await server.connect('publisher');
      const lines = linesOfHosts(HOSTS, ACTIONS);
      fleet.start('a');
      fleet.start('b');
      const blocks = Math.max(...[...lines.values()].map((own) => own.length)) / BLOCK;
      const publishing = publishAll(publisher, fleet.subjects, fleet.partitions, lines, {
        size: BLOCK,
        pause: () => setTimeout((2 * random() * LASTS_MS) / blocks),
      });
      const published = new AbortController();
      const cutting = cutNowAndThen(publisher, randomOf(seed + 1000), published.signal);
      const kills: Kill[] = [];
      let [workers, frozen] = [0, 0];
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
        const wipe = random() < 0.7;
        const partitions = await ownedBy(nc, fleet, name);
        kills.push({ at: Date.now() / 1000, partitions });
        workers++;
        await fleet.kill(name, wipe);
        await setTimeout(1500 * random());
        fleet.start(name);
        if (kill % FREEZE_EACH !== FREEZE_EACH - 1) continue;
        const other = name === 'a' ? 'b' : 'a';
        await until(`${other} works`, async () => (await ownedBy(nc, fleet, other)).length > 0);
        kills.push({ at: Date.now() / 1000, partitions: [] });
        frozen++;
        fleet.signal(other, 'SIGSTOP');
        await setTimeout(1000 * (LEASE + 1 + 2 * random()));
        fleet.signal(other, 'SIGCONT');
      }
      await publishing;
      published.abort();
      const cuts = await cutting;
      const end = await settled(nc, fleet);
      const { differences, references } = end;
      const sent = [...lines.values()].flat().length;
      const inStream = await missedInStream(nc, fleet.subjects, lines);
      const stored = missedInStores(end, fleet.stateOf('last'));
      const alerts = references.flatMap((one) => one.alerts).length;
      console.log(
        `seed ${seed}: ${workers} kills of workers and ${KILLS - workers} of the server, ${frozen} owners frozen, ` +
          `${cuts} connections cut under answers, ${sent} lines: ` +
          `${inStream.lost + stored.lost} lost, ${inStream.twice + stored.twice} twice, ${differences.length} tables differ, ` +
          `${alerts} alerts told; taken over after ${inWords(await takenOver(nc, fleet.subjects, kills))}, lease ${LEASE} s`,
      );
      expect(differences).toEqual([]);
      expect([inStream, stored]).toEqual(Array(2).fill({ lost: 0, twice: 0 }));
      expect(references.reduce((sum, one) => sum + one.lines, 0)).toBe(sent);
      expect(alerts).toBeGreaterThan(HOSTS);
    },
    TIME,
  );
});

/** Drops the connection, with whatever answer is on its way. @returns how often, once it is told to stop */
async function cutNowAndThen(nc: NatsConnection, random: () => number, signal: AbortSignal): Promise<number> {
  for (let cuts = 0; ; cuts++) {
    await setTimeout(2000 * CUT_EACH * random());
    if (signal.aborted) return cuts;
    // It is reconnecting already where the server was just killed.
    await nc.reconnect().catch(() => undefined);
  }
}
