/** The deleted user's name: in no file that the program keeps, and in no backup that is made afterwards. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { beforeAll, expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import type { EngineOptions } from '../../src-main/engine/options.ts';
import { giveFeedback } from '../../src-main/engine/feedback/feedback.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { OwnLog } from '../../src-main/own-log/own-log.ts';
import { incident } from '../engine/store/store-at.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

// A word that stands nowhere else.
const NAME = 'zebulonia';
const folder = scratch();
const state = join(folder, 'state');
const past = ordinary(900);

function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), NO_COLOR: '1' };
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words, '--state', state], {
    encoding: 'utf8',
    env: environment,
  });
}

const withName = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name);
    if (!statSync(path).isFile()) return false;
    const bytes = readFileSync(path);
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).includes(NAME);
  });

/** Rows of an account that the log itself tells, by uid and by name, and of another one. */
async function live(): Promise<void> {
  const options: EngineOptions = {
    state,
    pack: defaultPack(),
    math: fusedEngine(),
    algorithm: 'ocsvm',
    seed: 1,
    windowLength: 50,
    trainAfter: 900,
    sensitivity: { alertsPerDay: 1 },
    now: () => past.at(-1)!.time,
  };
  const ownLog = new OwnLog({ folder: state, from: 'watch' });
  const opened = Engine.open(options, {
    notice: (_, noted) => {
      ownLog.logEvent(noted);
    },
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  const users = [1501, 1502].map((uid) => {
    const username = uid === 1501 ? NAME : 'other';
    return lineOf({ query: 'users', change: 'added', time: past[0]!.time, columns: { uid: String(uid), username } });
  });
  const acts = past.flatMap((action) =>
    ['1501', '1502'].map((uid) => lineOf({ ...action, columns: { ...action.columns, uid } })),
  );
  const texts = [...users, ...acts, `no JSON, but of ${NAME}`];
  const met = { path: join(folder, 'results.log'), device: '1', inode: '1', fingerprint: '', fingerprintBytes: 0 };
  const lines = texts.map((text, l) => ({ number: l + 1, text }));
  engine.ingest({ lines, refused: [], checkpoint: { ...met, offset: 1, line: lines.length } });
  await engine.trainDue();
  const { store } = engine;
  const { id } = store.subjects.byName(NAME)!;
  const [first] = store.actions.after(id, 0);
  store.transaction(() => {
    const alert = store.incidents.byId(store.incidents.open(incident(id, first!.id, first!.id)))!;
    giveFeedback(store, { incident: alert, verdict: 'suspicious', expires: null }, 1);
    store.subjectState.setRejectedTraining(id, 1);
  });
  engine.close();
  ownLog.close();
}

beforeAll(async () => {
  await live();
  const remembered = { snoozed: { [NAME]: 1, other: 2 }, held: [{ id: 1, user: NAME, count: 1, band: 'low' }] };
  for (const file of ['desktop.json', 'browser.json']) {
    const path = join(folder, 'config', 'ubad', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(remembered));
  }
});

it('is in database, models and what the hosts remember before, and nowhere after; the other user stays', () => {
  expect(withName().map((name) => name.replace(/1-ocsvm-\w+/, 'model'))).toEqual(
    expect.arrayContaining(['state/ubad.db', 'state/models/model/manifest.json', 'config/ubad/desktop.json']),
  );
  expect(ubad('forget', NAME, '--yes')).toMatchObject({ status: 0, stderr: '' });
  // Not sealed and not packed: its bytes are the files'.
  expect(ubad('backup', join(folder, 'after.backup'))).toMatchObject({ status: 0 });
  expect(withName()).toEqual([]);
  const { subjects } = JSON.parse(ubad('status', '--json').stdout) as { subjects: { subject: string }[] };
  expect(subjects.map(({ subject }) => subject)).toEqual(['other']);
  expect(readFileSync(join(folder, 'config', 'ubad', 'browser.json'), 'utf8')).toContain('other');
});

it('tells of what was put aside earlier, which is not its own to delete', () => {
  writeFileSync(join(state, 'ubad.db.corrupt-20260101T000000Z'), NAME);
  const { stderr } = ubad('forget', 'other', '--yes');
  expect(stderr).toContain('ubad.db.corrupt-20260101T000000Z was put aside earlier and may still hold it');
});
