import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { jetstream } from '@nats-io/jetstream';
import { afterAll, expect, it } from 'vitest';

import { readFleetConfig } from '../../src-main/fleet/config.ts';
import { examineFleet } from '../../src-main/fleet/doctor/examine.ts';
import { InboxStore } from '../../src-main/fleet/inbox/store.ts';
import { managerOf } from '../../src-main/fleet/wire/streams.ts';
import { scratch } from '../scratch.ts';
import { endedAfterwards } from './ended.ts';
import { ownedBy, positionIn, settled } from './exact.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';

/** Only root mounts a disk of its own. */
const mounts = process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0;

describeWithNats('nothing that was acknowledged is lost, and somebody is told', () => {
  const mounted: string[] = [];
  // Hooks run last to first: only when the servers on them have ended.
  afterAll(() => {
    for (const folder of mounted) execFileSync('umount', ['--lazy', folder]);
  });
  const { servers, fleets } = endedAfterwards();

  async function begun(tenant: string, server: NatsServer, env: NodeJS.ProcessEnv = {}) {
    servers.push(server);
    const fleet = await TestFleet.make(server, tenant, { partitions: 2 }, env);
    fleets.push(fleet);
    return { fleet, nc: await server.connect('publisher') };
  }
  const linesIn = (lines: ReadonlyMap<string, readonly string[]>): number => [...lines.values()].flat().length;
  const found = async (fleet: TestFleet) =>
    examineFleet({ config: readFleetConfig(fleet.configOf('asked')), role: undefined, now: () => Date.now() / 1000 });

  it.runIf(mounts)(
    'when the disk under the server is full: who publishes waits, and goes on when there is room',
    async () => {
      const disk = scratch();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]);
      mounted.push(disk);
      // Somebody else's: what is left is less than what comes.
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(5_200_000));
      mkdirSync(join(disk, 'js'));
      const server = await NatsServer.startWith(
        (listen) =>
          `listen: ${listen}\njetstream { store_dir: ${JSON.stringify(join(disk, 'js'))}, max_file_store: 1GB }\n`,
      );
      const { fleet, nc } = await begun('full', server);
      fleet.start('a');
      await until('a has all', async () => (await ownedBy(nc, fleet, 'a')).length === 2);
      const lines = linesOfHosts(6, 1600);
      let blocks = 0;
      let isDone = false;
      const publishing = publishAll(nc, fleet.subjects, 2, lines, { pause: () => Promise.resolve(blocks++) }).then(
        () => {
          isDone = true;
        },
      );
      publishing.catch(() => undefined);
      // It stands still where it is full.
      await until('nobody can publish', async () => {
        const before = blocks;
        await setTimeout(1500);
        return blocks > 0 && blocks === before;
      });
      expect(isDone).toBe(false);
      const told = (await found(fleet)).filter(({ state }) => state === 'fail');
      expect(told.map(({ why }) => why).join()).toMatch(/no room left|its disk is full/);
      execFileSync('mount', ['-o', 'remount,size=400m', disk]);
      rmSync(join(disk, 'ballast'));
      // nats-server 2.9 turns JetStream off when its disk is full, until it is started again.
      await server.kill();
      await server.begin();
      await publishing;
      const { differences, references } = await settled(nc, fleet);
      expect(differences).toEqual([]);
      expect(references.reduce((sum, one) => sum + one.lines, 0)).toBe(linesIn(lines));
    },
  );

  it('when the server has no room left for streams: the doctor says so', async () => {
    const server = await NatsServer.startWith(
      (listen, store) => `listen: ${listen}\njetstream { store_dir: ${JSON.stringify(store)}, max_file_store: 2MB }\n`,
    );
    const { fleet, nc } = await begun('room', server);
    const publish = () => jetstream(nc).publish(fleet.subjects.linesOf('desk', 2), 'x'.repeat(200_000));
    await expect(Promise.all(Array.from({ length: 20 }, publish))).rejects.toThrow(/insufficient resources/);
    expect((await found(fleet)).filter(({ state }) => state === 'fail').map(({ id }) => id)).toContain('room');
  });

  // What a power cut leaves: files as they were some time before, the last write torn. Copied while the processes stand still.
  it('when a worker and the inbox lose power: what their disks did not get is read again', async () => {
    const { fleet, nc } = await begun('power', await NatsServer.start());
    const lines = linesOfHosts(4, 1600);
    fleet.start('a');
    fleet.start('inbox', 'inbox');
    await until('a has all', async () => (await ownedBy(nc, fleet, 'a')).length === 2);
    const publishing = publishAll(nc, fleet.subjects, 2, lines, { pause: () => setTimeout(40) });
    const copies = join(scratch(), 'copies');
    await until('some is read', () => [0, 1].every((p) => positionIn(join(fleet.stateOf('a'), `000${p}`)) > 20));
    for (const name of ['a', 'inbox']) fleet.signal(name, 'SIGSTOP');
    await setTimeout(200);
    for (const name of ['a', 'inbox']) cpSync(fleet.stateOf(name), join(copies, name), { recursive: true });
    for (const name of ['a', 'inbox']) fleet.signal(name, 'SIGCONT');
    await publishing;
    await until('the alerts are told', () => alertsIn(fleet) > 2);
    for (const name of ['a', 'inbox']) {
      await fleet.kill(name, true);
      cpSync(join(copies, name), fleet.stateOf(name), { recursive: true });
    }
    for (const file of [join(fleet.stateOf('a'), '0000', 'ubad.db-wal'), join(fleet.stateOf('inbox'), 'inbox.db-wal')])
      if (existsSync(file) && statSync(file).size > 100) truncateSync(file, statSync(file).size - 70);
    fleet.start('a');
    fleet.start('inbox', 'inbox');
    const manager = await managerOf(nc);
    await until('a goes on', async () => (await ownedBy(nc, fleet, 'a')).length === 2);
    await fleet.stop('inbox');
    const { differences, references } = await settled(nc, fleet);
    expect(differences).toEqual([]);
    expect(references.reduce((sum, one) => sum + one.lines, 0)).toBe(linesIn(lines));
    fleet.start('inbox', 'inbox');
    const { state } = await manager.streams.info(fleet.subjects.alertsStream);
    await until('the inbox has all', () => countsIn(fleet).position >= state.last_seq);
    await fleet.stop('inbox');
    expect(countsIn(fleet)).toMatchObject({ lost: 0, told: references.flatMap(({ alerts }) => alerts).length });
  });

  it('when a worker’s clock is wrong: it stores and tells the same, and the doctor names it', async () => {
    const shift = join(scratch(), 'shift.mjs');
    writeFileSync(shift, 'const now = Date.now; Date.now = () => now() - 7_200_000;\n');
    const { fleet, nc } = await begun('clock', await NatsServer.start(), { NODE_OPTIONS: `--import ${shift}` });
    const lines = linesOfHosts(2, 1600);
    fleet.start('a');
    await publishAll(nc, fleet.subjects, 2, lines);
    await until('a works', async () => (await ownedBy(nc, fleet, 'a')).length === 2);
    const clocks = (await found(fleet)).filter(({ id }) => id === 'clock');
    expect(clocks.map(({ why }) => why)).toEqual([expect.stringMatching(/^The clock of worker a is 7\d\d\d s behind/)]);
    const { differences, references } = await settled(nc, fleet);
    expect(differences).toEqual([]);
    expect(references.flatMap(({ alerts }) => alerts).length).toBeGreaterThan(2);
  });
});

const countsIn = (fleet: TestFleet) => {
  const store = InboxStore.read(fleet.stateOf('inbox'));
  try {
    return store.counts();
  } finally {
    store.close();
  }
};
const alertsIn = (fleet: TestFleet): number => {
  try {
    return countsIn(fleet).alerts;
  } catch {
    // It is just being made.
    return 0;
  }
};
