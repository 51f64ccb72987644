import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterEach, expect, it } from 'vitest';
import * as v from 'valibot';

import { engineCalls, type EngineEvents } from '../../src-main/contract/contract.ts';
import { engineSettingsSchema, type EngineSettings } from '../../src-main/contract/settings.ts';
import { EngineSupervisor } from '../../src-main/host/engine-supervisor.ts';
import { textOf } from '../../src-main/contract/story/tell.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import type { Client } from '../../src-main/contract/ipc.ts';
import type { Action } from '../../models/action.ts';
import { random } from '../../models/random.ts';
import { batchOf, lineOf } from '../engine/log-lines.ts';
import { ordinary, stranger } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';
import { ChildWorkers } from './support/fork-child.ts';

// One user's: a connection does not say whose it is.
const ofOne = (actions: Action[]): Action[] => actions.filter(({ query }) => query === 'programs');
const past = ofOne(ordinary(2600));
const everything = [...past.slice(0, 1400), ...ofOne(stranger(190)), ...past.slice(1400, 1700)].map((action) =>
  lineOf(action),
);
const sides: EngineSupervisor[] = [];
afterEach(async () => {
  for (const supervisor of sides.splice(0)) await supervisor.stop();
});

/** A log, a state folder, and the main process's side of the engine with the worker as a child process. */
class Bench {
  readonly folder = scratch();
  readonly log = join(this.folder, 'results.log');
  readonly state = join(this.folder, 'state');
  readonly heard: { readonly event: keyof EngineEvents; readonly value: unknown }[] = [];
  readonly notices: string[] = [];
  readonly workers = new ChildWorkers();
  readonly supervisor: EngineSupervisor;
  settings: EngineSettings;

  constructor(settings: Partial<EngineSettings> = {}) {
    writeFileSync(this.log, '');
    const given = { state: this.state, algorithm: 'ocsvm', trainAfter: 1000, keepDays: 3650, ...settings };
    this.settings = v.parse(engineSettingsSchema, given);
    this.supervisor = new EngineSupervisor({
      fork: this.workers.fork,
      program: { as: 'desktop', version: '1.2.3' },
      settings: () => this.settings,
      log: () => this.log,
      changed: () => undefined,
      up: () => undefined,
      backOffMs: () => 20,
      retryMs: 200,
      onEvent: (event, value) => {
        this.heard.push({ event, value });
      },
      notice: (text) => {
        this.notices.push(text);
      },
    });
    sides.push(this.supervisor);
  }

  get engine(): Client<typeof engineCalls> {
    return this.supervisor.engine;
  }

  async up(): Promise<void> {
    this.supervisor.start();
    await this.supervisor.link.whenUp(new AbortController().signal);
  }

  write(lines: readonly string[]): void {
    appendFileSync(this.log, lines.map((line) => `${line}\n`).join(''));
  }

  read<T>(work: (store: Store) => T): T | undefined {
    const opened = openStore(this.state, { now: 0, readOnly: true });
    if (!opened.ok) return undefined;
    try {
      return work(opened.store);
    } finally {
      opened.store.close();
    }
  }

  stored(): number {
    return this.read((store) => store.subjects.list().reduce((sum, { stored }) => sum + stored, 0)) ?? 0;
  }

  async until(count: number): Promise<void> {
    await expect.poll(() => this.stored(), { timeout: 60_000, interval: 20 }).toBe(count);
  }

  trained(): boolean {
    return this.heard.some(
      ({ event, value }) => event === 'training' && (value as { progress: number }).progress === 1,
    );
  }
}

it('learns, alerts, and answers all that a window asks', async () => {
  const bench = new Bench();
  await bench.up();
  bench.write(everything.slice(0, 1400));
  await bench.until(1400);
  await expect.poll(() => bench.trained(), { timeout: 60_000 }).toBe(true);
  bench.write(everything.slice(1400));
  await bench.until(everything.length);

  // Stored is seen in the database; what is told of it comes by message, a little later.
  const heard = (): EngineEvents['incident'][] =>
    bench.heard.filter(({ event }) => event === 'incident').map(({ value }) => value as EngineEvents['incident']);
  await expect.poll(() => heard().some(({ change, count }) => change === 'extended' && count > 1)).toBe(true);
  const alertEvent = heard();
  expect(alertEvent[0]).toMatchObject({ change: 'opened', severity: expect.any(Number) as number });
  // What a notification is made of names no program that was run.
  expect(JSON.stringify(alertEvent)).not.toMatch(/\/usr\/bin/);
  const { id } = alertEvent[0]!;

  const status = await bench.engine.status(undefined);
  expect(status.users.map(({ model }) => model.state)).toEqual(['ready']);
  const name = status.users[0]!.name;
  const [row] = await bench.engine.alerts({ limit: 10, user: name });
  expect(row).toMatchObject({ id, user: name });
  const detail = await bench.engine.alert(id);
  expect(detail.factors.reduce((sum, { share }) => sum + share, detail.rest)).toBeCloseTo(1);
  // All that is of the log can be worded in another language.
  const told = [...detail.actions, ...detail.familiar, ...detail.factors];
  expect(told.length).toBeGreaterThan(3);
  const wordless = told.filter(({ words }) => words === undefined).map(({ text }) => text);
  expect(wordless.filter((text) => text !== 'the mix of kinds of action')).toEqual([]);
  expect(row!.headline).toEqual(detail.story.headline);
  expect(textOf(row!.headline!, 'en')).not.toBe('');
  const waiting = async () => (await bench.engine.status(undefined)).newAlerts;
  const unanswered = async () => (await bench.engine.status(undefined)).waitingAlerts;
  const before = await waiting();
  const answerable = await unanswered();
  expect(before).toBeGreaterThan(0);
  await bench.engine.acknowledge(id);
  await bench.engine.acknowledge(id);
  expect(await waiting()).toBe(before - 1);
  // Looking is no answer.
  expect(await unanswered()).toBe(answerable);
  await expect(bench.engine.acknowledge(999)).rejects.toMatchObject({ code: 'not-found' });
  const preview = await bench.engine.preview({ alert: id, kinds: ['program'] });
  expect(preview.scope).toMatch(/^whatever .+ does, and the command /);
  const said = await bench.engine.mark({ alert: id, kinds: ['program'], verdict: 'normal', days: 7 });
  expect((await bench.engine.alert(id)).feedback).toMatchObject([
    { id: said, verdict: 'normal', scope: preview.scope },
  ]);
  expect(await unanswered()).toBe(answerable - 1);
  expect(await bench.engine.undo(said)).toBe(true);
  expect(await unanswered()).toBe(answerable);
  expect(await bench.engine.undo(said)).toBe(false);
  // It is over, and nobody has said anything of it: who was not told before is told now.
  const { alertEvents: missed, newest } = await bench.engine.missed(id - 1);
  expect(missed[0]).toMatchObject({ id, change: 'opened', state: 'closed', usual: null });
  expect(await bench.engine.missed(newest)).toEqual({ alertEvents: [], newest });
  expect(await bench.engine.missed(null)).toEqual({ alertEvents: [], newest });
  const page = await bench.engine.timeline({ user: name, limit: 5 });
  const last = page.at(-1)!;
  const next = await bench.engine.timeline({ user: name, limit: 5, before: { time: last.time, id: last.id } });
  expect(new Set([...page, ...next].map((action) => action.id)).size).toBe(10);

  await bench.engine.trainNow(name);
  const versions = async () => (await bench.engine.models(undefined)).flatMap(({ versions: all }) => all);
  await expect.poll(async () => (await versions()).length, { timeout: 60_000 }).toBeGreaterThan(1);
  const first = (await versions()).at(-1)!;
  await bench.engine.rollback(first.version);
  expect((await versions()).filter(({ active }) => active)).toMatchObject([{ version: first.version }]);
  await expect(bench.engine.alert(999)).rejects.toMatchObject({ code: 'not-found' });
  await expect(bench.engine.rollback(999)).rejects.toMatchObject({ code: 'not-found' });
});

it('tells of an open alert again when it starts again: the one that died may have told nobody', async () => {
  const bench = new Bench();
  await bench.up();
  bench.write(everything.slice(0, 1400));
  await expect.poll(() => bench.trained(), { timeout: 60_000 }).toBe(true);
  const until = everything.length - 300;
  bench.write(everything.slice(1400, until));
  await bench.until(until);
  const [open] = bench.read((store) => store.incidents.list({ state: 'open' }))!;
  bench.workers.child?.kill('SIGKILL');
  await expect.poll(() => bench.supervisor.worker.state, { interval: 1 }).not.toBe('up');
  bench.heard.length = 0;
  await expect
    .poll(() => bench.heard.find(({ event }) => event === 'incident')?.value, { timeout: 10_000 })
    .toMatchObject({
      id: open!.id,
      change: 'extended',
    });
});

it('stores lines while it trains', async () => {
  const bench = new Bench({ algorithm: 'lstm' });
  await bench.up();
  bench.write(everything.slice(0, 1100));
  await expect.poll(() => bench.heard.some(({ event }) => event === 'training'), { timeout: 30_000 }).toBe(true);
  const before = bench.stored();
  bench.write(everything.slice(1100, 1200));
  await bench.until(1200);
  expect(before).toBeLessThan(1200);
  expect(bench.trained(), 'it was still training').toBe(false);
  const stopped = performance.now();
  await bench.supervisor.stop();
  expect(performance.now() - stopped).toBeLessThan(2000);
  // The database was closed as it should be: no mark of a crash is left, and the next one may write at once.
  const reopened = openStore(bench.state, { now: 0 });
  expect(reopened.ok).toBe(true);
  if (reopened.ok) reopened.store.close();
});

it('says why it cannot store, and goes on by itself when it can', async () => {
  const bench = new Bench();
  const other = openStore(bench.state, { now: 0 });
  if (!other.ok) throw new Error(other.problem.message);
  await bench.up();
  bench.write(everything.slice(0, 10));
  await expect.poll(() => bench.supervisor.problem, { timeout: 10_000 }).toMatch(/is writing to/);
  other.store.close();
  await bench.until(10);
  expect(bench.supervisor.problem).toBeNull();
});

it('takes other settings without losing a line', async () => {
  const bench = new Bench({ trainAfter: 100_000 });
  await bench.up();
  bench.write(everything.slice(0, 300));
  bench.settings = { ...bench.settings, alertsPerWeek: 5 };
  await bench.supervisor.restart();
  bench.write(everything.slice(300, 400));
  await bench.until(400);
});

it('killed at any moment, the worker is started again; every line is stored once and in order', async () => {
  const seed = Date.now() % 100_000;
  const next = random(seed);
  const bench = new Bench({ trainAfter: 1000 });
  const states: string[] = [];
  await bench.up();
  let written = 0;
  for (let kill = 0; kill < 8; kill++) {
    const until = performance.now() + next() * 500;
    while (performance.now() < until || written < (kill + 1) * 150) {
      const some = 1 + Math.floor(next() * 40);
      const habits = Array.from({ length: some }, (_, i) => past[(written + i) % past.length]!);
      const columns = (n: number) => ({ ...habits[n - written]!.columns, number: String(n) });
      bench.write(habits.map((habit, i) => lineOf({ ...habit, columns: columns(written + i) })));
      written += some;
      await pause(next() * 20);
    }
    bench.workers.child?.kill('SIGKILL');
    await expect.poll(() => bench.supervisor.worker.state, { interval: 1 }).not.toBe('up');
    states.push(bench.supervisor.worker.state);
    if (bench.supervisor.worker.state === 'down') expect(bench.supervisor.worker.cause).toBe('SIGKILL');
    await bench.supervisor.link.whenUp(new AbortController().signal);
  }
  await bench.until(written);
  const actions = bench.read((store) => store.subjects.list().flatMap(({ id }) => [...store.actions.after(id, 0)]));
  const inOrder = actions!.sort((a, b) => a.id - b.id);
  const numbers = inOrder.map(({ action }) => Number(action.columns.number)).join();
  expect(numbers, `seed ${seed}`).toBe(Array.from({ length: written }, (_, i) => i).join());
  expect(states).toContain('down');
  // Why, for who looks later.
  expect(readFileSync(join(bench.state, 'ubad.log'), 'utf8')).toMatch(/"worker-ended","how":"SIGKILL"/);
});

it('refuses what is no batch', async () => {
  const bench = new Bench();
  await bench.up();
  const broken = { ...batchOf(['x']), checkpoint: { path: 5 } };
  expect(await bench.supervisor.link.send('ingest', broken)).toMatchObject({ ok: false, code: 'bad-input' });
});
