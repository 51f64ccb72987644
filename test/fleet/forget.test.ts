/** A fleet that forgets a user: partitions, snapshots, copies at other workers, and the inbox. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { NatsConnection } from '@nats-io/transport-node';

import { Desk } from '../../src-main/fleet/page/desk.ts';
import { managerOf } from '../../src-main/fleet/wire/streams.ts';
import { webhookReceiver } from '../export/receivers.ts';
import { scratch } from '../scratch.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { ownedBy } from './exact.ts';
import { TestFleet, until } from './processes.ts';
import { messagesOf } from './reference.ts';

const server = serverForAll();
const HOSTS = 3;

/** Files below a folder in which a text stands. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile() && readFileSync(file).includes(text));
}

describeWithNats('a fleet that is to forget a user', () => {
  let fleet: TestFleet;
  let nc: NatsConnection;
  const listed = async (): Promise<string[]> => {
    const told = await fleet.ask('alerts', 'list', '--all', '--json').catch(() => '{"alerts":[]}');
    return (JSON.parse(told) as { alerts: { user: string }[] }).alerts.map(({ user }) => user);
  };
  /** Chunks of snapshots in which a text stands: what anybody can have of the servers. */
  async function chunksWith(text: string): Promise<number> {
    let count = 0;
    const bucket = fleet.subjects.bucket('STATE');
    const { state } = await (await managerOf(nc)).streams.info(`KV_${bucket}`);
    if (state.messages === 0) return 0;
    for await (const { body } of messagesOf(nc, `KV_${bucket}`, `$KV.${bucket}.>`))
      if (Buffer.from(body).includes(text)) count++;
    return count;
  }

  beforeAll(async () => {
    nc = await (await server.get()).connect();
    const { port, ca } = await webhookReceiver(() => 200);
    const keys = scratch();
    const files = { ca: join(keys, 'ca'), secretFile: join(keys, 'secret') };
    writeFileSync(files.ca, ca);
    writeFileSync(files.secretFile, 'a secret of some length');
    const url = `https://127.0.0.1:${port}/hidden`;
    const target = { name: 'siem', kind: 'webhook', form: 'ecs', url, private: ['127.0.0.1'], ...files };
    fleet = await TestFleet.make(await server.get(), 'forget', { partitions: 2, export: [target] });
    for (const name of ['one', 'two']) fleet.start(name);
    fleet.start('inbox', 'inbox');
    await publishAll(nc, fleet.subjects, 2, linesOfHosts(HOSTS, 1600));
    await until('each has an alert', async () => new Set(await listed()).size >= HOSTS, 120);
    // An alert is in the inbox before its target has it.
    await until('a target was sent one', async () => (await fleet.ask('forget', 'user-1')).includes('were sent to'));
    // One has what the other works on now, too.
    await fleet.stop('one');
    await until('two has all', async () => (await ownedBy(nc, fleet, 'two')).length === 2);
  }, 260_000);
  afterAll(async () => {
    await fleet.killAll();
  });

  it('says what it would do, and does nothing without --yes', async () => {
    const told = await fleet.ask('forget', 'user-1');
    expect(told).toMatch(/user-1@desk-1\.example: 2\d\d\d actions/);
    expect(told).toMatch(
      /Up to \d+ of their alerts were sent to siem \(webhook, 127\.0\.0\.1:\d+\), the last told 2\d{3}-\d\d-\d\d \d\d:\d\d UTC: only who runs it can delete/,
    );
    expect(told).toMatch(/The inbox here has [1-9]\d* alerts of theirs\./);
    expect(told).not.toContain('hidden');
    expect(told).toContain('Nothing was changed. Do it with: ubad fleet forget user-1 --yes');
    expect(await fleet.ask('forget', "o'neil")).toContain(`Do it with: ubad fleet forget 'o'\\''neil' --yes`);
    expect(await fleet.ask('forget', 'nobody')).toMatch(
      /No partition that answers knows nobody\.\nThe inbox here has 0 alerts of theirs\.\nNothing/,
    );
    expect(await listed()).toContain('user-1@desk-1.example');
    const desk = Desk.open(fleet.stateOf('inbox'));
    desk.did('anna', 'sought', 'user-1', 5);
    desk.close();
  });

  it(
    'has nothing of them any more, in no partition, snapshot, copy or inbox, and all of the others',
    { timeout: 120_000 },
    async () => {
      expect(await chunksWith('user-1')).toBeGreaterThan(0);
      const before = (await listed()).filter((user) => !user.startsWith('user-1@')).sort();
      const told = await fleet.ask('forget', 'user-1', '--yes');
      expect(told).toContain('All partitions have forgotten user-1.');
      expect(told).toMatch(/alerts were sent to siem/);
      expect(told).toMatch(/Until \d{4}-\d\d-\d\d \d\d:\d\d UTC their lines are in the stream/);
      await until('the inbox has forgotten', async () => !(await listed()).some((user) => user.startsWith('user-1@')));
      expect((await listed()).sort()).toEqual(before);
      await until('no snapshot has them', async () => (await chunksWith('user-1')) === 0, 60);
      expect(await chunksWith('user-0')).toBeGreaterThan(0);
      // A worker that was down then.
      fleet.start('one');
      await until('one works again', async () => (await ownedBy(nc, fleet, 'one')).length === 1);
      for (const name of ['one', 'two', 'inbox']) await fleet.stop(name);
      expect(['one', 'two', 'inbox'].flatMap((name) => filesWith(fleet.stateOf(name), 'user-1'))).toEqual([]);
      expect(
        filesWith(fleet.stateOf('two'), 'user-0').length + filesWith(fleet.stateOf('one'), 'user-0').length,
      ).toBeGreaterThan(0);
      const desk = Desk.open(fleet.stateOf('inbox'));
      expect(desk.audit(null)).toEqual([{ at: 5, person: 'anna', did: 'sought', what: '' }]);
      desk.close();
    },
  );
});
