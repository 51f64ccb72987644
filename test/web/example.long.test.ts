import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import type { DesktopState } from '../../src-main/contract/desktop.ts';
import type { ActionRow, AlertRow, EngineStatus } from '../../src-main/contract/alerts.ts';
import type { DoctorReport } from '../../src-main/contract/doctor.ts';
import type { Overview } from '../../src-main/contract/timeline.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { openExample } from '../../src-main/example/prepare.ts';
import { replay } from '../../src-main/example/source.ts';
import { removeLeftExamples } from '../../src-main/host/example.ts';
import type { Web } from '../../src-main/web.ts';
import { lineOf } from '../engine/log-lines.ts';
import { askOf, bearer, newMachine, root, started, type Machine } from './served.ts';

/** Of a person: what root does is the machine's, whose name is another everywhere. */
const line = (n: number): string =>
  `${lineOf({ query: 'shell_verb', change: 'added', time: 1_795_594_500 + n, columns: { uid: '1000', username: 'nora', verb: `v${n}` } })}\n`;
const PEOPLE = ['alice', 'bob', 'carol', 'dave'];

async function valueOf<T>(web: Web, name: string, input?: unknown): Promise<T | undefined> {
  const answer = await askOf(web, name, input);
  return answer.ok ? (answer.value as T) : undefined;
}
const exampleOf = async (web: Web) => (await valueOf<DesktopState>(web, 'desktop'))?.example;
const usersOf = async (web: Web) => (await valueOf<EngineStatus>(web, 'status'))?.users.map(({ name }) => name).sort();
const actionsOf = async (web: Web) => (await valueOf<Overview>(web, 'overview'))?.totals.actions;
const alertsOf = (web: Web) => valueOf<AlertRow[]>(web, 'alerts', { limit: 50 });
const foldersOf = ({ state }: Machine) => readdirSync(state).filter((name) => name.startsWith('example-'));
/** On a machine that is busy with other tests; hardly ever needed. */
const patience = { timeout: 60_000, interval: 100 };

/** What a page is told. */
function heardOf(web: Web): string[] {
  const heard: string[] = [];
  const { port, hostname } = new URL(web.origin);
  const stream = get({ hostname, port, path: '/events', headers: bearer(web) }, (response) => {
    response.setEncoding('utf8');
    response.on('data', (piece: string) => heard.push(piece));
  });
  stream.on('error', () => undefined);
  onTestFinished(() => void stream.destroy());
  return heard;
}

it('shows four invented people and attacks on them, then this machine again, and nothing of the one in the other', async () => {
  const machine = newMachine();
  writeFileSync(machine.log, line(1));
  const web = await started(machine);
  await expect.poll(() => actionsOf(web), patience).toBe(1);
  const [own] = (await usersOf(web))!;
  expect(await exampleOf(web)).toBeNull();

  expect(await askOf(web, 'startExample', { minutes: 0.01 })).toMatchObject({ ok: true });
  expect(await exampleOf(web)).toEqual({ phase: 'preparing', minutes: 0.01, watching: true });
  expect(await askOf(web, 'status'), 'its engine is waited for').toMatchObject({ ok: true });
  await expect.poll(() => usersOf(web), patience).toEqual(expect.arrayContaining(PEOPLE));
  expect(await usersOf(web)).not.toContain(own);
  const heard = heardOf(web);
  await expect.poll(() => exampleOf(web), patience).toMatchObject({ phase: 'running' });
  await expect.poll(async () => (await alertsOf(web))?.length, patience).toBeGreaterThan(0);
  const [alert] = (await alertsOf(web))!;
  expect(PEOPLE).toContain(alert!.user);
  await expect.poll(() => heard.join(''), patience).toContain('"event":"incident"');

  // This machine is watched meanwhile, and what is checked is this machine; but the page hears nothing of it.
  expect(foldersOf(machine)).toHaveLength(1);
  expect(statSync(join(machine.state, foldersOf(machine)[0]!)).mode & 0o777).toBe(0o700);
  const before = heard.length;
  writeFileSync(machine.log, [1, 2, 3].map(line).join(''));
  await expect.poll(() => web.host.supervisor.status?.users[0]?.actions, patience).toBe(3);
  expect(heard.slice(before).join('')).not.toContain(own);
  const { steps } = (await valueOf<DoctorReport>(web, 'doctor'))!;
  expect(steps.find(({ id }) => id === 'users-known')?.state).toBe('pass');
  expect(await askOf(web, 'snooze', { user: 'alice', minutes: 60 })).toMatchObject({ ok: false, code: 'refused' });

  expect(await askOf(web, 'goLive')).toMatchObject({ ok: true });
  expect(await exampleOf(web)).toBeNull();
  expect(await usersOf(web)).toEqual([own]);
  expect(await actionsOf(web)).toBe(3);
  expect(await alertsOf(web)).toEqual([]);
  expect(foldersOf(machine)).toEqual([]);
  // Read on from where it was, each line once.
  writeFileSync(machine.log, line(4), { flag: 'a' });
  await expect.poll(() => actionsOf(web), patience).toBe(4);
});

it('judges meanwhile what happens on this machine, by what it had learned, and shows it afterwards', async () => {
  const machine = newMachine();
  // A machine whose people are known already: the example's, in its own state.
  const opened = await openExample(
    {
      state: machine.state,
      algorithm: 'both',
      seed: 1,
      windowLength: 50,
      trainAfter: 3000,
      pack: defaultPack(),
      math: fusedEngine(),
      sensitivity: { alertsPerDay: 1 / 7 },
      now: () => Date.now() / 1000,
    },
    {},
    { root, models: 'shipped' },
  );
  if (!opened.ok) throw new Error(opened.problem.message);
  const first: string[] = [];
  for await (const { lines } of replay({ root, part: 'week' })) {
    first.push(...lines.map(({ text }) => text));
    if (first.length >= 500) break;
  }
  opened.engine.close();
  const config = join(machine.folder, 'config', 'ubad', 'config.json');
  writeFileSync(config, JSON.stringify({ algorithm: 'both' }));
  const web = await started(machine);
  await expect.poll(async () => (await usersOf(web))?.length, patience).toBeGreaterThan(3);
  const before = (await actionsOf(web))!;
  await askOf(web, 'startExample', { minutes: 3 });
  writeFileSync(machine.log, first.map((text) => `${text}\n`).join(''));
  const liveActions = () => web.host.supervisor.status?.users.reduce((sum, { actions }) => sum + actions, 0);
  await expect.poll(liveActions, patience).toBeGreaterThan(before);
  expect(await askOf(web, 'goLive')).toMatchObject({ ok: true });
  const page = await valueOf<ActionRow[]>(web, 'timeline', { user: 'alice', limit: 20 });
  expect(page!.map(({ where }) => where?.path)).toContain(machine.log);
  for (const { where, score } of page!) if (where?.path === machine.log) expect(score).toEqual(expect.any(Number));
});

it('goes to and fro in a hurry, each time from the beginning, and ends with this machine', async () => {
  const machine = newMachine();
  const web = await started(machine);
  const [there, back] = ['startExample', 'goLive'];
  const all = [there, back, there, there, back].map((name) =>
    askOf(web, name, name === there ? { minutes: 60 } : null),
  );
  writeFileSync(machine.log, [1, 2].map(line).join(''));
  for (const answer of await Promise.all(all)) expect(answer).toMatchObject({ ok: true });
  expect(await exampleOf(web)).toBeNull();
  await expect.poll(() => actionsOf(web), patience).toBe(2);
  await expect.poll(() => foldersOf(machine), patience).toEqual([]);
});

it('begins with the example where that is asked for, and leaves nothing of it when it ends; nor does one that was killed', async () => {
  const machine = newMachine();
  rmSync(machine.log);
  // No process has such a number: it is above the kernel's greatest.
  const left = join(machine.state, 'example-5000000-1');
  mkdirSync(left, { recursive: true, mode: 0o700 });
  const web = await started(machine, { example: true });
  expect(existsSync(left)).toBe(false);
  await expect.poll(() => usersOf(web), patience).toEqual(expect.arrayContaining(PEOPLE));
  expect(await exampleOf(web)).toMatchObject({ minutes: 3, watching: false });
  await web.stop();
  expect(foldersOf(machine)).toEqual([]);
});

it('leaves alone what belongs to a program that runs', () => {
  const machine = newMachine();
  const theirs = join(machine.state, `example-${process.ppid}-1`);
  mkdirSync(theirs, { recursive: true });
  removeLeftExamples(machine.state);
  removeLeftExamples(join(machine.folder, 'nowhere'));
  expect(existsSync(theirs)).toBe(true);
});

it.each([{ minutes: 0 }, { minutes: Infinity }, {}, null])('is not shown for %j', async (input) => {
  const web = await started(newMachine());
  expect(await askOf(web, 'startExample', input)).toMatchObject({ ok: false, code: 'bad-input' });
});
