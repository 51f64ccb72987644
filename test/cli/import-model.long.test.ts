/** `ubad models import` takes in what is a model of that user, and nothing else; the good one stays in use. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { beforeAll, expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import type { EngineOptions } from '../../src-main/engine/options.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const past = ordinary(1200);

function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
  const where = words.includes('--state') ? [] : ['--state', at('state')];
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words, ...where], {
    encoding: 'utf8',
    env: environment,
    timeout: 30_000,
  });
}

beforeAll(async () => {
  const options: EngineOptions = {
    state: at('state'),
    pack: defaultPack(),
    math: fusedEngine(),
    algorithm: 'ocsvm',
    seed: 1,
    windowLength: 50,
    trainAfter: 900,
    sensitivity: { alertsPerDay: 1 },
    subject: 'alice',
    now: () => past.at(-1)!.time,
  };
  const opened = Engine.open(options);
  if (!opened.ok) throw new Error(opened.problem.message);
  const met = { path: at('a.log'), device: '1', inode: '1', fingerprint: '', fingerprintBytes: 0 };
  const lines = past.map((action, a) => ({ number: a + 1, text: lineOf(action) }));
  opened.engine.ingest({ lines, refused: [], checkpoint: { ...met, offset: 1, line: lines.length } });
  await opened.engine.trainDue();
  opened.engine.close();
  expect(ubad('models', 'export', '1', at('good'))).toMatchObject({ status: 0 });
});

const active = (): number[] =>
  (JSON.parse(ubad('models', 'list', '--json').stdout) as { version: number; active: boolean }[])
    .filter((one) => one.active)
    .map(({ version }) => version);

/** Changes the copy's manifest, with right sums of whatever the files are then. */
function signed(copy: string, change: (manifest: Record<string, unknown>) => object): void {
  const path = join(copy, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const files = Object.fromEntries(
    Object.keys(manifest.files as object).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(copy, name)))
        .digest('hex'),
    ]),
  );
  writeFileSync(path, JSON.stringify({ ...manifest, files, ...change(manifest) }));
}

const of = (changes: object) => (copy: string) => {
  signed(copy, () => changes);
};

it.each<[string, (copy: string) => void, RegExp]>([
  ['no files', of({ files: {} }), /not a model's manifest/],
  ['no length of a window', of({ windowLength: undefined }), /not a model's manifest/],
  ['a number for a user', of({ subject: 5 }), /not a model's manifest/],
  ['a foreign algorithm', of({ algorithm: 'oracle' }), /not a model's manifest/],
  ['an algorithm that its files are not of', of({ algorithm: 'both' }), /not taken in/],
  ['a normal of somebody else', of({ normal: { maxima: [9, 9], days: 3 } }), /of two models/],
  [
    'a file cut short, with the right sum',
    (copy) => {
      truncateSync(join(copy, 'ocsvm.windows.bin'), 7);
      signed(copy, () => ({}));
    },
    /not taken in: it cannot be loaded/,
  ],
  [
    'a file of noise, with the right sum',
    (copy) => {
      writeFileSync(join(copy, 'ocsvm.json'), '{"mean":1e999}');
      signed(copy, () => ({}));
    },
    /not taken in: it cannot be loaded/,
  ],
  [
    'a pipe for a file',
    (copy) => {
      rmSync(join(copy, 'encoder.json'));
      spawnSync('mkfifo', [join(copy, 'encoder.json')]);
    },
    /encoder\.json is missing or unreadable \(not a regular file\)/,
  ],
  [
    'a pipe for a manifest',
    (copy) => {
      rmSync(join(copy, 'manifest.json'));
      spawnSync('mkfifo', [join(copy, 'manifest.json')]);
    },
    /no readable manifest\.json \(not a regular file\)/,
  ],
  [
    'a link to what never ends',
    (copy) => {
      rmSync(join(copy, 'ocsvm.model'));
      symlinkSync('/dev/zero', join(copy, 'ocsvm.model'));
    },
    /not a regular file/,
  ],
  [
    'a file that is too large',
    (copy) => {
      truncateSync(join(copy, 'ocsvm.model'), 200 * 1024 * 1024 * 1024);
    },
    /too large/,
  ],
  [
    'a manifest that is too large',
    (copy) => {
      truncateSync(join(copy, 'manifest.json'), 200 * 1024 * 1024 * 1024);
    },
    /too large/,
  ],
])('%s: refused with a sentence', (name, spoil, told) => {
  const copy = at(name.replaceAll(/\W/g, '-'));
  cpSync(at('good'), copy, { recursive: true });
  spoil(copy);
  const { status, stderr } = ubad('models', 'import', copy);
  expect({ status, stderr }).toEqual({ status: 4, stderr: expect.stringMatching(told) as string });
  expect(stderr).not.toMatch(/\n\s+at |SQLITE/);
  expect(active()).toEqual([1]);
});

it('a good one is taken in, and back goes a rollback', () => {
  expect(ubad('models', 'import', at('good'))).toMatchObject({ status: 0, stderr: '' });
  expect(active()).toEqual([2]);
  expect(ubad('models', 'rollback', '1')).toMatchObject({ status: 0 });
  mkdirSync(at('empty'));
  expect(ubad('models', 'import', at('empty'))).toMatchObject({ status: 4 });
  expect(active()).toEqual([1]);
  expect(readdirSync(at('state')).filter((name) => name.includes('corrupt'))).toEqual([]);
});

it('nobody was at work because a model was taken in: the user was last seen when its training ended', () => {
  const fresh = ['--state', at('fresh')];
  expect(ubad('models', 'import', at('good'), ...fresh)).toMatchObject({ status: 0 });
  const { training } = JSON.parse(readFileSync(join(at('good'), 'manifest.json'), 'utf8')) as {
    training: { to: number };
  };
  const { subjects } = JSON.parse(ubad('status', '--json', ...fresh).stdout) as { subjects: object[] };
  expect(subjects).toMatchObject([{ subject: 'alice', lastSeen: training.to }]);
});
