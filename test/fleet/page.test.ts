/** The page’s questions over a real server and real workers. */
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { FleetAlertRow } from '../../src-main/contract/fleet.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { HOSTS, PageFleet } from './page-fleet.ts';
import { visit } from './page-visit.ts';
import { until } from './processes.ts';

const server = serverForAll();
const filter = { text: '', band: null, assigned: null, answered: false, limit: 100 };
type Page = Awaited<ReturnType<typeof visit>>;

describeWithNats('the page of a fleet', () => {
  let made: PageFleet;
  let admin: Page;
  const rowsOf = async (page: Page, changed: Partial<typeof filter> = {}): Promise<FleetAlertRow[]> =>
    (await page.inbox({ ...filter, ...changed })).lines.flatMap(({ alerts }) => alerts);

  beforeAll(async () => {
    made = await PageFleet.start(await server.get(), 'page');
    admin = await visit(await made.addressFor());
  }, 240_000);
  afterAll(async () => {
    await made.fleet.stop('page');
    await made.fleet.killAll();
  });

  it('tells who is where, and which hosts and workers there are', async () => {
    const { rows: people, away } = await admin.who({ text: '' });
    expect(away).toEqual([]);
    const names = Array.from({ length: HOSTS }, (_, h) => `user-${h}`);
    expect(people.map(({ user }) => user)).toEqual(expect.arrayContaining(names));
    const [first] = (await admin.who({ text: 'user-1' })).rows;
    expect(first).toMatchObject({ user: 'user-1', atOnce: 1, hosts: [{ host: 'desk-1.example' }] });
    const { rows: hosts } = await admin.hosts(undefined);
    expect(hosts.map(({ host, state }) => `${host} ${state ?? ''}`)).toEqual([
      'desk-0.example approved',
      'desk-1.example approved',
      'desk-2.example approved',
      'desk-new.example waiting',
    ]);
    expect(
      hosts.slice(0, HOSTS).every(({ lines, lastLines, lag }) => lines > 1000 && lastLines !== null && lag === 0),
    ).toBe(true);
    const { workers, partitions } = await admin.workers(undefined);
    expect(workers).toMatchObject([{ partitions: [0, 1, 2, 3], draining: false }]);
    expect(partitions).toHaveLength(4);
  });

  it('opens an alert with its story as its worker tells it, and links what was new elsewhere too', async () => {
    const [row] = await rowsOf(admin);
    expect((await admin.alert(row!.alert)).row).toEqual({ ...row });
    const { detail, away } = await admin.told(row!.alert);
    expect(away).toBeNull();
    expect(detail!.user).toBe(row!.user);
    expect(detail!.story.rows.length).toBeGreaterThan(0);
    // The same stranger came to all of them.
    const { rows } = await admin.shared(undefined);
    const many = rows.find(({ users }) => users.length === HOSTS);
    const { rows: linked } = await admin.linked(many!.alerts[0]!.alert);
    expect(new Set(linked.map(({ user }) => user)).size).toBeGreaterThanOrEqual(HOSTS - 1);
    await expect(admin.alert('0003/999')).rejects.toThrow(/There is no alert 0003\/999/);
  });

  it('keeps who has an alert, notes, and answers that go through the partition', async () => {
    const bert = await visit(await made.addressFor('bert'));
    expect(await bert.me(undefined)).toMatchObject({
      name: 'bert',
      role: 'analyst',
      people: expect.arrayContaining(['anna', 'bert']) as unknown,
    });
    const rows = await rowsOf(bert);
    const alerts = rows.slice(0, 2).map(({ alert }) => alert);
    await bert.assign({ alerts, person: 'anna' });
    await expect(bert.assign({ alerts, person: 'eve' })).rejects.toThrow(/nobody called eve/);
    expect((await rowsOf(bert, { assigned: 'anna' as never })).map(({ alert }) => alert).sort()).toEqual(
      [...alerts].sort(),
    );
    await bert.note({ alert: alerts[0]!, text: 'She was on leave.' });
    expect((await bert.alert(alerts[0]!)).notes).toMatchObject([{ text: 'She was on leave.', by: 'bert' }]);
    expect(await bert.answer({ alerts, verdict: 'normal' })).toBe(2);
    await until('both are answered', async () => (await rowsOf(bert, { answered: true })).length === 2);
    expect(
      (await rowsOf(bert, { answered: true })).map(({ verdict, answeredBy }) => `${verdict} ${answeredBy}`),
    ).toEqual(['normal bert', 'normal bert']);
    // The partition has applied it too.
    expect((await bert.told(alerts[0]!)).detail!.verdict).toBe('normal');
    await bert.answer({ alerts: [alerts[0]!], verdict: 'none' });
    await until('it waits again', async () => (await rowsOf(bert)).some(({ alert }) => alert === alerts[0]));
    await expect(bert.answer({ alerts: ['0003/999'], verdict: 'normal' })).rejects.toThrow(/There is no alert/);
    await expect(bert.decideHost({ host: 'desk-1.example', state: 'revoked' })).rejects.toThrow(/needs admin/);
    await expect(bert.audit({ before: null })).rejects.toThrow(/bert is analyst; this needs admin/);
  });

  it('lets a viewer look and change nothing, and tells an administrator who did what', async () => {
    const anna = await visit(await made.addressFor('anna'));
    const [row] = await rowsOf(anna);
    await anna.alert(row!.alert);
    await anna.alert(row!.alert);
    const refused = [
      () => anna.answer({ alerts: [row!.alert], verdict: 'normal' }),
      () => anna.assign({ alerts: [row!.alert], person: 'anna' }),
      () => anna.note({ alert: row!.alert, text: 'x' }),
      () => anna.decideHost({ host: 'desk-1.example', state: 'revoked' }),
    ];
    for (const ask of refused) await expect(ask()).rejects.toThrow(/anna is viewer/);
    const audit = await admin.audit({ before: null });
    const of = (person: string): string[] =>
      audit.flatMap((one) => (one.person === person ? [`${one.did} ${one.what}`] : [])).reverse();
    expect(of('anna')).toEqual([`opened ${row!.alert}`]);
    expect(of('bert')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^assigned .* anna$/),
        expect.stringMatching(/^answered .* normal$/),
      ]),
    );
    await expect(made.addressFor('eve')).rejects.toThrow(/«eve» is not among page.people/);
    expect(statSync(join(made.fleet.folder, 'inbox', 'inbox.db')).mode & 0o077).toBe(0);
  });

  it('approves and revokes hosts', async () => {
    const stateOf = async (host: string): Promise<string | null | undefined> =>
      (await admin.hosts(undefined)).rows.find((one) => one.host === host)?.state;
    await admin.decideHost({ host: 'desk-new.example', state: 'approved' });
    await until('it is approved', async () => (await stateOf('desk-new.example')) === 'approved');
    await admin.decideHost({ host: 'desk-new.example', state: 'revoked' });
    await until('it is revoked', async () => (await stateOf('desk-new.example')) === 'revoked');
  });

  it('says that an owner is away, and shows what the inbox knows meanwhile', { timeout: 120_000 }, async () => {
    await made.fleet.stop('one');
    const [row] = await rowsOf(admin);
    const { detail, away } = await admin.told(row!.alert);
    expect([detail, (await admin.alert(row!.alert)).row.alert]).toEqual([null, row!.alert]);
    expect(away).toContain('did not answer');
    expect((await admin.linked(row!.alert)).away).toEqual([0, 1, 2, 3]);
    expect((await admin.who({ text: '' })).away).toEqual([0, 1, 2, 3]);
    const { workers, partitions } = await admin.workers(undefined);
    expect(workers).toEqual([]);
    expect(partitions.every(({ owner, waiting }) => owner === null && waiting === null)).toBe(true);
    made.fleet.start('two');
    await until('another one has it', async () => (await admin.told(row!.alert)).detail !== null);
  });
});
