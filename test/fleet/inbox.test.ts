import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, expect, it } from 'vitest';

import { random as randomOf } from '../../models/random.ts';
import { ExactPublisher } from '../../src-main/fleet/wire/exact-publisher.ts';
import { managerOf } from '../../src-main/fleet/wire/streams.ts';
import { settled } from './exact.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';
import { incident, ownerTold } from './told.ts';

interface Listed {
  readonly position: number;
  readonly lost: number;
  readonly waiting: number;
  readonly alerts: readonly {
    readonly alert: string;
    readonly verdict: string | null;
    readonly answeredBy: string | null;
  }[];
}

/** What lies in an inbox: each message as partition and number; -1 while there is none. */
function storedIn(fleet: TestFleet): { readonly position: number; readonly told: readonly string[] } {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(join(fleet.stateOf('inbox'), 'inbox.db'), { readOnly: true });
    const position = Number(db.prepare('SELECT position FROM inbox_state').get()?.position ?? -1);
    const told = db.prepare('SELECT partition, n FROM told ORDER BY position').all();
    return { position, told: told.map(({ partition, n }) => `${String(partition)}/${String(n)}`) };
  } catch {
    return { position: -1, told: [] };
  } finally {
    db?.close();
  }
}

const endOf = async (nc: NatsConnection, stream: string): Promise<number> =>
  (await (await managerOf(nc)).streams.info(stream)).state.last_seq;

describeWithNats('the inbox of a fleet', () => {
  const server = serverForAll();
  const fleets: TestFleet[] = [];
  afterAll(async () => {
    for (const fleet of fleets) await fleet.killAll();
  });

  it('has each alert once, however often it is killed and started again', async () => {
    const fleet = await TestFleet.make(await server.get(), 'inbox-kill');
    fleets.push(fleet);
    const nc = await (await server.get()).connect();
    const publisher = await ExactPublisher.on(nc, fleet.subjects.alertsStream, AbortSignal.timeout(120_000));
    const random = randomOf(3);
    const wanted: string[] = [];
    let isKilled = false;
    let incidents = 0;
    const telling = Array.from({ length: fleet.partitions }, async (_, p) => {
      const subject = fleet.subjects.alerts(p);
      let after = 0;
      for (let n = 0; n <= 100 || !isKilled; n++) {
        const body = JSON.stringify(n === 0 ? ownerTold(0) : incident(n, n));
        const published = await publisher.publish({ subject, body, after });
        if (!published.ok) throw new Error('somebody else told');
        after = published.seq;
        if (n > 0) {
          wanted.push(`${p}/${n}`);
          incidents++;
        }
        await setTimeout(60 * random());
      }
    });
    const all = Promise.all(telling);
    let killedInside = 0;
    for (let kill = 0; kill < 5; kill++) {
      const before = storedIn(fleet).position;
      fleet.start('inbox', 'inbox');
      await until('it reads on', () => storedIn(fleet).position > before);
      await setTimeout(150 * random());
      await fleet.kill('inbox', false);
      if (storedIn(fleet).position < (await endOf(nc, fleet.subjects.alertsStream))) killedInside++;
    }
    isKilled = true;
    await all;
    fleet.start('inbox', 'inbox');
    const end = await endOf(nc, fleet.subjects.alertsStream);
    await until('all is read', () => storedIn(fleet).position === end);
    await fleet.stop('inbox');
    const { told } = storedIn(fleet);
    expect(told.toSorted()).toEqual(wanted.toSorted());
    expect(killedInside).toBeGreaterThan(0);
    const listed = JSON.parse(await fleet.ask('alerts', 'list', '--json')) as Listed;
    expect(listed).toMatchObject({ position: end, lost: 0, waiting: incidents });
  });

  it('brings what a person says to the partition, in its place among the lines, while workers are killed', async () => {
    const fleet = await TestFleet.make(await server.get(), 'say');
    fleets.push(fleet);
    const nc = await (await server.get()).connect();
    const lines = linesOfHosts(3, 1600);
    fleet.start('inbox', 'inbox');
    fleet.start('a');
    const publishing = publishAll(nc, fleet.subjects, fleet.partitions, lines, { pause: () => setTimeout(60) });
    const listed = async (): Promise<Listed> =>
      JSON.parse(await fleet.ask('alerts', 'list', '--all', '--json')) as Listed;
    await until('there are alerts', () => storedIn(fleet).told.length > 0);
    const [first] = (await listed()).alerts;
    await fleet.ask('alerts', 'mark', first!.alert, 'normal');
    await fleet.kill('a', true);
    await fleet.ask('alerts', 'mark', first!.alert, 'suspicious');
    fleet.start('b');
    await until('it is told back', async () =>
      (await listed()).alerts.some(({ alert, verdict }) => alert === first!.alert && verdict === 'suspicious'),
    );
    await fleet.ask('alerts', 'mark', first!.alert, 'none');
    await publishing;
    const { differences, references } = await settled(nc, fleet);
    expect(differences).toEqual([]);
    const told = references.flatMap(({ alerts }) => alerts);
    expect(told.flatMap((one) => (one.kind === 'answer' ? [one.verdict] : []))).toEqual([
      'normal',
      'suspicious',
      'none',
    ]);
    const end = await endOf(nc, fleet.subjects.alertsStream);
    await until('all is read', () => storedIn(fleet).position === end);
    expect((await listed()).alerts.find(({ alert }) => alert === first!.alert)).toMatchObject({ verdict: null });
    expect(storedIn(fleet).told.length).toBe(told.length);
  });

  it('says what is not there, and what is no answer', async () => {
    const fleet = await TestFleet.make(await server.get(), 'inbox-wrong');
    await expect(fleet.ask('alerts', 'list')).rejects.toThrow(/There is no inbox in .* yet/);
    await expect(fleet.ask('alerts', 'mark', '0001/1', 'fine')).rejects.toThrow(/use normal, suspicious or none/);
    await expect(fleet.ask('alerts', 'mark', '1', 'normal')).rejects.toThrow(
      /is no alert of a fleet: use one such as 0007\/12/,
    );
    fleet.start('inbox', 'inbox');
    fleets.push(fleet);
    await until('it is there', async () => (await fleet.ask('alerts', 'list').catch(() => '')) !== '');
    await expect(fleet.ask('alerts', 'mark', '0001/1', 'normal')).rejects.toThrow(
      /no alert 0001\/1; see: ubad fleet alerts list/,
    );
  });
});
