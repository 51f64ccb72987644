import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { jetstream } from '@nats-io/jetstream';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { fleetConfigOf, readFleetConfig } from '../../src-main/fleet/config.ts';
import { examineFleet } from '../../src-main/fleet/doctor/examine.ts';
import type { FleetStep } from '../../src-main/fleet/doctor/finding.ts';
import { askToDrain } from '../../src-main/fleet/supervisor/drain.ts';
import { FORM, type LeaseRecord } from '../../src-main/fleet/wire/messages.ts';
import { managerOf, openBucket } from '../../src-main/fleet/wire/streams.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { ownedBy } from './exact.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';

const folder = join(import.meta.dirname, '..', '..', 'src-main', 'fleet', 'doctor');
/** Tried in another file. */
const ELSEWHERE: readonly string[] = [
  'sudo systemctl restart nats-server',
  'ubad fleet adopt',
  'ubad fleet init --print-server-config',
  'ubad fleet status',
  // mirror-alerts.test.ts makes what this would; test/cures/ lets an account read the log.
  'sudo systemctl enable --now ubad',
  'sudo ubad setup --user ubad',
];

describeWithNats('what the doctor of a fleet advises ends the problem', () => {
  let server: NatsServer;
  let fleet: TestFleet;
  const carriedOut = new Set<string>();

  beforeAll(async () => {
    server = await NatsServer.start();
    fleet = await TestFleet.make(server, 'ill', { partitions: 2, gateway: { approve: 'hand' } });
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(fleet.logs());
  });
  afterAll(async () => {
    await fleet.killAll();
    await server.stop();
  });

  const configOf = (changed: object = {}) =>
    fleetConfigOf({ ...readFleetConfig(fleet.configOf('a')), ...changed }, 'a test');
  const look = async (changed: object = {}, off = 0): Promise<readonly FleetStep[]> =>
    examineFleet({ config: configOf(changed), role: undefined, now: () => Date.now() / 1000 + off });
  const find = (steps: readonly FleetStep[], id: string): FleetStep | undefined => {
    const found = steps.find((one) => one.id === id && one.state !== 'pass');
    if (found?.command != null) carriedOut.add(found.command);
    return found;
  };
  /** Sees a finding, carries its cure out, and sees that it has gone. */
  const cured = async (
    id: string,
    why: RegExp,
    { changed = {}, off = 0 }: { readonly changed?: object; readonly off?: number },
    cure: (found: FleetStep) => Promise<unknown>,
    after: object = changed,
  ): Promise<void> => {
    const found = find(await look(changed, off), id);
    expect(found?.why).toMatch(why);
    await cure(found!);
    expect(find(await look(after), id)).toBeUndefined();
  };
  /** A command of the advice, as it is printed. */
  const run = ({ command }: FleetStep): Promise<string> =>
    fleet.ask(...command!.replace(/^ubad fleet /, '').split(' '));

  it('where no fleet was made', async () => {
    // `ask` writes the configuration of this fleet: the streams of another tenant are made by its own.
    await cured('fleet', /There is no fleet fresh/, { changed: { tenant: 'fresh' } }, async ({ command }) => {
      expect(command).toBe('ubad fleet init');
      await TestFleet.make(server, 'fresh', { partitions: 2 });
    });
  });

  it('where fleet.json says another number of partitions', async () => {
    await cured('fleet', /has 2 partitions, .* says 4/, { changed: { partitions: 4 } }, () => Promise.resolve(), {});
  });

  it('where lines or leases stay for another time than they should', async () => {
    const manager = await managerOf(await server.connect());
    await manager.streams.update('UBAD_ill_LINES', { max_age: 86_400e9 });
    await cured('limits', /Lines stay 1 days, fleet.json says 3/, {}, run);
    await manager.streams.update('KV_UBAD_ill_LEASES', { max_age: 60e9 });
    await cured('limits', /Leases last 60 s, fleet.json says 4/, {}, run);
  });

  it('where nobody works', async () => {
    const nc = await server.connect();
    await cured('workers', /No worker is at work/, {}, async () => {
      fleet.start('a');
      await until('a has all', async () => (await ownedBy(nc, fleet, 'a')).length === 2);
    });
  });

  it('where a worker is drained', async () => {
    const nc = await server.connect();
    await askToDrain(await openBucket(nc, fleet.subjects.bucket('META')), 'b', 'eva', 1);
    await cured('drained', /b is drained/, {}, run);
  });

  it('where a host waits for approval', async () => {
    const bucket = await openBucket(await server.connect(), fleet.subjects.bucket('HOSTS'));
    await bucket.put('desk-9', JSON.stringify({ form: FORM, state: 'waiting', at: 1 }));
    await cured('hosts', /Waiting for approval: desk-9/, {}, run);
    carriedOut.add('ubad fleet hosts approve ${first}');
  });

  it('where a clock is wrong: this machine’s, a worker’s, a host’s', async () => {
    const nc = await server.connect();
    // Setting it is the system's; what counts is that a right one is found right.
    await cured('clock', /This machine’s clock is \d+ s ahead/, { off: 100 }, () => Promise.resolve());
    await cured('clock', /This machine’s clock is \d+ s behind/, { off: -100 }, () => Promise.resolve());
    const leases = await openBucket(nc, fleet.subjects.bucket('LEASES'));
    const lease = (off: number): string =>
      JSON.stringify({
        form: FORM,
        worker: 'late',
        nonce: 'n',
        draining: true,
        partitions: [],
        positions: [],
        lines: 0,
        at: Math.floor(Date.now() / 1000) + off,
      } satisfies LeaseRecord);
    await leases.put('w.late.1', lease(-3600));
    await cured('clock', /The clock of worker late is \d+ s behind/, {}, () => leases.put('w.late.1', lease(0)));
    await leases.purge('w.late.1');
    const [action] = ordinary(1);
    const publish = (time: number) =>
      jetstream(nc).publish(fleet.subjects.linesOf('desk-1', 2), lineOf({ ...action!, time: Math.floor(time) }));
    await publish(Date.now() / 1000 + 7200);
    await cured('clock', /Lines from later than now: desk-1 \(7\d\d\d s\)/, {}, () => publish(Date.now() / 1000));
  });

  it('where a snapshot cannot be read: its worker keeps another one', async () => {
    const nc = await server.connect();
    await fleet.stop('a');
    const manager = await managerOf(nc);
    await manager.streams.purge(`KV_${fleet.subjects.bucket('STATE')}`);
    fleet.start('a');
    await until('a has all', async () => (await ownedBy(nc, fleet, 'a')).length === 2);
    // In a moment it has kept one by itself: the doctor may come too late to see it.
    await until('all is well', async () => find(await look(), 'snapshots') === undefined, 30);
    await manager.streams.purge(`KV_${fleet.subjects.bucket('STATE')}`);
    await cured('snapshots', /0000 \(cannot be read\)/, {}, async () => {
      await fleet.stop('a');
      fleet.start('a');
      await until('a has all', async () => (await ownedBy(nc, fleet, 'a')).length === 2);
      await until('it has kept one', async () => find(await look(), 'snapshots') === undefined, 30);
    });
  });

  it('where the server is away, or of a version that loses what it acknowledged', async () => {
    await server.kill();
    const found = find(await look(), 'server');
    expect(found).toMatchObject({ state: 'fail', command: 'sudo systemctl start nats-server' });
    await server.begin();
    const after = find(await look(), 'server');
    // Debian 12's server has a finding of its own, which another version ends.
    if (after)
      expect(after).toMatchObject({ state: 'warn', why: expect.stringContaining('no sync_interval') as unknown });
  });

  it(
    'where a split was begun and not ended, and where fleet.json says what there was before',
    { timeout: 120_000 },
    async () => {
      const meta = await openBucket(await server.connect(), fleet.subjects.bucket('META'));
      const known = JSON.parse((await meta.get('fleet'))!.string()) as object;
      await meta.put('fleet', JSON.stringify({ ...known, split: { to: 4, by: 'eva', at: 1 } }));
      await cured('fleet', /eva has begun to split its 2 partitions into 4/, {}, run, { partitions: 4 });
      expect(find(await look(), 'fleet')).toMatchObject({
        state: 'warn',
        remedy: 'Set partitions to 4 in fleet.json.',
      });
    },
  );

  it('leaves no command of its advice untried', () => {
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const advised = [...text.matchAll(/['`]((?:sudo |timedatectl |ubad fleet )[^'`\n]+)['`]/g)].map(([, one]) => one!);
    expect(advised.length).toBeGreaterThan(8);
    const tried = [...carriedOut].map((one) =>
      one.replace('drain b', 'drain ${name}').replace('--to 4', '--to ${split.to}'),
    );
    expect([...new Set(advised)].filter((one) => !tried.includes(one) && !ELSEWHERE.includes(one))).toEqual([]);
  });
});
