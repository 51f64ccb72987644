/** What the fleet's page makes of what it is told, without a server. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { AlertThings } from '../../src-main/contract/fleet-owner.ts';
import { fleetCalls, neededRole, type FleetAlertRow } from '../../src-main/contract/fleet.ts';
import { InboxStore } from '../../src-main/fleet/inbox/store.ts';
import type { IncidentMessage } from '../../src-main/fleet/wire/messages.ts';
import { Desk } from '../../src-main/fleet/page/desk.ts';
import { answerTo, type PageParts } from '../../src-main/fleet/page/handlers.ts';
import { linkedTo, sharedIn } from '../../src-main/fleet/page/shared.ts';
import { linesOf } from '../../src-main/fleet/page/together.ts';
import { Keys } from '../../src-main/web/keys.ts';
import { askersProof } from '../../src-main/web/proof.ts';
import { scratch } from '../scratch.ts';

const row = (n: number, changed: Partial<FleetAlertRow> = {}): FleetAlertRow => ({
  alert: `0001/${n}`,
  user: `root@desk-${n}`,
  host: `desk-${n}`,
  band: 'high',
  severity: 80 - n,
  count: 1,
  firstTime: 1000 + n * 600,
  lastTime: 2000 + n * 600,
  act: 'module',
  state: 'closed',
  verdict: null,
  answeredBy: null,
  answeredAt: null,
  assigned: null,
  notes: 0,
  ...changed,
});
const ids = (rows: readonly FleetAlertRow[]): string[][] =>
  linesOf(rows).map(({ alerts }) => alerts.map(({ alert }) => alert));

describe('lines of the inbox', () => {
  it('are one for what an update did to several machines at about the same time', () => {
    const machine = row(3, { user: 'host:desk-3' });
    expect(ids([row(1), row(2), machine])).toEqual([['0001/1', '0001/2', '0001/3']]);
    expect(linesOf([row(1), row(2), machine])[0]!.hosts).toBe(3);
  });

  it('are many for what people did, for two machines, for other acts, and for other times', () => {
    expect(ids([row(1), row(2)])).toHaveLength(2);
    expect(ids([1, 2, 3].map((n) => row(n, { user: `anna@desk-${n}` })))).toHaveLength(3);
    expect(ids([row(1), row(2), row(3, { act: 'cron' })])).toHaveLength(3);
    expect(ids([row(1), row(2), row(3, { firstTime: 1e6 })])).toHaveLength(3);
    expect(ids([row(1), row(2), row(3, { host: 'desk-1' })])).toHaveLength(3);
  });

  it('stay in order: a line stands where its first alert would', () => {
    const anna = row(9, { user: 'anna@desk-9', alert: '0002/1' });
    expect(ids([row(1), anna, row(2), row(3)])).toEqual([['0001/1', '0001/2', '0001/3'], ['0002/1']]);
  });
});

describe('what alerts have in common', () => {
  const told = (incident: number, user: string, ...names: string[]): AlertThings => ({
    incident,
    user,
    band: 'low',
    lastTime: incident,
    things: names.map((name) => ({ kind: 'address', name })),
  });
  const all = [
    [0, told(1, 'anna@a', '203.0.113.7', '203.0.113.8')],
    [1, told(1, 'bert@b', '203.0.113.7')],
    [1, told(2, 'bert@b', '203.0.113.9')],
    [2, told(3, 'bert@b', '203.0.113.9')],
  ] as const;

  it('is told of two users or more, not of one user twice', () => {
    expect(sharedIn(all).map(({ name, users, alerts }) => [name, users, alerts.map(({ alert }) => alert)])).toEqual([
      ['203.0.113.7', ['anna@a', 'bert@b'], ['0000/1', '0001/1']],
    ]);
  });

  it('links an alert with others, and never with itself', () => {
    expect(linkedTo('0001/2', [{ kind: 'address', name: '203.0.113.9' }], all).map(({ alert }) => alert)).toEqual([
      '0002/3',
    ]);
    expect(linkedTo('0001/2', [{ kind: 'program', name: '203.0.113.9' }], all)).toEqual([]);
  });
});

function deskOf(alerts: number): { desk: Desk; store: InboxStore } {
  const folder = join(scratch(), `desk-${Math.random()}`);
  mkdirSync(folder, { mode: 0o700 });
  const store = InboxStore.open(folder);
  store.begin('ALERTS', 'then', 100);
  const message = (n: number): IncidentMessage => ({
    form: 1,
    kind: 'incident',
    epoch: 1,
    n,
    seq: n,
    change: 'opened',
    incident: n,
    user: `anna@desk-${n}`,
    host: `desk-${n}`,
    band: n % 2 === 0 ? 'high' : 'low',
    severity: 10 * n,
    peak: 1,
    count: 1,
    firstTime: n,
    lastTime: n,
    act: 'key',
  });
  store.take(
    Array.from({ length: alerts }, (_, a) => ({ position: a + 1, at: a, partition: 7, message: message(a + 1) })),
    365,
  );
  return { desk: Desk.open(folder), store };
}
const filter = { text: '', band: null, assigned: null, answered: false, limit: 100 };

describe('the desk', () => {
  it('filters by text, band and person, and counts what it finds', () => {
    const { desk, store } = deskOf(4);
    const found = (changed: Partial<Parameters<Desk['alerts']>[0]>): string[] =>
      desk.alerts({ ...filter, ...changed }).rows.map(({ alert }) => alert);
    expect(found({})).toEqual(['0007/4', '0007/3', '0007/2', '0007/1']);
    expect(found({ text: 'DESK-3' })).toEqual(['0007/3']);
    expect(found({ text: '%' })).toEqual([]);
    expect(found({ band: 'high' })).toEqual(['0007/4', '0007/2']);
    expect(desk.alerts({ ...filter, limit: 1 })).toMatchObject({ rows: [{ alert: '0007/4' }], found: 4 });
    desk.assign([{ partition: 7, incident: 2 }], 'bert', 'anna', 5);
    expect(found({ assigned: 'bert' })).toEqual(['0007/2']);
    expect(found({ assigned: '' })).toHaveLength(3);
    expect(found({ answered: true })).toEqual([]);
    desk.close();
    store.close();
  });

  it('forgets what was said of an alert with the alert, and keeps who looked at it', () => {
    const { desk, store } = deskOf(2);
    const key = { partition: 7, incident: 1 };
    desk.assign([key, { partition: 7, incident: 99 }], 'bert', 'anna', 5);
    desk.note(key, { text: 'was it she?', by: 'anna', at: 6 });
    desk.did('anna', 'opened', '0007/1', 7);
    expect(desk.alert(key)).toMatchObject({ assigned: 'bert', notes: 1 });
    store.take([{ position: 50, at: 400 * 86_400, partition: 7, message: undefined }], 365);
    expect(desk.alert(key)).toBeUndefined();
    expect(desk.notes(key)).toEqual([]);
    expect(desk.audit(null)).toEqual([{ at: 7, person: 'anna', did: 'opened', what: '0007/1' }]);
    desk.forgetAudit(400 * 86_400, 365);
    expect(desk.audit(null)).toEqual([]);
    desk.close();
    store.close();
  });

  it('keeps a look within ten minutes once, and each answer', () => {
    const { desk, store } = deskOf(0);
    for (const at of [0, 599, 601]) desk.did('anna', 'opened', '0007/1', at);
    for (const at of [0, 1]) desk.did('anna', 'answered', '0007/1 normal', at);
    expect(
      desk
        .audit(null)
        .filter(({ did }) => did === 'opened')
        .map(({ at }) => at),
    ).toEqual([601, 0]);
    expect(desk.audit(null).filter(({ did }) => did === 'answered')).toHaveLength(2);
    desk.close();
    store.close();
  });
});

describe('roles', () => {
  it('let a viewer look, an analyst answer, and an administrator all', async () => {
    const ask = async (role: 'viewer' | 'analyst' | 'admin', name: string): Promise<string> => {
      const given = await answerTo({} as PageParts, { name: 'anna', role }, name, undefined);
      return given.ok ? 'ok' : given.code;
    };
    for (const [name, needed] of Object.entries(neededRole)) {
      expect(await ask('viewer', name), name).toBe('refused');
      expect((await ask('analyst', name)) === 'refused', name).toBe(needed === 'admin');
      expect(await ask('admin', name), name).not.toBe('refused');
    }
    expect(await ask('viewer', 'hosts')).not.toBe('refused');
    expect(await ask('admin', 'toString')).toBe('unknown');
    // What changes anything is not anybody's.
    const open = Object.keys(fleetCalls).filter((name) => !Object.hasOwn(neededRole, name));
    expect(open.sort()).toEqual([
      'alert',
      'groups',
      'hosts',
      'inbox',
      'linked',
      'me',
      'peers',
      'shared',
      'told',
      'who',
      'workers',
    ]);
  });

  it('are given by a key of a person’s own, to those that are known', () => {
    const keys = new Keys((person) => person === 'bert');
    const [origin, challenge] = ['http://127.0.0.1:1', 'c'.repeat(43)];
    const asked = (person: string, told = person) =>
      keys.issueTo({ challenge, person, proof: askersProof(keys.secret, origin, challenge, told) }, origin, 0);
    const token = (key: string | undefined): string => keys.exchange(key ?? '', 1) ?? 'none';
    const berts = token(asked('bert')?.key);
    expect(keys.holds(`Bearer ${berts}`)).toBe('bert');
    expect(keys.holds(`Bearer ${keys.token}`)).toBe('');
    expect(keys.holds('Bearer x')).toBeUndefined();
    expect(asked('eve')).toBeUndefined();
    // A proof for one person is none for another.
    expect(asked('bert', '')).toBeUndefined();
    expect(token(asked('bert')?.key)).toBe(berts);
  });
});
