import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { expect, it } from 'vitest';

import type { Target } from '../../src-main/export/target.ts';
import { leftOf } from '../../src-main/fleet/inbox/left.ts';
import { alertKeyOf } from '../../src-main/fleet/inbox/say.ts';
import { InboxStore, type Told } from '../../src-main/fleet/inbox/store.ts';
import { mirroredIncident } from '../../src-main/fleet/wire/mirrored.ts';
import { scratch } from '../scratch.ts';
import { answered, incident, ownerTold } from './told.ts';

const DAYS = 365;

function opened(folder = join(scratch(), 'inbox')): InboxStore {
  const store = InboxStore.open(folder);
  store.begin('S', '2026-01-01', 1e6);
  return store;
}

const told = (position: number, message: Told['message'], partition = 0): Told => ({
  position,
  at: 1_700_000_000 + position,
  partition,
  message,
});

it('keeps each alert once, as it was told last, and who answered it', () => {
  const store = opened();
  const first = [told(1, ownerTold(0)), told(2, incident(1, 7)), told(3, incident(1, 7), 3)];
  store.take(first, DAYS);
  // The stream gives again what was taken: after a crash, or when another owner told it.
  store.take([...first, told(4, incident(2, 7, { change: 'extended', severity: 91 }))], DAYS);
  store.take([told(5, answered(3, 7, 'normal'))], DAYS);
  expect(store.counts()).toEqual({ position: 5, newest: 5, refused: 0, lost: 0, waiting: 1, alerts: 2, told: 4 });
  expect(store.alert(0, 7)).toMatchObject({ severity: 91, verdict: 'normal', answered_by: 'eva' });
  expect(store.alerts({ onlyWaiting: true, limit: 10 }).map(({ partition }) => partition)).toEqual([3]);
  store.take([told(6, answered(4, 7, 'none'))], DAYS);
  expect(store.alert(0, 7)).toMatchObject({ verdict: null, answered_by: null, answered_at: null });
  store.close();
});

it('stores what was told and the position after it together, or neither', () => {
  const folder = join(scratch(), 'inbox');
  const store = opened(folder);
  store.take([told(1, incident(1, 1))], DAYS);
  const broken = { ...incident(2, 2), severity: 'high' } as unknown as Told['message'];
  expect(() => store.take([told(2, incident(2, 3)), told(3, broken, 1)], DAYS)).toThrow();
  expect(store.counts()).toMatchObject({ position: 1, alerts: 1, told: 1 });
  store.close();
  const again = InboxStore.open(folder);
  expect(again.begin('S', '2026-01-01', 9)).toBe(1);
  again.close();
});

it('counts what it cannot read, and what was gone before it could', () => {
  const store = opened();
  expect(store.take([told(1, incident(3, 1)), told(2, undefined), told(3, ownerTold(7))], DAYS)).toEqual(
    new Map([[0, 6]]),
  );
  expect(store.counts()).toMatchObject({ position: 3, refused: 1, lost: 6 });
  expect(store.take([told(4, incident(8, 2))], DAYS)).toEqual(new Map());
  store.close();
});

it('lets go of alerts of which nothing was told for long', () => {
  const store = opened();
  store.take([told(1, incident(1, 1)), told(86_400 * 3, incident(2, 2))], 2);
  expect(store.counts()).toMatchObject({ alerts: 1, told: 1, position: 86_400 * 3 });
  store.close();
});

it('does not go on with another stream, nor with one that lost what it had', () => {
  const store = opened();
  store.take([told(5, incident(1, 1))], DAYS);
  expect(() => store.begin('S', '2026-02-02', 9)).toThrow(/was read from another stream/);
  expect(() => store.begin('S', '2026-01-01', 4)).toThrow(/read up to 5, the stream S ends at 4/);
  store.close();
});

it('says what is wrong with its file, and who writes it', () => {
  const folder = join(scratch(), 'inbox');
  expect(() => InboxStore.read(folder)).toThrow(/There is no inbox in .* yet\. Start one .*: ubad fleet inbox/);
  const store = opened(folder);
  expect(() => InboxStore.open(folder)).toThrow(/is writing to .* with inbox\.state in fleet\.json/);
  expect(InboxStore.read(folder).counts().position).toBe(0);
  store.close();
  const db = new DatabaseSync(join(folder, 'inbox.db'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(() => InboxStore.open(folder)).toThrow(/made by a newer ubad/);
  const foreign = scratch();
  const other = new DatabaseSync(join(foreign, 'inbox.db'));
  other.exec('CREATE TABLE songs (title TEXT)');
  other.close();
  expect(() => InboxStore.open(foreign)).toThrow(/is no inbox of ubad/);
  const damaged = scratch();
  writeFileSync(join(damaged, 'inbox.db'), 'no database at all, but long enough to be taken for one'.repeat(100));
  expect(() => InboxStore.open(damaged)).toThrow(/is damaged\. Move .* away/);
});

it.each([
  ['0007/12', { partition: 7, incident: 12 }],
  ['7/12', undefined],
  ['0007/0', undefined],
  ['0007/12 ', undefined],
  ['0007/1e3', undefined],
])('reads the name of an alert: %j', (text, key) => {
  expect(alertKeyOf(text)).toEqual(key);
});

it('knows what of a user was sent on, and which computers told of them by themselves', () => {
  const folder = join(scratch(), 'inbox');
  const store = opened(folder);
  const bert = { user: 'bert@desk-2', host: 'desk-2' };
  const byItself = mirroredIncident('desk-9', 4);
  store.take(
    [
      told(1, incident(1, 1)),
      told(2, incident(2, 1, { change: 'closed' })),
      told(3, incident(3, 2, bert)),
      told(4, incident(4, byItself, { user: 'anna@desk-9', host: 'desk-9' })),
      told(5, incident(5, 3)),
    ],
    DAYS,
  );
  const syslog = (name: string) => ({ name, kind: 'syslog', host: 'logs.example', port: 6514, ca: null }) as const;
  const webhook: Target = {
    name: 'siem',
    kind: 'webhook',
    form: 'ecs',
    url: 'https://siem.example/hook/secret',
    secretFile: '/s',
    ca: null,
    private: [],
  };
  const targets: Target[] = [webhook, syslog('damaged'), syslog('begun'), syslog('never')];
  for (const [name, position] of [
    ['siem', '4'],
    ['damaged', '{'],
    ['begun', '0'],
  ] as const)
    writeFileSync(join(folder, `export-${name}.json`), position);
  expect(leftOf(store, folder, targets, 'anna')).toEqual({
    alerts: 3,
    sent: [
      { name: 'siem', where: 'webhook, siem.example', alerts: 2, last: 1_700_000_004 },
      { name: 'damaged', where: 'syslog, logs.example:6514', alerts: 3, last: 1_700_000_005 },
    ],
    computers: ['desk-9'],
  });
  expect(leftOf(store, folder, targets, 'anna@desk-1')).toMatchObject({ alerts: 2, computers: [] });
  expect(leftOf(store, folder, targets, 'nobody')).toEqual({ alerts: 0, sent: [], computers: [] });
  store.close();
});
