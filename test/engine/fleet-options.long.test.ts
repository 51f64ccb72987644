import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { expect, it, vi } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import type { EngineEvents, EngineOptions } from '../../src-main/engine/options.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { ordinary, stranger } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';
import { batchOf, lineOf } from './log-lines.ts';
import { differences, tablesOf } from './tables.ts';

const newState = (): string => join(scratch(), 'state');
const fleet = { outbox: true, durability: 'replayable', mostLoaded: 1 } as const;

function engineOn(state: string, changed: Partial<EngineOptions> = {}, events: EngineEvents = {}): Engine {
  const options = {
    state,
    pack: defaultPack(),
    algorithm: 'ocsvm' as const,
    seed: 1,
    windowLength: 50,
    trainAfter: 1000,
    sensitivity: { alertsPerDay: 1 / 7 },
    math: fusedEngine(),
    now: () => 1_800_000_000,
    passwd: null,
    ...changed,
  };
  const opened = Engine.open(options, events);
  if (!opened.ok) throw new Error(opened.problem.message);
  return opened.engine;
}

const mixed = ['1000', '1001'].map((uid, u) =>
  [...ordinary(1150, u), ...stranger(120), ...ordinary(250, u + 5)].map((action) =>
    lineOf({ ...action, columns: { ...action.columns, uid, username: `user-${u}` } }),
  ),
);
const lines = mixed[0]!.flatMap((line, l) => [line, mixed[1]![l]!]);

async function feed(engine: Engine, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 100) {
    engine.ingest(batchOf(lines.slice(at, Math.min(to, at + 100)), at + 1));
    await engine.trainDue();
  }
}

it('changes nothing that is stored but the outbox and the index of values, which a fleet does not keep', async () => {
  const [desk, other] = [newState(), newState()];
  for (const [state, options] of [
    [desk, {}],
    [other, fleet],
  ] as const) {
    const engine = engineOn(state, options);
    await feed(engine, 0, lines.length);
    engine.close();
  }
  const unindexed = (state: string): Record<string, string[]> => {
    const { store_state: one, ...tables } = tablesOf(state, ['outbox', 'mentions']);
    return { ...tables, store_state: one!.map((row) => row.replace(/"mentions_from":\d+/, '')) };
  };
  expect(differences(unindexed(desk), unindexed(other))).toEqual([]);
  expect([tablesOf(desk).mentions!.length > 0, tablesOf(other).mentions]).toEqual([true, []]);
  expect(tablesOf(desk).outbox).toEqual([]);
  expect(tablesOf(other).incidents!.length).toBeGreaterThan(0);
  expect(tablesOf(other).outbox!.length).toBeGreaterThan(tablesOf(other).incidents!.length);
});

it('stores the same whenever it is stopped and opened again, also what it tells', async () => {
  const whole = newState();
  const engine = engineOn(whole, { ...fleet, storeAfter: 150 });
  await feed(engine, 0, lines.length);
  engine.close();
  const expected = tablesOf(whole);
  const blocks = Math.ceil(lines.length / 100);
  const stops = fc.array(fc.integer({ min: 1, max: blocks - 1 }), { minLength: 3, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(stops, async (at) => {
      const state = newState();
      const ends = [...new Set(at)].sort((a, b) => a - b).map((block) => block * 100);
      let from = 0;
      for (const to of [...ends, lines.length]) {
        const opened = engineOn(state, { ...fleet, storeAfter: 150 });
        await opened.trainDue();
        await feed(opened, from, to);
        opened.close();
        from = to;
      }
      expect(differences(expected, tablesOf(state))).toEqual([]);
    }),
    { numRuns: 4, seed: 7 },
  );
});

it('stores the same where a clock is set back while an alert goes on, and it is opened again then', async () => {
  const user = { uid: '1000', username: 'user-0' };
  const back = [...ordinary(1600, 0), ...stranger(80), ...ordinary(400, 100)].map((action) =>
    lineOf({ ...action, columns: { ...action.columns, ...user } }),
  );
  const tables = [[], [1750]].map(async (stops: readonly number[]) => {
    const state = newState();
    let engine = engineOn(state, fleet);
    for (let at = 0; at < back.length; at += 50) {
      engine.ingest(batchOf(back.slice(at, at + 50), at + 1));
      await engine.trainDue();
      if (!stops.includes(at + 50)) continue;
      engine.close();
      engine = engineOn(state, fleet);
    }
    engine.close();
    return tablesOf(state);
  });
  const [whole, stopped] = await Promise.all(tables);
  expect(whole!.incidents!.length).toBeGreaterThan(0);
  expect(differences(whole!, stopped!)).toEqual([]);
});

it('tells what a batch found in its transaction, or nothing of it', async () => {
  const state = newState();
  const told: unknown[] = [];
  const engine = engineOn(state, fleet, { incident: (event) => told.push(event) });
  await feed(engine, 0, lines.length);
  const rows = engine.store.outbox.after(0, 1000);
  expect(rows.map(({ n }) => n)).toEqual(rows.map((_, r) => r + 1));
  expect(rows.map(({ body }) => body)).toMatchObject(
    told.map((event) => {
      const { change, id, subject, band } = event as { change: string; id: number; subject: string; band: string };
      return { change, incident: id, user: subject, band, host: 'desk' };
    }),
  );
  engine.store.transaction(() => {
    engine.store.outbox.forget(2);
  });
  expect(engine.store.outbox.after(0, 1)[0]!.n).toBe(3);
  const { id } = engine.store.subjects.byName('uid:1000')!;
  engine.store.transaction(() => engine.store.forget.subject(id));
  expect(JSON.stringify(engine.store.outbox.after(0, 1000))).not.toContain('uid:1000');
  engine.close();
});

it('tells people of two hosts apart by the host, and names nobody by the passwd of the machine it runs on', () => {
  const engine = engineOn(newState(), { identity: 'host', passwd: null });
  const root = { query: 'process_start', change: 'added', time: 1_750_000_000, columns: {} } as const;
  const line = (host: string, columns: Record<string, string>): string =>
    lineOf({ ...root, columns }).replace('"desk"', JSON.stringify(host));
  const named = lineOf({ ...root, query: 'users', columns: { uid: '1000', username: 'anna' } }).replace('desk', 'one');
  engine.ingest(batchOf([named, line('one', { uid: '1000', pid: '7' })], 1, 'one'));
  engine.ingest(batchOf([line('two', { uid: '1000', pid: '7' }), line('two', { pid: '8' })], 1, 'two'));
  const names = engine.store.subjects.list().map(({ name }) => name);
  expect(names.sort()).toEqual(['anna@one', 'host:two', 'uid:1000@two']);
  const { id } = engine.store.subjects.byName('anna@one')!;
  engine.store.transaction(() => engine.store.forget.subject(id));
  expect(engine.store.uidNames.list()).toEqual([]);
  engine.close();
});

it('does not wait for the disk where lines can be read again', () => {
  const executed = vi.spyOn(DatabaseSync.prototype, 'exec');
  for (const durability of ['replayable', 'full'] as const) engineOn(newState(), { durability }).close();
  const told = executed.mock.calls.flatMap(([sql]) => /synchronous = \w+/.exec(sql) ?? []);
  executed.mockRestore();
  expect(told).toEqual(['synchronous = NORMAL', 'synchronous = FULL']);
});
