import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import type { AlertDetail } from '../../src-main/contract/alerts.ts';
import type { Explanation } from '../../src-main/engine/explanation/explain.ts';
import { batchOf, lineOf } from '../engine/log-lines.ts';
import { fill, incident, line, NOW } from '../engine/store/store-at.ts';
import { ordinary, stranger } from '../models/ordinary.ts';
import { openSession, type OpenSession } from './session-at.ts';

const ofOne = (count: number) => ordinary(count).filter(({ query }) => query === 'programs');

/** An explanation that names one action. */
function explained(id: number): Explanation {
  const action = { id, time: NOW, query: 'process_start', columns: { path: '/usr/bin/nc' }, score: 5 };
  return {
    sentence: 'alice: odd',
    factors: [],
    rest: 1,
    votes: [],
    familiar: [],
    surprises: [],
    nearest: [],
    actions: [action],
    rank: { share: 0.99, of: 'training' },
    chance: 0.01,
  };
}

/** alice with 20 actions, an alert on the tenth, and what was said of it; bob with three. */
async function furnished(): Promise<OpenSession & { alert: number; ids: number[]; said: number }> {
  const open = await openSession();
  const { store } = open.session.opened;
  const times = Array.from({ length: 20 }, (_, t) => NOW - 2000 + 100 * t);
  const { subject, ids } = fill(store, 'alice', times);
  fill(store, 'bob', [NOW - 300, NOW - 200, NOW - 100]);
  const [alert, said] = store.transaction(() => {
    const opened = store.incidents.open({
      ...incident(subject, ids[9]!, ids[9]!),
      firstTime: times[9]!,
      lastTime: times[9]!,
      band: 'high',
      explanation: explained(ids[9]!),
    });
    const scope = { program: '/usr/bin/git' };
    const rule = {
      at: times[0]!,
      subjectId: subject,
      incidentId: opened,
      verdict: 'normal',
      scope,
      expires: null,
    } as const;
    for (const [i, id] of ids.entries()) {
      store.scores.add({
        actionId: id,
        score: i / 10,
        window: i / 10,
        lstm: null,
        ocsvm: null,
        versionId: null,
        incidentId: i === 9 ? opened : null,
        anomalous: i === 9 || i === 12,
      });
    }
    return [opened, store.feedback.add(rule)];
  });
  return { ...open, alert, ids, said };
}

it('shows what came before and after the strangest action, with the rows and where they stood', async () => {
  const { calls, alert, ids } = await furnished();
  const detail: AlertDetail = await calls.alert(alert);
  expect(detail.before.map(({ id }) => id)).toEqual(ids.slice(4, 9));
  expect(detail.after.map(({ id }) => id)).toEqual(ids.slice(10, 15));
  expect(detail.before[0]).toMatchObject({
    columns: { path: '/usr/bin/git' },
    where: { host: 'desk', line: 5 },
    score: 0.4,
  });
  expect(detail.actions[0]!.where).toMatchObject({ line: 10 });
  expect(await calls.alertsById([alert, 999])).toMatchObject([{ id: alert, band: 'high' }]);
});

it('lists rules with what they hid, and everything that was said', async () => {
  const { calls, said, alert } = await furnished();
  const [rule, ...others] = await calls.rules(undefined);
  expect(others).toEqual([]);
  // The tenth stands in an alert; the thirteenth was as strange and stands in none.
  expect(rule).toMatchObject({
    id: said,
    user: 'alice',
    alert,
    scope: 'whatever /usr/bin/git does, and the command git',
    hid: { actions: 1, last: NOW - 800 },
  });
  expect(await calls.undo(said)).toBe(true);
  expect(await calls.rules(undefined)).toEqual([]);
  expect(await calls.feedback({ limit: 10 })).toMatchObject([{ id: said, undoneAt: expect.any(Number) as number }]);
  expect(await calls.feedback({ limit: 10, user: 'bob' })).toEqual([]);
});

it('searches rows and kinds, page by page, and takes nothing for a pattern', async () => {
  const { session, calls } = await openSession();
  const { store } = session.opened;
  store.transaction(() => {
    const alice = store.subjects.ensure('alice', NOW);
    const paths = ['/usr/bin/git', '/opt/100%/x', '/opt/"q"\\/y', '/usr/bin/GIT-shell'];
    store.actions.append(paths.map((path, i) => line(alice, i + 1, { time: NOW + i, columns: { path } })));
    store.actions.append([line(store.subjects.ensure('bob', NOW), 9, { query: 'usb', columns: { vendor: 'x' } })]);
  });
  const found = async (text: string, more = {}) =>
    (await calls.search({ text, limit: 10, ...more })).rows.map(({ columns }) => columns.path ?? 'usb');
  expect(await found('git')).toEqual(['/usr/bin/GIT-shell', '/usr/bin/git']);
  expect(await found('0%/')).toEqual(['/opt/100%/x']);
  expect(await found('%')).toEqual(['/opt/100%/x']);
  expect(await found('"q"\\')).toEqual(['/opt/"q"\\/y']);
  expect(await found('usb')).toEqual(['usb']);
  expect(await found('usb', { user: 'alice' })).toEqual([]);
  expect(await found('git', { from: NOW, to: NOW + 1 })).toEqual(['/usr/bin/git']);
  const first = await calls.search({ text: 'git', limit: 1 });
  expect(first.rows).toHaveLength(1);
  expect(await found('git', { before: first.next! })).toEqual(['/usr/bin/git']);
  expect((await calls.search({ text: 'git', limit: 10 })).next).toBeNull();
});

it('paints the overview of the stored users', async () => {
  const { session, calls } = await openSession();
  const { store, options } = session.opened;
  const now = options.now();
  const midnight = new Date().setHours(0, 0, 0, 0) / 1000;
  fill(store, 'alice', [midnight - 86_400 * 20, midnight - 100, midnight + 10, midnight + 20]);
  fill(store, 'bob', [midnight - 5]);
  const { users, totals, health } = await calls.overview(undefined);
  expect(users.map(({ name }) => name)).toEqual(['alice', 'bob']);
  expect(users[0]!.today).toHaveLength(48);
  expect(users[0]!.today[0]).toEqual({ actions: 2, peak: null, alert: false });
  expect(users[0]!.daily).toHaveLength(14);
  expect(users[0]!.daily.slice(-2)).toEqual([1, 2]);
  expect(totals).toMatchObject({ actions: 5, actionsToday: 2, openAlerts: 0, since: midnight - 86_400 * 20 });
  expect(health).toMatchObject({ lastLine: null, oldestModel: null });
  await calls.ingest(batchOf([lineOf({ query: 'usb', change: 'added', time: now - 7, columns: {} })]));
  expect((await calls.overview(undefined)).health.lastLine).toMatchObject({ time: now - 7 });
});

it('names what a model waits for, and how long at this pace', async () => {
  const { session, calls } = await openSession({ trainAfter: 3000 });
  fill(
    session.opened.store,
    'alice',
    Array.from({ length: 1240 }, (_, i) => NOW - 3 * 86_400 + i * ((3 * 86_400) / 1239)),
  );
  const [alice] = await calls.models(undefined);
  expect(alice).toMatchObject({
    user: 'alice',
    actions: 1240,
    calibration: null,
    versions: [],
    feedback: { rate: null },
  });
  if (alice!.state.state !== 'waiting' || alice!.state.reason !== 'too-few-actions') throw new Error('waits');
  expect(alice!.state).toMatchObject({ seen: 1240, needed: 3000 });
  expect(alice!.state.actionsPerDay).toBeCloseTo(1240 / 3, 0);
  expect(alice!.state.secondsLeft! / 86_400).toBeCloseTo(1760 / (1240 / 3), 1);
});

it('tells a pause that ended early as it was', async () => {
  const { session, calls } = await openSession();
  fill(session.opened.store, 'alice', [NOW]);
  await calls.recordPause({ from: (NOW - 600) * 1000, to: NOW * 1000 });
  await calls.recordPause({ from: (NOW - 600) * 1000, to: (NOW - 500) * 1000 });
  expect((await calls.spans({ from: NOW - 1000, to: NOW })).pauses).toEqual([{ from: NOW - 600, to: NOW - 500 }]);
  expect((await calls.spans({ from: NOW - 490, to: NOW })).pauses).toEqual([]);
});

it('forgets a user so that no file holds a word of it, and leaves others alone', async () => {
  const { session, calls, state } = await furnished();
  const gone = await calls.deleteUser('alice');
  expect(gone).toEqual({ actions: 20, alerts: 1, models: 0 });
  expect((await calls.status(undefined)).users.map(({ name }) => name)).toEqual(['bob']);
  expect(await calls.alerts({ limit: 10 })).toEqual([]);
  for (const file of ['ubad.db', 'ubad.db-wal']) {
    const path = join(state, file);
    if (existsSync(path)) expect(readFileSync(path).includes('alice'), file).toBe(false);
  }
  await expect(async () => calls.deleteUser('alice')).rejects.toMatchObject({ code: 'not-found' });
  // Whoever comes again begins again, under an id that is nobody else's.
  const again = fill(session.opened.store, 'alice', [NOW]);
  expect(session.opened.store.subjects.byId(again.subject)).toMatchObject({ name: 'alice', stored: 1 });
});

it('forgets the last hour: actions, alerts, what was said, and models that learned from it', async () => {
  const { session, calls } = await openSession({ algorithm: 'ocsvm', trainAfter: 1000 });
  const now = session.opened.options.now();
  const past = ofOne(2400).slice(0, 1300);
  const shifted = past.map((action, i) => ({ ...action, time: now - 7200 + i * 2 - (i < 1100 ? 86_400 : -2500) }));
  await calls.ingest(batchOf(shifted.slice(0, 1100).map((action) => lineOf(action))));
  await expect.poll(async () => (await calls.models(undefined))[0]!.versions.length, { timeout: 60_000 }).toBe(1);
  const user = (await calls.status(undefined)).users[0]!.name;
  await calls.ingest(
    batchOf(
      shifted.slice(1100).map((action) => lineOf(action)),
      1101,
    ),
  );
  await calls.trainNow(user);
  await expect.poll(async () => (await calls.models(undefined))[0]!.versions.length, { timeout: 60_000 }).toBe(2);
  const [fresh, old] = (await calls.models(undefined))[0]!.versions;
  expect(fresh!.active).toBe(true);
  expect(old!.roles).toEqual(['reference']);
  expect(fresh!.change).toMatchObject({
    by: 'trained',
    actions: fresh!.training!.actions - old!.training!.actions,
    queries: { more: [], fewer: [] },
    detectors: { more: [], fewer: [] },
    loss: null,
    line: { was: old!.heldBack!.line, is: fresh!.heldBack!.line },
  });
  expect(fresh!.change!.words).toBeGreaterThanOrEqual(0);
  const { folder } = session.opened.store.versions.byId(fresh!.version)!;
  const gone = await calls.deleteSince({ seconds: 7200 });
  expect(gone).toMatchObject({ models: 1, actions: shifted.filter(({ time }) => time >= now - 7200).length });
  const [report] = await calls.models(undefined);
  expect(report!.versions).toMatchObject([{ version: old!.version, active: true }]);
  expect(existsSync(folder)).toBe(false);
  expect(report!.actions).toBe(1300 - gone.actions);
  expect(report!.state.state).toBe('ready');
});

it('exports all that is known of a user in pages that are one whole', async () => {
  const { session, calls } = await furnished();
  fill(
    session.opened.store,
    'alice',
    Array.from({ length: 4000 }, (_, i) => NOW + i),
  );
  const ids: number[] = [];
  let pages = 0;
  for (let after: number | null = 0; after !== null; pages++) {
    const page = await calls.exportUser({ user: 'alice', after });
    ids.push(...page.actions.map(({ id }) => id));
    if (after === 0)
      expect(page.about).toMatchObject({ alerts: [{ user: 'alice' }], feedback: [{ verdict: 'normal' }] });
    else expect(page.about).toBeNull();
    after = page.next;
  }
  expect(pages).toBe(3);
  expect(ids).toEqual(
    [...session.opened.store.actions.after(session.opened.store.subjects.byName('alice')!.id, 0)].map(({ id }) => id),
  );
});

it('keeps the losses of a training, and tells what the budget promised and what came', async () => {
  const { calls, notices } = await openSession({ algorithm: 'lstm', trainAfter: 1000 });
  const lines = [...ofOne(2600).slice(0, 1400), ...stranger(190)].filter(({ query }) => query === 'programs');
  await calls.ingest(batchOf(lines.slice(0, 1100).map((action) => lineOf(action))));
  await expect.poll(async () => (await calls.models(undefined))[0]!.state.state, { timeout: 120_000 }).toBe('ready');
  await calls.ingest(
    batchOf(
      lines.slice(1100).map((action) => lineOf(action)),
      1101,
    ),
  );
  const [report] = await calls.models(undefined);
  const { curves, heldBack, diskBytes, problem } = report!.versions[0]!;
  expect(curves.lstm, 'a loss a slice').toHaveLength(30);
  expect(curves.lstm!.at(-1)).toBeLessThan(curves.lstm![0]!);
  const { heldOutCurves, spreads, tuning, roles, change } = report!.versions[0]!;
  expect(heldOutCurves.lstm, 'what was held out, beside it').toHaveLength(30);
  expect(heldOutCurves.lstm!.at(-1)).toBeLessThan(heldOutCurves.lstm![0]!);
  for (const spread of [spreads.all, spreads.detectors.lstm!]) {
    expect(spread).toHaveLength(7);
    expect([...spread].sort((a, b) => a - b)).toEqual(spread);
  }
  expect(tuning).toMatchObject({ units: 64, epochs: null });
  expect([roles, change]).toEqual([['judging', 'reference'], null]);
  const week = await calls.errors(report!.user);
  expect(week.to - week.from).toBe(7 * 86_400);
  expect(week.alarm).toBe(heldBack!.line);
  expect(Math.max(...week.hours.map(({ all }) => all))).toBeGreaterThan(week.alarm!);
  expect(week.hours.every(({ lstm, ocsvm }) => lstm !== null && ocsvm === null)).toBe(true);
  expect(week.hours.some(({ alert }) => alert !== null)).toBe(true);
  expect(heldBack!.stretches).toBeGreaterThan(5);
  expect(diskBytes).toBeGreaterThan(10_000);
  expect(problem).toBeNull();
  expect(report!.calibration).toMatchObject({ line: heldBack!.line, budgetPerDay: 1 / 7 });
  expect(report!.calibration!.came).toBe((await calls.alerts({ limit: 100 })).length);
  expect(report!.drift.lstm).toMatchObject({ spread: expect.any(Number) as number });
  expect(notices).toEqual([]);
});
