import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';

import { openStore } from '../../src-main/engine/store/open.ts';
import { readFleetConfig } from '../../src-main/fleet/config.ts';
import { examineFleet } from '../../src-main/fleet/doctor/examine.ts';
import { InboxStore } from '../../src-main/fleet/inbox/store.ts';
import { managerOf } from '../../src-main/fleet/wire/streams.ts';
import { numbered } from '../../src-main/fleet/wire/subjects.ts';
import { endedAfterwards } from './ended.ts';
import { positionIn } from './exact.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';

type Lines = ReadonlyMap<string, readonly string[]>;

describeWithNats('what lies on a machine goes on', () => {
  const { servers, fleets } = endedAfterwards();

  async function begun(tenant: string, partitions: number) {
    const server = await NatsServer.start();
    servers.push(server);
    const fleet = await TestFleet.make(server, tenant, { partitions, snapshot: { lines: 100_000, minutes: 30 } });
    fleets.push(fleet);
    const nc = await server.connect('publisher');
    const stored = (partition: number) => storedIn(join(fleet.stateOf('a'), numbered(partition)));
    const inbox = () => inboxIn(fleet.stateOf('inbox'));
    const read = async (): Promise<void> => {
      const ends = await Promise.all(Array.from({ length: partitions }, (_, p) => endOf(nc, fleet, p)));
      await until('all is read', () =>
        ends.every((end, p) => positionIn(join(fleet.stateOf('a'), numbered(p))) >= end),
      );
    };
    const heard = async (): Promise<void> => {
      const { state } = await (await managerOf(nc)).streams.info(fleet.subjects.alertsStream);
      await until('the inbox has all', () => inbox().position >= state.last_seq);
    };
    const stopAll = async (): Promise<void> => {
      await fleet.stop('a');
      await heard();
      await fleet.stop('inbox');
    };
    const start = (): void => {
      fleet.start('a');
      fleet.start('inbox', 'inbox');
    };
    const publish = (lines: Lines) => publishAll(nc, fleet.subjects, partitions, lines);
    const adopt = (...more: string[]) => fleet.ask('adopt', '--state', fleet.stateOf('a'), ...more);
    const doctor = async () => {
      const config = readFleetConfig(fleet.configOf('a'));
      const steps = await examineFleet({ config, role: undefined, now: () => Date.now() / 1000 });
      return Object.fromEntries(steps.map(({ id, state, command }) => [id, [state, command]]));
    };
    return { server, fleet, start, stopAll, read, stored, inbox, publish, adopt, doctor };
  }

  it('after all of NATS was lost: with what was learned and told, and a lost disk begins above its alerts', async () => {
    const { server, fleet, start, stopAll, read, stored, inbox, publish, adopt } = await begun('lost', 2);
    const first = linesOfHosts(4, 1600);
    start();
    await publish(first);
    await read();
    await stopAll();
    const [before, alerts] = [stored(0), inbox().alerts];
    expect(alerts.filter(({ partition }) => partition === 1).length).toBeGreaterThan(0);
    expect(await adopt()).toContain('Nothing to adopt');

    await server.kill();
    rmSync(join(server.folder, 'jetstream'), { recursive: true });
    await server.begin();
    await fleet.ask('init');
    // Enough for whoever begins again to be trained, and to tell.
    const second = linesOfHosts(4, 1600);
    await publish(second);
    start();
    await until('a says what to do', () => /read from another stream .*ubad fleet adopt/.test(fleet.logs()));
    await until('so does the inbox', () => /inbox was read from another stream .*ubad fleet adopt/.test(fleet.logs()));
    await fleet.stop('a');
    await fleet.stop('inbox');
    // Of one partition the disk is gone too.
    rmSync(join(fleet.stateOf('a'), '0001'), { recursive: true });
    await expect(adopt()).rejects.toMatchObject({
      stdout: expect.stringMatching(/^0000 .* adopt [^]*Nothing was changed/m) as unknown,
    });
    expect(await adopt('--yes')).toMatch(/0000 goes on behind block 0\./);
    expect(await adopt('--yes')).toContain('Nothing to adopt');
    start();
    await read();
    await stopAll();
    expect(stored(0)).toEqual(before.map(([name, count, lost]) => [name, count + linesOf(second, name), lost]));
    expect(stored(1).map(([name, count]) => [name, count])).toEqual(
      stored(1).map(([name]) => [name, linesOf(second, name)]),
    );
    const now = inbox();
    expect(now.alerts).toEqual(expect.arrayContaining(alerts));
    expect(now.lost).toBe(0);
    const later = now.alerts.filter((one) => !alerts.some((old) => old.id === one.id));
    expect(later.filter(({ partition }) => partition === 1).length).toBeGreaterThan(0);
  });

  it.each([
    ['all', ''],
    ['its lines alone', 'jetstream/$G/streams/UBAD_restored-1_LINES'],
  ])(
    'after a server was restored from an older copy, %s, and went on: with each block that it had not read',
    async (_, part) => {
      const tenant = `restored-${part === '' ? 0 : 1}`;
      const { server, fleet, start, stopAll, read, stored, inbox, publish, adopt, doctor } = await begun(tenant, 1);
      const [first, second, third] = [linesOfHosts(2, 1600), linesOfHosts(2, 200), linesOfHosts(2, 400)];
      start();
      await publish(first);
      await read();
      await stopAll();
      await server.kill();
      const [store, copy] = [join(server.folder, 'jetstream', part), join(server.folder, 'copy')];
      cpSync(store, copy, { recursive: true });
      await server.begin();
      start();
      await publish(second);
      await read();
      await stopAll();
      const [before, alerts] = [stored(0), inbox().alerts];
      await server.kill();
      rmSync(store, { recursive: true });
      cpSync(copy, store, { recursive: true });
      await server.begin();
      expect(await doctor()).toMatchObject({ state: ['fail', 'ubad fleet adopt'] });
      if (part !== '') expect(await doctor()).toMatchObject({ stream: ['fail', 'ubad fleet adopt'] });
      // More than was lost: the stream's length tells nothing.
      await publish(third);
      start();
      await until('a says what to do', () => fleet.logs().includes(`what UBAD_${tenant}_LINES has there is of later`));
      await fleet.stop('a');
      await fleet.stop('inbox');
      expect(await adopt('--yes')).toContain('0000 goes on behind block');
      start();
      await read();
      expect(await doctor()).toMatchObject({ state: ['pass', null], snapshots: ['pass', null] });
      await stopAll();
      expect(stored(0)).toEqual(before.map(([name, count, lost]) => [name, count + linesOf(third, name), lost]));
      const now = inbox();
      expect(now.alerts).toEqual(
        expect.arrayContaining(alerts.map(({ id }) => expect.objectContaining({ id }) as unknown)),
      );
      expect(now.lost).toBe(0);
    },
  );
});

/** Of each subject of a partition: its name, its actions, lines that were lost. */
function storedIn(folder: string): (readonly [name: string, count: number, lost: number])[] {
  const opened = openStore(folder, { now: 0, readOnly: true });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  const lost = store.losses.list().reduce((sum, { count }) => sum + count, 0);
  const told = store.subjects.list().map(({ name, stored }) => [name, stored, lost] as const);
  store.close();
  return told;
}

function inboxIn(folder: string) {
  const store = InboxStore.read(folder);
  try {
    const alerts = store.alerts({ onlyWaiting: false, limit: 1000 });
    const { position, lost } = store.counts();
    return {
      position,
      lost,
      alerts: alerts.map(({ partition, incident, user, first_time, last_time }) => ({
        id: `${partition}/${incident}`,
        partition,
        user,
        from: first_time,
        to: last_time,
      })),
    };
  } finally {
    store.close();
  }
}

/** Lines of a subject's host. */
const linesOf = (lines: Lines, subject: string): number =>
  lines.get(subject.slice(subject.indexOf('@') + 1))?.length ?? 0;

/** Sequence of a partition's last block. */
async function endOf(nc: NatsConnection, { subjects }: TestFleet, partition: number): Promise<number> {
  const manager = await managerOf(nc);
  const { state } = await manager.streams.info(subjects.linesStream, { subjects_filter: subjects.lines(partition) });
  let end = 0;
  for (const subject of Object.keys(state.subjects ?? {})) {
    const last = await manager.streams.getMessage(subjects.linesStream, { last_by_subj: subject });
    end = Math.max(end, last?.seq ?? 0);
  }
  return end;
}
