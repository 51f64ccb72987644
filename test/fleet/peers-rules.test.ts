/** What is made of groups and of owners' answers, without a server. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { ComparedFact } from '../../src-main/contract/compared.ts';
import { fleetConfigOf } from '../../src-main/fleet/config.ts';
import { Groups, userOfHost } from '../../src-main/fleet/page/groups.ts';
import type { Owners } from '../../src-main/fleet/page/owners.ts';
import { groupsOf, peersOf } from '../../src-main/fleet/page/peers.ts';
import { mirroredIncident } from '../../src-main/fleet/wire/mirrored.ts';
import { scratch } from '../scratch.ts';

const listed = (text: string): string => {
  const file = join(mkdtempSync(join(scratch(), 'groups-')), 'groups.csv');
  writeFileSync(file, text);
  return file;
};
const groupsWith = (peers: object): Groups => Groups.of(fleetConfigOf({ peers }, 'x').peers);

describe('groups', () => {
  it('are of hosts by pattern, of users by name, and of what a file says first', () => {
    const groups = groupsWith({
      groups: [
        { name: 'sales', hosts: ['sales-*.example', '10.0.?.1'], users: ['zoe'] },
        { name: 'all', hosts: ['*'] },
      ],
      file: listed('User,Group\r\n"anna","night shift"\n\n bert , sales \n'),
    });
    const of = (user: string, host: string): string | undefined => groups.groupOf({ user, host });
    expect(groups.names).toEqual(['sales', 'all', 'night shift']);
    expect(of('carl', 'SALES-1.example')).toBe('sales');
    expect(of('carl', '10.0.7.1')).toBe('sales');
    expect(of('carl', '10.0x7.1')).toBe('all');
    expect(of('anna', 'sales-1.example')).toBe('night shift');
    expect([of('bert', 'x'), of('zoe', 'x')]).toEqual(['sales', 'sales']);
    expect(groupsWith({}).groupOf({ user: 'anna', host: 'x' })).toBeUndefined();
  });

  it('say which line or setting is wrong', () => {
    expect(() => groupsWith({ file: listed('anna,sales\nbert\n') })).toThrow(
      /groups.csv, line 2: .* such as anna,sales/,
    );
    expect(() => groupsWith({ file: '/nowhere/groups.csv' })).toThrow(/cannot be read \(ENOENT\).*peers.file/);
    expect(() => groupsWith({ groups: [{ name: 'a,b' }] })).toThrow(/peers.groups.0.name: use at most 64/);
  });

  it('have neither machines nor root', () => {
    expect([userOfHost('host:desk'), userOfHost('root@desk'), userOfHost('anna')]).toEqual(Array(3).fill(undefined));
    expect(userOfHost('anna@example.org@desk')).toEqual({ user: 'anna@example.org', host: 'desk' });
  });
});

const [TOOL, DOOR] = ['program temporary other\n/tmp/.cache/nc', 'connection other other\nnc:4444'];
const fact = (name: string): ComparedFact => ({ name, kind: 'program', key: name.split('\n')[1]!, program: 'nc' });

/** One partition of whose users enough is known, and who of them knows what. */
function ownersOf(users: readonly string[], knowing: Record<string, readonly string[]>): Owners {
  const owner = {
    users: () => ({ rows: users.map((name) => ({ name })), more: 0 }),
    newFacts: () => Promise.resolve([fact(TOOL), fact(DOOR)]),
    knowing: (names: string[]) => ({
      rows: users.map((user) => ({
        user,
        knows: names.flatMap((name, n) => (knowing[name]?.includes(user) ? [n] : [])),
      })),
      more: 0,
    }),
  };
  return {
    ofHost: () => owner,
    gather: (ask: (one: typeof owner) => { rows: unknown[]; more: number }) => {
      const { rows, more } = ask(owner);
      return Promise.resolve({ rows: rows.map((one) => [0, one]), more, away: [2] });
    },
  } as unknown as Owners;
}
const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `user-${n}@desk-${n}`);
const floor = groupsWith({ groups: [{ name: 'floor', hosts: ['desk-*'] }] });
const anna = { incident: 9, user: 'user-0@desk-0', host: 'desk-0' };
const askFor = (users: readonly string[], knowing: Record<string, readonly string[]>) =>
  peersOf({ owners: ownersOf(users, knowing), groups: floor }, anna);

describe('what a group does', () => {
  const all = names(8);

  it('is a number from five on, nobody as nobody, and few without a number', async () => {
    const having = (count: number) => askFor(all, { [TOOL]: all.slice(1, count + 1), [DOOR]: all });
    expect((await having(0)).rows.map(({ name, have }) => [name, have])).toEqual([
      [TOOL, 0],
      [DOOR, 7],
    ]);
    expect((await having(1)).rows[0]!.have).toBe('few');
    expect((await having(4)).rows[0]!.have).toBe('few');
    expect((await having(5)).rows[0]!.have).toBe(5);
    expect(await having(5)).toMatchObject({ user: 'user-0', group: 'floor', people: 7, away: [2] });
  });

  it('counts a person once, on whatever hosts, and the user never', async () => {
    const twice = [...all, 'user-1@desk-77', 'user-0@desk-78', 'root@desk-1', 'host:desk-1', 'eve@elsewhere'];
    const found = await askFor(twice, { [TOOL]: twice });
    expect([found.people, found.rows[0]!.have]).toEqual([7, 7]);
  });

  it('is not told of a small group, nor without a group', async () => {
    expect(await askFor(names(5), { [TOOL]: names(5) })).toMatchObject({ group: 'floor', people: 4, rows: [] });
    const owners = ownersOf(all, {});
    expect(await peersOf({ owners, groups: floor }, { ...anna, user: 'eve@elsewhere' })).toMatchObject({
      group: null,
      people: 0,
    });
    const mirrored = { ...anna, incident: mirroredIncident('desk-0', 1) };
    expect(await peersOf({ owners, groups: floor }, mirrored)).toMatchObject({ group: null });
    expect(await groupsOf({ owners, groups: groupsWith({}) })).toMatchObject({ rows: [], without: 8 });
    expect(await groupsOf({ owners, groups: floor })).toMatchObject({
      rows: [{ name: 'floor', people: 8, hosts: 8 }],
      without: 0,
    });
  });
});
