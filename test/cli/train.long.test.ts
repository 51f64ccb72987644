/** What is enough to learn from is counted as the models count it, whichever way a training is asked for. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { batchOf, lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const SINCE = 1_750_000_000;

function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words], { encoding: 'utf8', env: environment });
}

const heartbeats = Array.from({ length: 640 }, (_, n) => {
  const time = SINCE + 300 * n;
  return lineOf({ query: 'heartbeat', change: 'added', time, columns: { beat: String(Math.floor(time / 300)) } });
});
const ofAnn = ordinary(700).map(({ columns: { uid: _uid, ...columns }, ...action }) =>
  lineOf({ ...action, columns: { ...columns, username: 'ann' } }),
);

/** A state folder with a database in it. */
function trainedState(): string {
  const state = at('foreign');
  const opened = openStore(state, { now: SINCE });
  if (opened.ok) opened.store.close();
  return state;
}

interface Report {
  readonly subject: string;
  readonly actions: number;
  readonly version: number | null;
  readonly problem?: string;
}
const reportsOf = (stdout: string): Report[] => (JSON.parse(stdout) as { trained: Report[] }).trained;

it('trains a person on a log of mostly heartbeats, and says of the machine what is missing', () => {
  writeFileSync(at('beating.log'), [...heartbeats, ...ofAnn].map((line) => `${line}\n`).join(''));
  const words = ['train', '--log', at('beating.log'), '--algorithm', 'ocsvm', '--state', at('beating'), '--json'];
  const { status, stdout } = ubad(...words);
  expect(status).toBe(0);
  expect(reportsOf(stdout)).toMatchObject([
    { subject: 'host:desk', actions: 0, version: null, problem: 'needs 500 actions to learn from and has 0' },
    { subject: 'ann', actions: 700, version: 1 },
  ]);
});

it('says what a log seems to be of which no line is a result, and never to give a longer one', () => {
  const line = 'I0725 17:20:00.123456  4711 scheduler.cpp:105] Executing scheduled query pack_user-behavior_users\n';
  writeFileSync(at('osqueryd.INFO'), line.repeat(9));
  writeFileSync(at('empty.log'), '');
  for (const command of ['train', 'score']) {
    const { status, stderr } = ubad(command, '--log', at('osqueryd.INFO'), '--state', trainedState());
    expect(stderr).toContain('It seems to be osquery’s status log');
    expect(stderr).toContain('Name the log of results, osqueryd.results.log.');
    expect(stderr).not.toMatch(/longer logs|no trained model/);
    expect(status).toBe(4);
    expect(ubad(command, '--log', at('empty.log'), '--state', trainedState()).stderr).toContain(
      'there is no line in it',
    );
  }
});

it('trains on a log of the simulator', () => {
  const log = at('simulated.log');
  expect(ubad('simulate', '--users', '1', '--days', '8', '--seed', '3', '--out', log).status).toBe(0);
  const state = at('simulated');
  const { status, stdout } = ubad('train', '--log', log, '--algorithm', 'ocsvm', '--state', state);
  expect(stdout).toMatch(/^host:\S+ +\d+ +ocsvm +– +– +needs 500 actions to learn from and has \d+$/m);
  expect(stdout).toMatch(/ trained$/m);
  expect(status).toBe(0);
});

it('trains on what is stored, and the status counts the same', () => {
  const state = at('stored');
  const opened = Engine.open({
    state,
    pack: defaultPack(),
    algorithm: 'ocsvm',
    seed: 1,
    windowLength: 50,
    trainAfter: 100_000,
    sensitivity: { alertsPerDay: 1 },
    math: fusedEngine(),
    now: () => SINCE + 1_000_000,
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  opened.engine.ingest(batchOf([...heartbeats, ...ofAnn]));
  opened.engine.close();
  const told = ubad('status', '--state', state).stdout;
  expect(told).toMatch(/^ann .*learning: 2300 more actions to learn from/m);
  expect(told).toMatch(/^host:desk .*learning: 3000 more actions to learn from/m);
  const { status, stdout } = ubad('train', '--algorithm', 'ocsvm', '--state', state, '--json');
  expect(reportsOf(stdout)).toMatchObject([
    { subject: 'ann', actions: 700, version: 1 },
    { subject: 'host:desk', actions: 0, version: null, problem: 'needs 500 actions to learn from and has 0' },
  ]);
  expect(status).toBe(0);
});
