import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { OwnLog } from '../../src-main/own-log/own-log.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

const folder = scratch();
// Words that stand nowhere else, in each place where a person's can stand.
const at = (name: string): string => join(folder, 'zinnia-home', name);
const [state, user, host] = [at('echidna-state'), 'quokka', 'wombat-desk'];
const past = ordinary(700).map((action) => ({
  ...action,
  columns: { ...action.columns, cmdline: '/opt/xylophone --tune' },
}));

/** Texts with a letter, from four characters on: numbers are told. */
const wordsIn = (text: string): string[] =>
  text.match(/[\p{L}\p{N}_.-]{4,}/gu)?.filter((one) => /\p{L}/u.test(one)) ?? [];

function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words], { encoding: 'utf8', env: environment });
}

let bundle = '';

beforeAll(async () => {
  mkdirSync(at(''), { recursive: true });
  const opened = Engine.open(
    {
      state,
      pack: defaultPack(),
      math: fusedEngine(),
      algorithm: 'ocsvm',
      seed: 1,
      windowLength: 50,
      trainAfter: 700,
      sensitivity: { alertsPerDay: 1 },
      subject: user,
      now: () => past.at(-1)!.time,
    },
    {},
  );
  if (!opened.ok) throw new Error(opened.problem.message);
  const { engine } = opened;
  const lines = past.map((action) => lineOf(action).replace('"desk"', `"${host}"`));
  const own = JSON.stringify({
    name: 'pack_marmoset_query',
    hostIdentifier: host,
    unixTime: past.at(-1)!.time,
    epoch: 0,
    counter: 1,
    columns: { path: '/srv/pangolin' },
    action: 'added',
  });
  const texts = [...lines, own, own.replace('"counter":1', '"counter":9'), '{"name":"axolotl', 'narwhal'];
  const met = { path: at('capybara.log'), device: '1', inode: '2', fingerprint: '', fingerprintBytes: 0 };
  engine.ingest({
    lines: texts.map((text, t) => ({ number: t + 1, text })),
    refused: [],
    checkpoint: { ...met, offset: 1, line: texts.length },
  });
  await engine.trainDue();
  engine.close();
  const log = new OwnLog({ folder: state, from: 'worker' });
  log.logEvent({ what: 'not-stored', why: 'full' });
  log.failed(new Error(`${at('capybara.log')} of ${user} on ${host}`));
  // Whoever wrote there: it is looked at again.
  appendFileSync(join(state, 'ubad.log'), `${JSON.stringify({ what: 'stopped', user })}\n${host}\n`);
  const { status, stderr } = ubad('diagnostics', at('bundle.json'), '--state', state);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  bundle = readFileSync(at('bundle.json'), 'utf8');
});

describe('a bundle of diagnostics', () => {
  it('holds no word of a stored action, user, host or path', () => {
    const stored = past.flatMap(({ columns }) => Object.values(columns)).join('\n');
    const places = [state, homedir(), hostname(), user, host, 'marmoset pangolin axolotl narwhal capybara'].join('\n');
    const own = new Set([...wordsIn(stored), ...wordsIn(places)]);
    for (const word of ['xylophone', 'quokka', 'wombat-desk', 'zinnia-home', 'capybara']) expect(own).toContain(word);
    const lower = bundle.toLowerCase();
    expect([...own].filter((word) => lower.includes(word.toLowerCase()))).toEqual([]);
  });

  it('tells what helps to find a fault', () => {
    const told = JSON.parse(bundle) as Record<string, unknown>;
    expect(told).toMatchObject({
      format: 'ubad diagnostics',
      version: 1,
      node: process.version,
      settings: { trainAfter: 3000 },
      log: [
        { level: 'error', from: 'worker', what: 'not-stored', why: 'full' },
        { level: 'error', from: 'worker', what: 'failed', error: 'Error' },
      ],
      store: {
        problem: null,
        users: [{ user: 1, kind: 'name' }],
        models: [{ user: 1, algorithm: 'ocsvm', active: true, usable: true }],
        refused: [{ log: 'log 1', reason: 'not-json', count: 2 }],
        read: [{ line: past.length + 4 }],
      },
    });
    const { doctor } = told as { doctor: { id: string; state: string }[] };
    expect(doctor.map(({ id }) => id)).toEqual(expect.arrayContaining(['osquery-running', 'log-readable']));
  });

  it('is private, takes the place of nothing, and says when there is no store', () => {
    expect((statSync(at('bundle.json')).mode & 0o777).toString(8)).toBe('600');
    expect(ubad('diagnostics', at('bundle.json'), '--state', state)).toMatchObject({ status: 2, stdout: '' });
    expect(ubad('diagnostics', at('empty.json'), '--state', at('nothing'))).toMatchObject({ status: 0 });
    expect(JSON.parse(readFileSync(at('empty.json'), 'utf8'))).toMatchObject({ store: { problem: 'missing' } });
  });
});
