import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { chanceOf } from '../../models/profile/normal.ts';
import { Engine } from '../../src-main/engine/engine.ts';

import type { EngineEvents, EngineOptions, IncidentEvent } from '../../src-main/engine/options.ts';
import { explanationOf } from '../../src-main/engine/explanation/explanation.ts';
import { FORMAT, manifestOf } from '../../src-main/engine/models/manifest.ts';
import { trainHere } from '../../src-main/engine/models/train.ts';
import { StoreFull } from '../../src-main/engine/store/problem.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { ordinary, stranger } from '../models/ordinary.ts';
import { batchOf, lineOf } from './log-lines.ts';
import { scratch } from '../scratch.ts';

const pack = defaultPack();
const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.close();
});

const newState = (): string => join(scratch(), 'state');

function engineOn(state: string, changed: Partial<EngineOptions> = {}, events: EngineEvents = {}): Engine {
  const options = {
    state,
    pack,
    algorithm: 'ocsvm' as const,
    seed: 1,
    windowLength: 100,
    trainAfter: 1000,
    sensitivity: { alertsPerDay: 1 / 7 },
    subject: 'alice',
    math: fusedEngine(),
    now: () => 1_800_000_000,
    ...changed,
  } as const;
  const opened = Engine.open(options, events);
  if (!opened.ok) throw new Error(opened.problem.message);
  open.push(opened.engine);
  return opened.engine;
}

function reopen(
  engine: Engine,
  state: string,
  changed: Partial<EngineOptions> = {},
  events: EngineEvents = {},
): Engine {
  engine.close();
  open.splice(open.indexOf(engine), 1);
  return engineOn(state, changed, events);
}

const everything = [...ordinary(1400), ...stranger(150), ...ordinary(350, 1)].map((action) => lineOf(action));

/** Feeds lines in batches of these sizes, the last one repeated. */
async function feed(engine: Engine, lines: readonly string[], sizes: readonly number[], first = 1): Promise<void> {
  for (let at = 0, b = 0; at < lines.length; b++) {
    const size = sizes[Math.min(b, sizes.length - 1)]!;
    engine.ingest(batchOf(lines.slice(at, at + size), first + at));
    await engine.trainDue();
    at += size;
  }
}

function contents(engine: Engine): unknown {
  const subject = engine.store.subjects.byName('alice')!;
  const actions = [...engine.store.actions.after(subject.id, 0)];
  return {
    lines: actions.map(({ line }) => line),
    scores: actions.map(({ id }) => engine.store.scores.of(id)?.window),
    incidents: engine.store.incidents.list().map(({ id, firstAction, lastAction, peak, count, state }) => ({
      id,
      firstAction,
      lastAction,
      peak,
      count,
      state,
    })),
  };
}

describe('the life of a line', () => {
  it('is stored, learned, judged; a stranger opens one incident, which is told once and closes', async () => {
    const told: IncidentEvent[] = [];
    const engine = engineOn(newState(), {}, { incident: (event) => told.push(event) });
    await feed(engine, everything, [100]);
    const incidents = engine.store.incidents.list();
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({ state: 'closed', verdict: null });
    expect(explanationOf(incidents[0]!)).toEqual(incidents[0]!.explanation);
    expect(incidents[0]!.firstAction).toBeGreaterThan(1300);
    expect(incidents[0]!.lastAction).toBeLessThanOrEqual(1750);
    expect(told.filter(({ change }) => change === 'opened')).toHaveLength(1);
    expect(told.at(-1)!.change).toBe('closed');
    expect(told[0]!.sentence).toMatch(
      /^alice: \d+ things are new for alice, among them .+; stranger than [\d.]+ % of this user's /,
    );
  });

  it('counts what it refuses, with line and reason, and goes on', () => {
    const engine = engineOn(newState());
    engine.ingest(batchOf(['{', everything[0]!, '[]', '{"name":"x","unixTime":1}', everything[1]!]));
    expect(engine.store.refusals.last(10).map(({ line, reason }) => [line, reason])).toEqual(
      expect.arrayContaining([
        [1, 'not-json'],
        [3, 'not-an-object'],
        [4, 'no-time'],
      ]),
    );
    expect(engine.store.subjects.byName('alice')!.stored).toBe(2);
  });

  it('tells lost results by the counter', () => {
    const notices: string[] = [];
    const engine = engineOn(newState(), {}, { notice: (text) => notices.push(text) });
    const usb = { query: 'usb', change: 'added', time: 1_750_000_000, columns: { model: 'stick' } } as const;
    engine.ingest(batchOf([lineOf(usb, 1), lineOf(usb, 2)]));
    engine.ingest(batchOf([lineOf(usb, 6)], 3));
    expect(engine.store.losses.list()).toMatchObject([{ host: 'desk', query: 'pack_user-behavior_usb', count: 3 }]);
    expect(notices).toEqual(['3 results of pack_user-behavior_usb on desk were lost before they were logged']);
  });
});

it('knows the programs that run also after a restart, by what is stored and by nothing else', () => {
  const state = newState();
  const row = (pid: number, more: object): string => {
    const columns = {
      pid: String(pid),
      start_time: '1750000000',
      uid: '1000',
      name: 'ls',
      path: '/usr/bin/ls',
      ...more,
    };
    return lineOf({ query: 'process_start', change: 'added', time: 1_750_000_000 + pid, columns });
  };
  const engine = engineOn(state);
  engine.ingest(batchOf([row(1, {}), row(2, {})]));
  const woken = reopen(engine, state);
  woken.ingest(batchOf([row(1, { on_disk: '0' }), row(3, {})], 3));
  const { id } = woken.store.subjects.byName('alice')!;
  const isAgain = (): boolean[] => [...woken.store.actions.after(id, 0)].map(({ action }) => action.again === true);
  expect(isAgain()).toEqual([false, false, true, false]);
  expect(JSON.stringify(woken.store.checkpoints.list())).not.toContain('/usr/bin/ls');
});

it('keeps a time of the future apart: it ends no incident and makes nothing fresh, and is told once', async () => {
  const notices: string[] = [];
  const engine = engineOn(newState(), {}, { notice: (text) => notices.push(text) });
  const anomalous = stranger(150);
  await feed(
    engine,
    [...ordinary(1400), ...anomalous].map((action) => lineOf(action)),
    [100],
  );
  const open = engine.store.incidents.list({ state: 'open' });
  expect(open).toHaveLength(1);
  const line = lineOf({ ...ordinary(1)[0]!, time: 4_102_444_800 });
  await feed(engine, [line, line], [1], 1551);
  expect(engine.store.incidents.list({ state: 'open' })).toHaveLength(1);
  expect(engine.store.subjects.byName('alice')!.lastSeen).toBe(anomalous.at(-1)!.time);
  expect(notices.filter((text) => text.includes('a time in the future'))).toHaveLength(1);
});

it('explains an incident again that grows, where what is stored of its reason is damaged', async () => {
  const engine = engineOn(newState());
  const { store } = engine;
  const anomalous = stranger(150).map((action) => lineOf(action));
  await feed(engine, [...ordinary(1400).map((action) => lineOf(action)), ...anomalous.slice(0, 60)], [100]);
  const [open] = store.incidents.list({ state: 'open' });
  let grown = 0;
  for (const [n, line] of anomalous.slice(60).entries()) {
    const before = store.incidents.byId(open!.id)!;
    store.transaction(() => {
      store.incidents.extend(before.id, { ...before, explanation: { sentence: 7 } });
    });
    await feed(engine, [line], [1], 1461 + n);
    const after = store.incidents.byId(before.id)!;
    if (after.count === before.count) continue;
    grown++;
    expect(explanationOf(after)?.sentence).toMatch(/^alice: .+; stranger than /);
    expect(explanationOf(after)?.story?.acts).toBeGreaterThan(0);
    // How rare it is goes with its severity, which is that of its strangest moment.
    const { normal } = manifestOf(store.versions.active(after.subjectId, 'ocsvm'))!;
    expect(explanationOf(after)?.chance).toBe(chanceOf(normal, after.peak));
  }
  expect(grown).toBeGreaterThan(3);
});

it('tells of nearly all of a long incident, however long', async () => {
  const engine = engineOn(newState());
  const { store } = engine;
  const anomalous = stranger(150).map((action) => lineOf(action));
  await feed(
    engine,
    ordinary(1400).map((action) => lineOf(action)),
    [100],
  );
  const shares: number[] = [];
  for (const [n, line] of anomalous.entries()) {
    await feed(engine, [line], [1], 1401 + n);
    const [open] = store.incidents.list({ state: 'open' });
    const story = open && explanationOf(open)?.story;
    if (!open || !story) continue;
    const all = store.actions.after(open.subjectId, story.since - 1);
    shares.push(story.acts / [...all].filter(({ id }) => id <= open.lastAction).length);
  }
  expect(shares.length).toBeGreaterThan(100);
  expect(Math.min(...shares)).toBeGreaterThan(0.75);
});

it('says once what a log seems to be of which no line is a result', () => {
  const told: unknown[] = [];
  const engine = engineOn(newState(), {}, { notice: (text, noted) => told.push([text, noted]) });
  const line = 'I0725 17:20:00.123456  4711 scheduler.cpp:105] Executing scheduled query';
  engine.ingest(batchOf([line, line]));
  expect(told).toEqual([]);
  engine.ingest(batchOf([line, line], 3));
  engine.ingest(batchOf([line, line], 5));
  expect(told).toEqual([
    [expect.stringContaining('It seems to be osquery’s status log'), { what: 'log-foreign', why: 'status-log' }],
  ]);
});

it('after a stop at any moment it goes on as if it had never stopped', async () => {
  const whole = engineOn(newState());
  await feed(whole, everything, [100]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 18 }), { minLength: 1, maxLength: 3 }), async (stops) => {
      const state = newState();
      let engine = engineOn(state);
      let done = 0;
      for (const stop of stops) {
        const until = Math.min(everything.length, done + stop * 100);
        await feed(engine, everything.slice(done, until), [100], done + 1);
        done = until;
        engine = reopen(engine, state);
        expect(engine.checkpoint('/var/log/test.log')?.line).toBe(done);
      }
      await feed(engine, everything.slice(done), [100], done + 1);
      expect(contents(engine)).toEqual(contents(whole));
    }),
    { numRuns: 6 },
  );
});

it('stores nothing of a batch that fails, and takes it whole the next time', async () => {
  const engine = engineOn(newState());
  await feed(engine, everything.slice(0, 1200), [100]);
  const before = contents(engine);
  const bad = {
    ...batchOf(everything.slice(1200, 1300), 1201),
    checkpoint: { ...batchOf([], 1).checkpoint, line: NaN, offset: NaN },
  };
  expect(() => {
    engine.ingest(bad);
  }).toThrow();
  expect(contents(engine)).toEqual(before);
  await feed(engine, everything.slice(1200), [100], 1201);
  const other = engineOn(newState());
  await feed(other, everything, [100]);
  expect(contents(engine)).toEqual(contents(other));
});

it('waits for what can be learned: heartbeats and first results do not count', async () => {
  const engine = engineOn(newState());
  const beat = { query: 'heartbeat', change: 'added', columns: { beat: '1' } } as const;
  const beats = Array.from({ length: 1500 }, (_, i) => lineOf({ ...beat, time: 1_750_000_000 + i }));
  await feed(engine, beats, [500]);
  expect(engine.store.versions.list()).toEqual([]);
  const own = ordinary(1000).map((action) => lineOf(action));
  await feed(engine, own.slice(0, 999), [333], 1501);
  expect(engine.store.versions.list()).toEqual([]);
  await feed(engine, own.slice(999), [1], 2500);
  expect(engine.store.versions.list()[0]).toMatchObject({
    afterAction: 2500,
    manifest: { training: { actions: 1000 } },
  });
});

it.each([
  ['null', () => 'null'],
  ['a number', () => '7'],
  [
    'of the pack, and without its training',
    () => JSON.stringify({ packFingerprint: pack.fingerprint, format: FORMAT }),
  ],
])('trains a user again whose model says what no manifest is: %s', async (_, manifest) => {
  const state = newState();
  const engine = engineOn(state);
  await feed(engine, everything.slice(0, 1000), [500]);
  engine.close();
  open.splice(open.indexOf(engine), 1);
  const database = new DatabaseSync(join(state, 'ubad.db'));
  expect(database.prepare('UPDATE versions SET manifest = ?').run(manifest()).changes).toBe(1);
  database.close();
  const again = engineOn(state);
  await feed(again, everything.slice(1000, 1100), [50], 1001);
  const [old, young] = again.store.versions.list();
  expect([manifestOf(old), manifestOf(young)]).toEqual([undefined, expect.objectContaining({ subject: 'alice' })]);
  expect(young?.active).toBe(true);
});

it('neither repeats nor loses a line when a disk fills up while a model is stored', async () => {
  let room = false;
  const engine = engineOn(newState(), {
    train: (past, request) => {
      if (!room) throw new StoreFull('no room');
      return trainHere(past, request);
    },
  });
  engine.ingest(batchOf(everything.slice(0, 1000)));
  await expect(engine.trainDue()).rejects.toThrow(StoreFull);
  room = true;
  await engine.trainDue();
  expect(engine.store.versions.list()).toHaveLength(1);
  expect((contents(engine) as { lines: number[] }).lines).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
});

it('learns each user apart, and the host what no user did', () => {
  const engine = engineOn(newState(), { subject: undefined as never });
  const of = (uid: string, name: string): string =>
    lineOf({ query: 'users', change: 'added', time: 1_750_000_000, columns: { uid, username: name } }, 0);
  const start = (uid: string): string =>
    lineOf({ query: 'process_start', change: 'added', time: 1_750_000_001, columns: { uid, name: 'ls' } });
  engine.ingest(
    batchOf([of('1000', 'alice'), of('1001', 'bob'), start('1000'), start('1001'), start('0'), start('4242')]),
  );
  const counts = engine.store.subjects.list().map(({ name, stored }) => [name, stored]);
  expect(counts).toEqual(
    expect.arrayContaining([
      ['alice', 2],
      ['bob', 2],
      ['host:desk', 1],
      ['uid:4242', 1],
    ]),
  );
});

describe('a model that cannot be used', () => {
  it('is passed over with its reason, for the version before', async () => {
    const state = newState();
    let engine = engineOn(state);
    await feed(
      engine,
      ordinary(2100).map((action) => lineOf(action)),
      [100],
    );
    const versions = engine.store.versions.list();
    expect(versions.length).toBeGreaterThan(1);
    writeFileSync(join(versions.at(-1)!.folder, 'ocsvm.model'), 'nonsense');
    const notices: string[] = [];
    engine = reopen(engine, state, {}, { notice: (text) => notices.push(text) });
    engine.ingest(batchOf([lineOf(ordinary(2101).at(-1)!)], 2101));
    expect(notices.join()).toMatch(/ocsvm.model is not what was written. Train again or roll back/);
    expect(engine.store.scores.of(2101)).toBeDefined();
  });

  it('is trained again when the pack asks for other features', async () => {
    const state = newState();
    let engine = engineOn(state);
    await feed(engine, everything.slice(0, 1000), [100]);
    const notices: string[] = [];
    const fingerprints = new Map([...pack.fingerprints, ['connections', 'other'] as const]);
    const other = { ...pack, fingerprints };
    engine = reopen(engine, state, { pack: other }, { notice: (text) => notices.push(text) });
    await engine.trainDue();
    expect(notices.join()).toMatch(/other queries or features/);
    expect(engine.store.versions.list().at(-1)!.manifest).toMatchObject({ trainedOn: { connections: 'other' } });
  });

  it('leaves no folder behind that no version names', async () => {
    const state = newState();
    const engine = engineOn(state);
    await feed(engine, everything.slice(0, 1000), [100]);
    writeFileSync(join(state, 'models', '.unfinished-x'), '');
    reopen(engine, state);
    expect(readdirSync(join(state, 'models'))).toHaveLength(1);
  });
});
