/** A fleet that is split while hosts publish, and while workers, the command and the server are killed. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { random as randomOf } from '../../models/random.ts';
import { InboxStore } from '../../src-main/fleet/inbox/store.ts';
import { metaOf } from '../../src-main/fleet/wire/streams.ts';
import { numbered } from '../../src-main/fleet/wire/subjects.ts';
import { endedAfterwards } from './ended.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { ownedBy, positionIn, settledLike } from './exact.ts';
import { TestFleet, until } from './processes.ts';
import { SplitProgress } from './split-progress.ts';
import { judgedIn, judgedUnsplit, splitReferences } from './split-reference.ts';
import { missedInStream } from './tally.ts';

const KILLS = Number(process.env.UBAD_FLEET_KILLS ?? 3);
const SEEDS = Number(process.env.UBAD_FLEET_SEEDS ?? 1);
const FIRST = Number(process.env.UBAD_FLEET_FIRST ?? 1);
const [HOSTS, MADE, BLOCK, LEASE] = [6, 2, 50, 4];
const ACTIONS = 1700;

describeWithNats('a fleet that is split', () => {
  const { servers, fleets } = endedAfterwards();

  it.each(Array.from({ length: SEEDS }, (_, s) => FIRST + s))(
    'seed %i: loses and doubles no line and no alert, whoever is killed meanwhile',
    async (seed) => {
      const random = randomOf(seed);
      const server = await NatsServer.start();
      servers.push(server);
      const fleet = await TestFleet.make(server, `split-${seed}`, { lease: LEASE, partitions: MADE });
      fleets.push(fleet);
      const { subjects } = fleet;
      const nc = await server.connect('publisher');
      const lines = linesOfHosts(HOSTS, ACTIONS);
      for (const name of ['a', 'b']) fleet.start(name);
      fleet.start('inbox', 'inbox');
      const publishing = publishAll(nc, subjects, MADE, lines, {
        size: BLOCK,
        isMoving: true,
        pause: () => setTimeout(2 * random() * (700 + 100 * KILLS)),
      });
      await until('both work', async () => {
        const owned = await Promise.all(['a', 'b'].map((name) => ownedBy(nc, fleet, name)));
        return owned.every((own) => own.length > 0);
      });
      await setTimeout(4000 + 3000 * random());
      const progress = new SplitProgress(nc, subjects, MADE, [...lines.keys()]);
      /** Who works on one of these, or is to. */
      const whoHas = async (partitions: readonly number[]): Promise<'a' | 'b'> => {
        for (const name of ['a', 'b'] as const)
          if ((await ownedBy(nc, fleet, name)).some((p) => partitions.includes(p))) return name;
        return random() < 0.5 ? 'a' : 'b';
      };
      const begun = performance.now();
      const before = await fleet.ask('split');
      expect(before).toMatch(/^2 partitions become 4: of 6 hosts \d move/);
      // Else it is done before the first of the kills: as long as nobody has what somebody was killed with, half of it waits.
      const first = await whoHas([0]);
      await fleet.kill(first, random() < 0.7);
      fleet.start('split', 'split');
      await until('it has begun', async () => {
        if (fleet.hasEnded('split')) fleet.start('split', 'split');
        const { split, partitions } = await metaOf(nc, subjects);
        return split !== undefined || partitions > MADE;
      });
      fleet.start(first);
      let [seen, inIt] = [await progress.steps(0), 1];
      const steps = new Set<number>();
      let last = first;
      for (let kill = 1; kill < KILLS; kill++) {
        // Soon after its next step, or while none comes: a worker that was killed has first to be taken over.
        const end = performance.now() + 1000 * random();
        const before = seen;
        while (seen === before && performance.now() < end) {
          await setTimeout(20);
          seen = await progress.steps(seen);
        }
        await setTimeout(150 * random());
        seen = await progress.steps(seen);
        if (seen !== undefined) {
          inIt++;
          steps.add(seen);
        }
        // The command itself, the server, or a worker, most with its disk.
        if (kill % 3 === 1) {
          await fleet.kill('split', false);
          fleet.start('split', 'split');
        } else if (kill % 5 === 4) {
          await server.kill();
          await setTimeout(500 * random());
          await server.begin();
        } else {
          // Whoever has the next step to do; where that one was killed just now, whoever is to take it over.
          const owner = await whoHas(await progress.left());
          const name = owner === last ? (owner === 'a' ? 'b' : 'a') : owner;
          last = name;
          await fleet.kill(name, random() < 0.7);
          await setTimeout(500 * random());
          fleet.start(name);
        }
        if (fleet.hasEnded('split')) fleet.start('split', 'split');
      }
      await until(
        'it is split',
        async () => {
          // It refuses where a worker was just killed, or ends with the server: whoever wants it tries again.
          if (fleet.hasEnded('split')) fleet.start('split', 'split');
          return (await metaOf(nc, subjects)).partitions === 2 * MADE;
        },
        120,
      );
      const took = (performance.now() - begun) / 1000;
      expect(await metaOf(nc, subjects)).toMatchObject({ partitions: 4, made: 2 });
      await publishing;
      await fleet.kill('split', false);
      const references = [];
      for (let p = 0; p < MADE; p++) references.push(...(await splitReferences(nc, subjects, p, MADE)));
      // Of 0 and 1 first, then of those that were split off.
      const ordered = [references[0]!, references[2]!, references[1]!, references[3]!];
      const differences = await settledLike(nc, fleet, ordered, 2 * MADE);
      const published = await missedInStream(nc, subjects, lines);
      const stored = ordered.flatMap((_, p) => judgedIn(join(fleet.stateOf('last'), numbered(p)))).sort();
      const whole = (await Promise.all([0, 1].map((p) => judgedUnsplit(nc, subjects, p, MADE)))).flat().sort();
      const alerts = ordered.flatMap((one) => one.alerts);
      console.log(
        `seed ${seed}: split in ${took.toFixed(1)} s with ${KILLS} kills, ${inIt} of them in it, at ${steps.size} steps, ${[...lines.values()].flat().length} lines: ` +
          `${published.lost} lost, ${published.twice} twice, ${differences.length} tables differ, ${alerts.length} alerts told`,
      );
      if (differences.length > 0) console.error(differences.join('\n'));
      expect(inIt).toBeGreaterThanOrEqual(KILLS / 2);
      expect(differences).toEqual([]);
      expect(published).toEqual({ lost: 0, twice: 0 });
      // Nor is anything judged otherwise than where nobody had split anything.
      expect(stored.length).toBe(whole.length);
      expect(stored).toEqual(whole);
      expect(ordered.every((one) => one.lines > 0)).toBe(true);
      await until('the inbox has read all', () => positionIn(join(fleet.stateOf('last'), '0000')) > 0);
      await oneRowEach(fleet, alerts);
    },
    400_000,
  );

  /** Each alert is one row, whatever partition told of it first and last. */
  async function oneRowEach(fleet: TestFleet, alerts: readonly { readonly kind: string }[]): Promise<void> {
    const told = alerts as readonly { kind: string; user: string; firstTime: number; incident: number }[];
    const wanted = new Set(
      told.filter(({ kind }) => kind === 'incident').map(({ user, incident }) => `${user} ${incident}`),
    );
    const open = (): InboxStore => InboxStore.read(fleet.stateOf('inbox'));
    await until('all alerts are in the inbox', () => {
      const store = open();
      const { told: count } = store.counts();
      store.close();
      return count >= told.length;
    });
    const store = open();
    const rows = store.alerts({ onlyWaiting: false, limit: 1000 });
    expect(store.counts()).toMatchObject({ lost: 0, refused: 0, told: told.length });
    store.close();
    expect(rows.map(({ user, incident }) => `${user} ${incident}`).sort()).toEqual([...wanted].sort());
  }
});
