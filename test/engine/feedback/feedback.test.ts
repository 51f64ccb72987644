import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { fusedEngine } from '../../../models/fused.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import { giveFeedback, undoFeedback } from '../../../src-main/engine/feedback/feedback.ts';
import { previewOf, type Preview } from '../../../src-main/engine/feedback/preview.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { scopeOf, type Scope } from '../../../src-main/engine/feedback/scope.ts';
import type { Incident, Verdict } from '../../../src-main/engine/store/incidents.ts';
import { loadVersion } from '../../../src-main/engine/model-lifecycle/versions.ts';
import { ordinary } from '../../models/ordinary.ts';
import { scratch } from '../../scratch.ts';
import { batchOf, lineOf } from '../log-lines.ts';

const pack = defaultPack();
const sensitivity = { alertsPerDay: 1 / 7 };
const NOW = 1_800_000_000;
const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.close();
});

const all = ordinary(2600);
/** Ordinary work, and at every third action something that was never seen. */
const odd = (from: number): Action[] =>
  all
    .slice(from, from + 150)
    .map((action, i) =>
      i % 3 === 2 ? { ...action, query: 'programs', columns: { name: 'rsync', path: '/opt/backup/rsync' } } : action,
    );

/** An engine that learned a user, and has seen the odd thing once. */
async function surprised(): Promise<{ engine: Engine; lines: number; incident: Incident }> {
  const opened = Engine.open({
    state: join(scratch(), 'state'),
    pack,
    algorithm: 'ocsvm',
    seed: 1,
    windowLength: 50,
    trainAfter: 1000,
    sensitivity,
    subject: 'alice',
    math: fusedEngine(),
    now: () => NOW,
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  open.push(engine);
  await feed(engine, all.slice(0, 1400), 0);
  await feed(engine, odd(1400), 1400);
  await feed(engine, all.slice(1550, 1800), 1550);
  const incidents = engine.store.incidents.list();
  expect(incidents).toHaveLength(1);
  return { engine, lines: 1800, incident: incidents[0]! };
}

async function feed(engine: Engine, actions: readonly Action[], first: number): Promise<void> {
  const lines = actions.map((action) => lineOf(action));
  for (let at = 0; at < lines.length; at += 50) {
    engine.ingest(batchOf(lines.slice(at, at + 50), first + at + 1));
    await engine.trainDue();
  }
}

const give = (
  engine: Engine,
  incident: Incident,
  verdict: Verdict,
  scope?: Scope,
  expires: number | null = null,
): number =>
  engine.store.transaction(() =>
    giveFeedback(engine.store, { incident, verdict, expires, ...(scope && { scope }) }, NOW),
  );

function scoresAfter(engine: Engine, line: number): (number | undefined)[] {
  const subject = engine.store.subjects.byName('alice')!;
  return [...engine.store.actions.after(subject.id, 0)]
    .filter((stored) => stored.line > line)
    .map(({ id }) => engine.store.scores.of(id)?.window);
}

const program: Scope = { program: '/opt/backup/rsync' };

describe('a rule', () => {
  it('"normal" hides what it fits at once, and nothing else', async () => {
    const { engine, lines, incident } = await surprised();
    give(engine, incident, 'normal', program);
    await feed(engine, odd(1800), lines);
    expect(engine.store.incidents.list()).toHaveLength(1);
    const other = odd(1950).map((action) =>
      action.columns.name === 'rsync' ? { ...action, columns: { name: 'nc', path: '/tmp/nc' } } : action,
    );
    await feed(engine, other, lines + 150);
    expect(engine.store.incidents.list()).toHaveLength(2);
  });

  it('is undone exactly: what comes after is judged as if it had never been', async () => {
    const [never, undone] = [await surprised(), await surprised()];
    await feed(never.engine, odd(1800), never.lines);
    const rule = give(undone.engine, undone.incident, 'normal', program);
    await feed(undone.engine, odd(1800), undone.lines);
    undone.engine.store.transaction(() => undoFeedback(undone.engine.store, rule, NOW));
    for (const { engine } of [never, undone]) await feed(engine, all.slice(1950, 2500), 1950);
    expect(scoresAfter(undone.engine, 1950)).toEqual(scoresAfter(never.engine, 1950));
    expect(undone.engine.store.incidents.byId(undone.incident.id)!.verdict).toBeNull();
  });

  it('ends when it expires', async () => {
    const { engine, lines, incident } = await surprised();
    give(engine, incident, 'normal', program, all[1800]!.time);
    await feed(engine, odd(1800), lines);
    expect(engine.store.incidents.list()).toHaveLength(2);
  });

  it('"suspicious" opens an alert at the first action that it fits', async () => {
    const { engine, lines, incident } = await surprised();
    const named = (name: string): Action[] =>
      all.slice(1800).filter(({ columns }) => (columns.name === 'vim') === (name === 'vim'));
    const vim = { ...named('vim')[0]!, time: all[1900]!.time };
    give(engine, incident, 'suspicious', scopeOf(vim, 'action', pack.learning));
    await feed(engine, [...named('others').slice(0, 20), vim], lines);
    expect(engine.store.incidents.list()[0]).toMatchObject({
      state: 'open',
      lastTime: vim.time,
      band: 'medium',
      count: 1,
    });
  });

  it('is previewed on what was: the incident of its program would have been hidden, another not', async () => {
    const { engine, incident } = await surprised();
    const model = () =>
      loadVersion(
        engine.store,
        incident.subjectId,
        'ocsvm',
        pack,
        (manifest) => ({ ...manifest, math: fusedEngine() }),
        () => undefined,
      )?.model;
    const history = { store: engine.store, pack, sensitivity, windowLength: 50, model };
    const of = (scope: Scope): Preview => previewOf(history, incident, scope, 30, incident.lastTime + 1);
    expect(of(program)).toMatchObject({
      days: 30,
      incidents: { [incident.band]: 1 },
      hidden: { [incident.band]: 1 },
      own: { hidden: true, why: { id: 'hides.this' } },
      fits: { id: 'hides.fits', values: { n: 1800, fits: 50, user: 'alice' } },
    });
    expect(of(program).alerts.map(({ id }) => id)).toEqual([incident.id]);
    const elsewhere = of({ program: '/nowhere' });
    expect([elsewhere.alerts, elsewhere.own]).toEqual([
      [],
      { hidden: false, why: { id: 'hides.not.act', values: {} } },
    ]);
    expect(of({ program: 'vim' })).toMatchObject({ hidden: {} });
    expect(engine.store.feedback.list(incident.subjectId)).toEqual([]);
  });

  it('holds after a restart, too', async () => {
    const { engine, incident, lines } = await surprised();
    give(engine, incident, 'normal', program);
    await feed(engine, odd(1800), lines);
    const before = scoresAfter(engine, lines);
    const again = await surprised();
    give(again.engine, again.incident, 'normal', program);
    for (let at = 0; at < 150; at += 50) {
      await feed(again.engine, odd(1800).slice(at, at + 50), lines + at);
      // Said and taken back of nothing: the engine begins again from what is stored, as after a restart.
      const nothing = give(again.engine, again.incident, 'normal', {});
      again.engine.store.transaction(() => undoFeedback(again.engine.store, nothing, NOW));
    }
    expect(scoresAfter(again.engine, lines)).toEqual(before);
  });
});
