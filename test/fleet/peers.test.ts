/** Groups of users, and what of an alert the user's group does: asked at the page and by the command, over real workers. */
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { FleetGroups, FleetPeers } from '../../src-main/contract/fleet.ts';
import { Desk } from '../../src-main/fleet/page/desk.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { TestFleet, until } from './processes.ts';

const server = serverForAll();
const PROGRAM = '/tmp/.cache/nc';
/** The others on the floor, and how many of them have the program since their first day. */
const [OTHERS, KNOWN, HAVING] = [8, 7, 6];
const withTimeOf = (one: string, line: string): string =>
  line.replace(/"unixTime":\d+/, /"unixTime":\d+/.exec(one)![0]);

describeWithNats('the peers of a fleet', () => {
  let fleet: TestFleet;
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse(await fleet.ask('peers', ...args, '--json')) as T;

  beforeAll(async () => {
    const groups = [
      { name: 'floor', hosts: ['DESK-?.example'] },
      { name: 'cellar', users: ['nobody-here'] },
    ];
    fleet = await TestFleet.make(await server.get(), 'peers', { peers: { groups } });
    const nc = await (await server.get()).connect();
    const all = linesOfHosts(OTHERS + 1, 1600);
    const lines = new Map(
      [...all].map(([host, lines], h) => {
        const own = lines.map((line) => line.replace('"path":', '"parent_name":"bash","path":'));
        const named = own.map((line) => line.replaceAll('/usr/bin/nc', PROGRAM));
        if (h === 0) return [host, named];
        // Once is enough in a first week; of whom there are not a thousand actions, too little is known.
        const start = named.find((line) => line.includes(PROGRAM))!;
        const past = own.slice(0, h <= KNOWN ? 1600 : 100);
        return [host, h <= HAVING ? [past[0]!, withTimeOf(past[1]!, start), ...past.slice(1)] : past];
      }),
    );
    fleet.start('one');
    fleet.start('inbox', 'inbox');
    await publishAll(nc, fleet.subjects, fleet.partitions, lines);
    await until('there is an alert', async () => (await alertOf('user-0')) !== undefined);
  }, 200_000);
  afterAll(async () => {
    await fleet.killAll();
  });

  const alertOf = async (user: string): Promise<string | undefined> => {
    const told = await fleet.ask('alerts', 'list', '--all', '--json').catch(() => '{"alerts":[]}');
    const { alerts } = JSON.parse(told) as { alerts: { alert: string; user: string }[] };
    return alerts.find((one) => one.user.startsWith(`${user}@`))?.alert;
  };

  it('are counted by group, each person once', async () => {
    const found = await json<FleetGroups>();
    expect(found.rows).toEqual([
      { name: 'floor', people: OTHERS + 1, hosts: OTHERS + 1 },
      { name: 'cellar', people: 0, hosts: 0 },
    ]);
    expect([found.away, found.without]).toEqual([[], 0]);
    expect(await fleet.ask('peers')).toMatch(/^floor +9 +9$/m);
  });

  it('tell how many of them do what was new in an alert, and that somebody looked is kept', async () => {
    const alert = (await alertOf('user-0'))!;
    const found = await json<FleetPeers>(alert);
    expect(found).toMatchObject({ user: 'user-0', group: 'floor', people: KNOWN, away: [] });
    expect(found.rows).toContainEqual(expect.objectContaining({ kind: 'program', key: PROGRAM, have: HAVING }));
    expect(await fleet.ask('peers', alert)).toContain(
      `program ${PROGRAM}: new for user-0, ${HAVING} of ${KNOWN} others in the group floor do it`,
    );
    const desk = Desk.open(join(fleet.folder, 'inbox'));
    expect(
      desk
        .audit(null)
        .filter(({ did }) => did === 'peers')
        .map(({ what }) => what),
    ).toContain(alert);
    desk.close();
  });

  it('are not told of an alert that is none', async () => {
    await expect(fleet.ask('peers', '7')).rejects.toThrow(/«7» is no alert of a fleet: use one such as 0007\/12/);
    await expect(fleet.ask('peers', '0003/999')).rejects.toThrow(/no alert 0003\/999; see: ubad fleet alerts list/);
  });
});
