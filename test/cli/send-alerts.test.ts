import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { afterAll, expect, it } from 'vitest';

import { incidentFeed } from '../../src-main/cli/incident-feed.ts';
import { giveFeedback } from '../../src-main/engine/feedback/feedback.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { settingsOf } from '../../src-main/cli/setup.ts';
import { fill, incident, NOW, opened } from '../engine/store/store-at.ts';
import { webhookReceiver } from '../export/receivers.ts';
import { scratch } from '../scratch.ts';

const cli = join(import.meta.dirname, '..', '..', 'src-main', 'cli.ts');
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** Opens an incident of anna's. @returns its id */
const openOne = (store: Store): number => {
  const { subject, ids } = fill(store, 'anna', [NOW, NOW + 1]);
  return store.transaction(() =>
    store.incidents.open({ ...incident(subject, ids[0]!, ids[1]!), band: 'high', count: 1 }),
  );
};

it('tells of an incident when it begins, when it grows and when it is over, and then no more', () => {
  const folder = scratch();
  const store = opened(folder);
  const old = openOne(store);
  const settings = settingsOf({ state: folder, config: join(folder, 'none.json') });
  const reading = (): Store => {
    const read = openStore(folder, { now: NOW, readOnly: true });
    if (!read.ok) throw new Error(read.problem.message);
    return read.store;
  };
  const feed = incidentFeed(reading, { settings, host: 'desk' });
  let position = feed.begin();
  const told = (most = 10): string[] => {
    const { events, position: after } = feed.next(position, most);
    position = JSON.parse(JSON.stringify(after)) as unknown;
    return events.map(({ id, change, user, verdict }) => [id, change, user, verdict].join(' '));
  };
  expect(told()).toEqual([]);
  const [one, two] = [openOne(store), openOne(store)];
  expect([one, two].every((id) => id > old)).toBe(true);
  // One at a time, and none left out.
  expect(told(1)).toEqual([`desk/${one}/open.1.high.none opened anna `]);
  expect(told(1)).toEqual([`desk/${two}/open.1.high.none opened anna `]);
  expect(told(1)).toEqual([]);
  store.transaction(() => {
    store.incidents.extend(one, { ...store.incidents.byId(one)!, band: 'critical', count: 2 });
    giveFeedback(store, { incident: store.incidents.byId(two)!, verdict: 'normal', expires: null }, NOW);
  });
  expect(told()).toEqual([
    `desk/${one}/open.2.critical.none extended anna `,
    `desk/${two}/closed.1.high.normal closed anna normal`,
  ]);
  store.transaction(() => {
    store.incidents.close(one, NOW + 60);
  });
  expect(told()).toEqual([`desk/${one}/closed.2.critical.none closed anna `]);
  expect(told()).toEqual([]);
  expect(position).toEqual({ from: two + 1, known: {} });
});

it('sends them until it is told to stop, and goes on where it was when it is killed', async () => {
  const folder = scratch();
  const { port, ca, posted } = await webhookReceiver();
  const [certificate, secret, targets] = ['ca', 'secret', 'targets.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(certificate, ca);
  writeFileSync(secret, 'a secret of some length');
  const target = { name: 'siem', kind: 'webhook', form: 'ocsf', url: `https://127.0.0.1:${port}/`, secretFile: secret };
  writeFileSync(targets, JSON.stringify([{ ...target, ca: certificate, private: ['127.0.0.1'] }]));
  const state = join(folder, 'state');
  const args = [cli, 'alerts', 'send', targets, '--state', state, '--config', join(folder, 'none.json')];
  const begin = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    started.push(child);
    await once(child.stderr, 'data');
    return child;
  };
  const without = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([without.status, without.stderr]).toEqual([5, expect.stringMatching(/^ubad: Nothing is stored in/)]);
  const store = opened(state);
  const position = join(state, 'export-siem.json');
  const first = await begin();
  await untilSo(() => readFileSync(position, 'utf8') !== '');
  openOne(store);
  await untilSo(() => posted.length === 1);
  first.kill('SIGKILL');
  await once(first, 'exit');
  openOne(store);
  const second = await begin();
  const uids = (): Set<string> =>
    new Set(posted.map(({ body }) => (JSON.parse(body) as { finding_info: { uid: string } }).finding_info.uid));
  await untilSo(() => uids().size === 2);
  expect([...uids()]).toEqual([`${hostname()}/1`, `${hostname()}/2`]);
  second.kill('SIGTERM');
  expect(await once(second, 'exit')).toEqual([0, null]);
});

it.each([
  ['[{"name":"a","kind":"mail"}]', /targets\.json: 0\.kind: /],
  ['[', /targets\.json is no JSON/],
  ['[]', /targets\.json names no target/],
])('says what is wrong with a file of targets: %s', (text, message) => {
  const folder = scratch();
  const targets = join(folder, 'targets.json');
  writeFileSync(targets, text);
  const { status, stderr } = spawnSync(process.execPath, [cli, 'alerts', 'send', targets], {
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  expect(stderr).toMatch(message);
  expect(status).not.toBe(0);
});

async function untilSo(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    try {
      if (isSo()) return;
    } catch {
      // Not there yet.
    }
    await setTimeout(50);
  }
  throw new Error('it did not come');
}
