/** Rows that are JSON and no more what was written: each says so where it is asked for, and all else is shown. */
import { spawnSync } from 'node:child_process';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { openStore } from '../../src-main/engine/store/open.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { incident, fill, newFolder, NOW } from '../engine/store/store-at.ts';
import { openSession } from './session-at.ts';

const whole = {
  sentence: 'alice: odd',
  factors: [],
  rest: 1,
  votes: [],
  familiar: [],
  surprises: [],
  nearest: [],
  actions: [{ id: 1, time: NOW, query: 'process_start', columns: { path: '/usr/bin/nc' }, score: 5 }],
  rank: { share: 0.99, of: 'training' },
  chance: 0.01,
};
const damagedReasons: readonly unknown[] = [
  null,
  7,
  'text',
  [],
  {},
  { sentence: 'alone' },
  { ...whole, actions: null },
  { ...whole, actions: [null] },
  { ...whole, actions: [{ id: 1 }] },
  { ...whole, rank: null },
  { ...whole, rank: { share: 0.5, of: 'nothing' } },
  { ...whole, sentence: { a: 1 } },
  { ...whole, factors: [{ text: 7, share: 1, by: {} }] },
  { ...whole, factors: [{ text: '', share: 1 }] },
  { ...whole, votes: [{ detector: 'lstm', z: '3', share: 1 }] },
  { ...whole, chance: 'none' },
  { ...whole, story: 'once' },
  { ...whole, story: { headline: { id: 7, values: {} } } },
];
const damagedManifests: readonly unknown[] = [null, 7, 'text', [], {}, { format: 4 }, { format: 4, normal: null }];

/** An alert of alice's whose reason is as given, and one of bob's that is whole. */
function alertsIn(store: Store, explanation: unknown): { damaged: number; sound: number } {
  const [alice, bob] = ['alice', 'bob'].map((name) => fill(store, name, [NOW - 20, NOW - 10]));
  return store.transaction(() => {
    const opened = [alice!, bob!].map(({ subject, ids }, at) =>
      store.incidents.open({
        ...incident(subject, ids[0]!, ids[1]!),
        band: 'high',
        explanation: at === 0 ? explanation : whole,
      }),
    );
    return { damaged: opened[0]!, sound: opened[1]! };
  });
}

const said = (id: number): string =>
  `Why alert ${id} came cannot be told: what was stored of it is damaged. Look at its time in the timeline.`;

it.each(damagedReasons.map((reason) => [JSON.stringify(reason).slice(0, 60), reason]))(
  'tells of an alert whose stored reason is none, and shows all others: %s',
  async (_, reason) => {
    const { session, calls } = await openSession();
    const { damaged, sound } = alertsIn(session.opened.store, reason);
    expect(await calls.alerts({ limit: 10 })).toMatchObject([
      { id: sound, user: 'bob', sentence: 'alice: odd' },
      { id: damaged, user: 'alice', band: 'high', sentence: said(damaged), headline: null },
    ]);
    await expect(async () => calls.alert(damaged)).rejects.toMatchObject({ code: 'failed', message: said(damaged) });
    await expect(async () => calls.preview({ alert: damaged, kinds: ['action'] })).rejects.toThrow(said(damaged));
    expect(await calls.alert(sound)).toMatchObject({ id: sound, rank: { share: 0.99 } });
    expect((await calls.status(undefined)).lastAlerts).toHaveLength(2);
    expect((await calls.overview(undefined)).users.map(({ name }) => name)).toEqual(['alice', 'bob']);
    session.opened.store.transaction(() => {
      session.opened.store.incidents.close(damaged, NOW);
    });
    expect(await calls.missed(0)).toMatchObject({ alertEvents: [{ id: damaged, act: 'other', rank: null }] });
    // A person may say of it what they know all the same.
    expect(await calls.mark({ alert: damaged, kinds: [], verdict: 'normal', days: null })).toBeGreaterThan(0);
  },
);

it('never throws anything but that, whatever JSON stands there', async () => {
  const { session, calls } = await openSession();
  const { store } = session.opened;
  const { subject, ids } = fill(store, 'alice', [NOW - 20, NOW - 10]);
  const bent = fc
    .tuple(fc.constantFrom(...Object.keys(whole)), fc.jsonValue())
    .map(([name, value]) => ({ ...whole, [name]: value }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.jsonValue(), bent), async (reason) => {
      const id = store.transaction(() =>
        store.incidents.open({ ...incident(subject, ids[0]!, ids[1]!), explanation: reason }),
      );
      const [row] = await calls.alerts({ limit: 1 });
      if (row!.sentence !== said(id)) await calls.alert(id);
      else await expect(async () => calls.alert(id)).rejects.toThrow(said(id));
    }),
    { numRuns: 200 },
  );
});

/** A version of alice's whose manifest is as given, in use. */
function versionIn(store: Store, manifest: unknown): number {
  const { subject, ids } = fill(store, 'alice', [NOW - 20, NOW - 10]);
  return store.transaction(() => {
    const version = store.versions.add({
      subjectId: subject,
      createdAt: NOW,
      algorithm: 'lstm',
      folder: '/nonexistent/model',
      manifest,
      afterAction: ids[1]!,
    });
    store.versions.activate(version);
    return version;
  });
}
const problem = 'What the database says of it is damaged: go back to another version, or train it again.';

it.each(damagedManifests.map((manifest) => [JSON.stringify(manifest), manifest]))(
  'tells of a model whose stored manifest is none, and shows all else: %s',
  async (_, manifest) => {
    const { session, calls } = await openSession({ algorithm: 'lstm' });
    const version = versionIn(session.opened.store, manifest);
    fill(session.opened.store, 'bob', [NOW - 5]);
    const [alice, bob] = await calls.models(undefined);
    expect(alice).toMatchObject({
      user: 'alice',
      calibration: null,
      drift: {},
      state: { state: 'unusable', reason: problem },
      versions: [{ version, training: null, curves: {}, heldBack: null, problem }],
    });
    expect(bob).toMatchObject({ user: 'bob', versions: [] });
  },
);

it('says of a model of another format which it is, and what it was trained on', async () => {
  const { session, calls } = await openSession({ algorithm: 'lstm' });
  const training = { actions: 700, from: 1, to: 2 };
  versionIn(session.opened.store, { format: 3, training });
  const [{ versions } = { versions: [] }] = await calls.models(undefined);
  expect(versions).toMatchObject([{ training, problem: 'It is of model format 3, this program reads 4.' }]);
});

it('says the same on the command line', () => {
  const state = newFolder();
  const opened = openStore(state, { now: NOW });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { damaged, sound } = alertsIn(opened.store, { sentence: 7 });
  versionIn(opened.store, { format: 4 });
  opened.store.close();
  const ubad = (...words: string[]) =>
    spawnSync(process.execPath, ['src-main/cli.ts', ...words, '--state', state], {
      encoding: 'utf8',
      env: { ...process.env, XDG_CONFIG_HOME: state, XDG_STATE_HOME: state, COLUMNS: '300' },
    });
  const list = ubad('alerts', 'list');
  expect([list.status, list.stdout]).toEqual([0, expect.stringMatching(/alice: odd[^]*cannot be told/)]);
  expect(ubad('alerts', 'show', String(sound)).stdout).toContain(
    'bob: A program was started: git (keeps versions of files), never before',
  );
  const show = ubad('alerts', 'show', String(damaged));
  expect([show.status, show.stderr]).toEqual([1, `ubad: ${said(damaged)}\n`]);
  const status = ubad('status');
  expect([status.status, status.stdout]).toEqual([0, expect.stringContaining(`the model of alice: ${problem}`)]);
  expect(status.stdout).toMatch(/^bob /m);
  const bundle = ubad('diagnostics', `${state}/bundle.json`);
  expect([bundle.status, bundle.stderr]).toEqual([0, '']);
});
