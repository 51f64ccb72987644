/** What a subject was never seen to do, judged by the engine: machines, people before there is a model of them, and after an answer. */
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { fusedEngine } from '../../../models/fused.ts';
import { random } from '../../../models/random.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import { giveFeedback } from '../../../src-main/engine/feedback/feedback.ts';
import type { EngineOptions, IncidentEvent } from '../../../src-main/engine/options.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { scopeOf } from '../../../src-main/engine/feedback/scope.ts';
import { scratch } from '../../scratch.ts';
import { batchOf, lineOf } from '../log-lines.ts';

const NOON = Date.UTC(2026, 2, 2, 12) / 1000;
const HOUR = 3600;
const DAY = 24 * HOUR;
const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.close();
});

function engineOn(state: string, events: IncidentEvent[], changed: Partial<EngineOptions> = {}): Engine {
  const opened = Engine.open(
    {
      state,
      pack: defaultPack(),
      algorithm: 'both',
      seed: 1,
      windowLength: 50,
      trainAfter: 3000,
      sensitivity: { alertsPerDay: 1 / 7 },
      math: fusedEngine(),
      now: () => NOON + 400 * DAY,
      ...changed,
    },
    { incident: (event) => events.push(event) },
  );
  if (!opened.ok) throw new Error(opened.problem.message);
  open.push(opened.engine);
  return opened.engine;
}

let line = 0;
function read(engine: Engine, ...actions: readonly Action[]): void {
  engine.ingest(
    batchOf(
      actions.map((action) => lineOf(action)),
      line + 1,
    ),
  );
  line += actions.length;
}

const row = (time: number, query: string, columns: Record<string, string>): Action => ({
  query,
  change: 'added',
  time,
  columns,
});
const sudo = (time: number, header: string): Action =>
  row(time, 'sudoers', { source: '/etc/sudoers', header, rule_details: 'ALL=(ALL) NOPASSWD: ALL' });
const account = (time: number, uid: string, username: string): Action =>
  row(time, 'users', { uid, gid: uid, username, directory: `/home/${username}`, shell: '/bin/bash' });
const beat = (time: number): Action => row(time, 'heartbeat', { beat: String(time) });

test('a new sudo rule is told of the machine, which nobody trained; it is over though no row of the machine comes', () => {
  const events: IncidentEvent[] = [];
  const engine = engineOn(join(scratch(), 'state'), events);
  engine.ingest(batchOf([lineOf(account(NOON, '1000', 'ann'), 0)], ++line));
  read(engine, sudo(NOON + 60, 'eve'));
  expect(events).toMatchObject([{ change: 'opened', subject: 'host:desk' }]);
  expect(events[0]!.sentence).toContain('A sudo rule was added');
  read(engine, account(NOON + HOUR, '1001', 'eve'));
  expect(
    engine.store.incidents.list({ state: 'open' }).map(({ subjectId }) => engine.store.subjects.byId(subjectId)?.name),
  ).toEqual(['eve', 'host:desk']);
  read(engine, row(NOON + 5 * HOUR, 'shell_verb', { uid: '1000', username: 'ann', verb: 'ls', len: '2', time: '1' }));
  expect(
    events
      .filter(({ change }) => change === 'closed')
      .map(({ subject }) => subject)
      .sort(),
  ).toEqual(['eve', 'host:desk']);
  expect(engine.store.incidents.list({ state: 'open' })).toEqual([]);
});

test('what was there from the start is known, also after a restart', () => {
  const [state, events] = [join(scratch(), 'state'), [] as IncidentEvent[]];
  const engine = engineOn(state, events);
  engine.ingest(batchOf([lineOf(sudo(NOON, 'ann'), 0)], ++line));
  engine.close();
  open.length = 0;
  const again = engineOn(state, events);
  read(again, sudo(NOON + DAY, 'ann'));
  expect(events).toEqual([]);
  read(again, sudo(NOON + DAY + 9, 'eve'));
  expect(events).toHaveLength(1);
});

test('what the person said was them is known from then on', () => {
  const events: IncidentEvent[] = [];
  const engine = engineOn(join(scratch(), 'state'), events);
  read(engine, account(NOON, '1001', 'guest'));
  expect(events.map(({ subject }) => subject)).toEqual(['guest']);
  const [incident] = engine.store.incidents.list();
  engine.store.transaction(() => {
    giveFeedback(engine.store, { incident: incident!, verdict: 'normal', expires: null }, NOON + 60);
  });
  read(engine, account(NOON + 2 * DAY, '1001', 'guest'), beat(NOON + 2 * DAY + 1));
  expect(events.filter(({ change }) => change === 'opened')).toHaveLength(1);
});

test('a query that is never judged tells nothing new either', () => {
  const events: IncidentEvent[] = [];
  const engine = engineOn(join(scratch(), 'state'), events, { pack: defaultPack({ sudoers: 0 }) });
  read(engine, sudo(NOON, 'eve'));
  expect(events).toEqual([]);
});

test('what a person called suspicious alarms, new or not', async () => {
  const events: IncidentEvent[] = [];
  const engine = engineOn(join(scratch(), 'state'), events, { algorithm: 'ocsvm', trainAfter: 1000 });
  const person = { uid: '1000', username: 'ann' };
  const work = (time: number): Action[] => [
    row(time, 'shell_verb', { ...person, verb: 'git', len: '8' }),
    row(time + 1, 'process_start', { ...person, parent_name: 'bash', name: 'git', path: '/usr/bin/git', on_disk: '1' }),
    row(time + 2, 'net_out', {
      ...person,
      name: 'ff',
      path: '/usr/bin/ff',
      remote_address: '198.51.100.7',
      remote_port: '443',
    }),
    row(time + 3, 'sensitive_open', { ...person, name: 'ssh', exe: '/usr/bin/ssh', path: '/home/ann/.ssh/id_rsa' }),
  ];
  const draw = random(7);
  engine.ingest(batchOf([lineOf(account(NOON, '1000', 'ann'), 0)], ++line));
  for (let day = 0; day < 12; day++)
    for (let hour = 0; hour < 8; hour++) {
      const acts = Array.from(
        { length: 16 },
        (_, n) => work(NOON + day * DAY + hour * HOUR + n * 60)[Math.floor(4 * draw())]!,
      );
      read(engine, ...acts);
      await engine.trainDue();
    }
  expect(events).toEqual([]);
  const [git] = work(NOON + 13 * DAY);
  const scope = scopeOf(git!, 'action', defaultPack().learning)!;
  const subjectId = engine.store.subjects.byName('ann')!.id;
  engine.store.transaction(() =>
    engine.store.feedback.add({ subjectId, at: NOON, incidentId: null, verdict: 'suspicious', scope, expires: null }),
  );
  read(engine, git!);
  expect(events).toMatchObject([{ change: 'opened', subject: 'ann' }]);
});

test('switched off, nothing of it is judged', () => {
  const events: IncidentEvent[] = [];
  const engine = engineOn(join(scratch(), 'state'), events, { facts: false });
  read(engine, account(NOON, '1000', 'ann'), sudo(NOON + 60, 'eve'));
  expect(events).toEqual([]);
  expect(engine.store.incidents.list()).toEqual([]);
});
