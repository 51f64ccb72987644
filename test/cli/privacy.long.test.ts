import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const state = at('state');
const past = ordinary(900);
// A word that stands nowhere else.
const SECRET = 'xylophonist';

function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
  const run = spawnSync(process.execPath, ['src-main/cli.ts', ...words], {
    encoding: 'utf8',
    env: environment,
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(run.stderr).not.toMatch(/\n\s+at /);
  return run;
}

/** Stores a user's actions and has a model made of them. */
async function live(subject: string, actions: typeof past): Promise<void> {
  const math = fusedEngine();
  const opened = Engine.open(
    {
      state,
      pack: defaultPack(),
      math,
      algorithm: 'ocsvm',
      seed: 1,
      windowLength: 50,
      trainAfter: 900,
      sensitivity: { alertsPerDay: 1 },
      subject,
      now: () => past.at(-1)!.time,
    },
    {},
  );
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  const met = { path: at(`${subject}.log`), device: '1', inode: subject, fingerprint: '', fingerprintBytes: 0 };
  const lines = actions.map((action, a) => ({ number: a + 1, text: lineOf(action) }));
  engine.ingest({ lines, refused: [], checkpoint: { ...met, offset: 1, line: lines.length } });
  await engine.trainDue();
  engine.close();
}

/** Files of the state folder that hold a word in any byte. */
const filesWith = (word: string): string[] =>
  readdirSync(state, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(state, name);
    return statSync(path).isFile() && readFileSync(path).includes(word);
  });

beforeAll(async () => {
  await live('alice', past);
  await live(
    'bob',
    past.map((action) => ({ ...action, columns: { ...action.columns, path: `/opt/${SECRET}` } })),
  );
});

it('exports all that is known of a user and nothing of another, also beside a writer', () => {
  const writer = openStore(state, { now: 1 });
  if (!writer.ok) throw new Error(writer.problem.message);
  const { stdout, stderr } = ubad('export', 'alice', '--state', state);
  writer.store.close();
  expect(stderr).toBe('');
  const all = JSON.parse(stdout) as { user: string; about: { models: unknown[] }; actions: { columns: unknown }[] };
  expect(all.user).toBe('alice');
  expect(all.about.models).toHaveLength(1);
  expect(all.actions.map(({ columns }) => columns)).toEqual(past.map(({ columns }) => columns));
  expect(stdout).not.toContain(SECRET);
});

it('writes an export to a new private file only', () => {
  expect(ubad('export', 'bob', '--state', state, '--out', at('bob.json'))).toMatchObject({ status: 0 });
  expect((statSync(at('bob.json')).mode & 0o777).toString(8)).toBe('600');
  expect((JSON.parse(readFileSync(at('bob.json'), 'utf8')) as { actions: unknown[] }).actions).toHaveLength(900);
  expect(ubad('export', 'bob', '--state', state, '--out', at('bob.json'))).toMatchObject({ status: 2 });
  expect(ubad('export', 'nobody', '--state', state)).toMatchObject({ status: 2, stdout: '' });
});

it('forgets nothing before it is told --yes', () => {
  const before = filesWith(SECRET);
  expect(before.length).toBeGreaterThan(1);
  expect(ubad('forget', 'bob', '--state', state).stdout).toContain('bob: 900 actions would be forgotten');
  expect(filesWith(SECRET)).toEqual(before);
  expect(ubad('forget', '--state', state)).toMatchObject({ status: 2 });
  expect(ubad('forget', 'nobody', '--yes', '--state', state)).toMatchObject({ status: 2 });
  expect(ubad('forget', '--last-hours', 'x', '--yes', '--state', state)).toMatchObject({ status: 2 });
});

it('leaves no word of a forgotten user in any file, and the others as they were', () => {
  const { status, stdout } = ubad('forget', 'bob', '--yes', '--json', '--state', state);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ deleted: true, actions: 900, alerts: 0, models: 1 });
  expect(filesWith(SECRET)).toEqual([]);
  const { subjects } = JSON.parse(ubad('status', '--json', '--state', state).stdout) as {
    subjects: { subject: string; actions: number; model: string }[];
  };
  expect(subjects).toMatchObject([{ subject: 'alice', actions: 900, model: 'ocsvm, version 1' }]);
});

it('forgets the latest hours of everybody, with the models that learned from them', () => {
  const newest = past.at(-1)!.time;
  const hours = (Date.now() / 1000 - newest) / 3600;
  const half = hours + (newest - past[450]!.time) / 3600;
  const { stdout } = ubad('forget', '--last-hours', String(half), '--yes', '--json', '--state', state);
  const { actions, models } = JSON.parse(stdout) as { actions: number; models: number };
  expect(actions).toBeGreaterThan(400);
  expect(actions).toBeLessThan(500);
  expect(models).toBe(1);
  expect(readdirSync(join(state, 'models'))).toEqual([]);
});
