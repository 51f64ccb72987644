import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { settingNames } from '../../src-main/contract/settings.ts';
import { meanings } from '../../src-main/settings/meanings.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary, stranger } from '../models/ordinary.ts';
import { scratch } from '../scratch.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const past = ordinary(2600);
const log = (actions: typeof past): string => actions.map((action) => `${lineOf(action)}\n`).join('');
writeFileSync(at('past.log.gz'), gzipSync(log(past.slice(0, 2000))));
writeFileSync(at('later.log'), log([...past.slice(2000, 2300), ...stranger(150)]));

function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words], { encoding: 'utf8', env: environment });
}

function trained(state: string, algorithm = 'ocsvm'): string {
  const { status, stderr } = ubad(
    'train',
    '--log',
    at('past.log.gz'),
    '--subject',
    'alice',
    '--algorithm',
    algorithm,
    '--state',
    at(state),
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return at(state);
}

describe('train and score', () => {
  it.each(['lstm', 'ocsvm', 'both'])('finds the stranger with %s, and both the same bytes each time', (algorithm) => {
    // Both are trained twice: what each of them repeats is repeated there.
    const outs = (algorithm === 'both' ? ['one', 'two'] : ['one']).map((name) => {
      const state = trained(`${algorithm}-${name}`, algorithm);
      const out = at(`${algorithm}-${name}.jsonl`);
      const run = ubad(
        'score',
        '--log',
        at('later.log'),
        '--subject',
        'alice',
        '--learn',
        '--state',
        state,
        '--out',
        out,
      );
      expect(run).toMatchObject({ status: 0, stdout: '' });
      expect(run.stderr).toMatch(
        /^ubad: incidents in this output: \d+\. They are kept nowhere else: ubad alerts list shows those of ubad watch\n$/,
      );
      expect(ubad('alerts', 'list', '--state', state).stdout.trim().split('\n')).toHaveLength(1);
      return readFileSync(out, 'utf8');
    });
    expect(new Set(outs).size).toBe(1);
    const lines = outs[0]!
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, number | string | null>);
    expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 450 }, (_, i) => i + 1));
    expect(Object.keys(lines[0]!)).toEqual([
      'line',
      'time',
      'subject',
      'query',
      'lstm',
      'ocsvm',
      'score',
      'window',
      'severity',
      'incident',
    ]);
    expect(lines[0]!.lstm === null).toBe(algorithm === 'ocsvm');
    expect(lines[0]!.ocsvm === null).toBe(algorithm === 'lstm');
    expect(lines.at(-1)!.window).toBeGreaterThan(3);
    expect(lines.at(-1)!.incident).toBe(1);
    expect(lines[299]!.incident).toBeNull();
  });

  it('keeps what it learned only with --learn', () => {
    const state = trained('kept');
    const versions = (): number =>
      (JSON.parse(ubad('models', 'list', '--json', '--state', state).stdout) as unknown[]).length;
    ubad('score', '--log', at('later.log'), '--subject', 'alice', '--state', state, '--out', at('kept.jsonl'));
    expect(versions()).toBe(1);
    ubad(
      'score',
      '--log',
      at('later.log'),
      '--subject',
      'alice',
      '--learn',
      '--state',
      state,
      '--out',
      at('kept.jsonl'),
    );
    expect(versions()).toBe(2);
  });

  it('exports, deletes, imports and rolls back models', () => {
    const state = trained('models');
    expect(ubad('models', 'export', '1', at('exported'), '--state', state).status).toBe(0);
    expect(statSync(at('exported')).mode & 0o777).toBe(0o700);
    // Learned from a log, not from what is stored: whatever is stored later is new to it, also after a restart.
    expect(JSON.parse(ubad('models', 'show', '1', '--state', state).stdout)).toMatchObject({
      afterAction: 0,
      usable: true,
    });
    expect(ubad('models', 'import', at('exported'), '--subject', 'bob', '--state', state).stdout).toBe('version 2\n');
    expect(
      ubad('score', '--log', at('later.log'), '--subject', 'bob', '--state', state).stdout.split('\n'),
    ).toHaveLength(451);
    expect(ubad('models', 'rollback', '1', '--state', state).status).toBe(0);
    expect(ubad('models', 'delete', '2', '--state', state).status).toBe(0);
    writeFileSync(join(at('exported'), 'ocsvm.model'), 'changed');
    const refused = ubad('models', 'import', at('exported'), '--state', state);
    expect(refused).toMatchObject({ status: 4, stdout: '' });
    expect(refused.stderr).toMatch(/ocsvm\.model is not what was written/);
  });
});

describe('engines', () => {
  it.each([
    ['tfjs', 'TensorFlow.js '],
    ['libsvm-js', 'libsvm-js, LSTM by '],
  ])('trains with %s, says what it computes with, and any engine goes on with the model', (engine, backend) => {
    const shared = ['--subject', 'alice', '--state', at(engine)];
    const run = ubad('train', '--log', at('past.log.gz'), '--algorithm', 'ocsvm', '--engine', engine, ...shared);
    expect(run.stderr).toContain(`ubad: engine ${engine}: ${backend}`);
    expect(run.status).toBe(0);
    expect(ubad('score', '--log', at('later.log'), ...shared)).toMatchObject({ status: 0, stderr: '' });
  });

  it('takes the engine of the configuration', () => {
    const file = at('engine.json');
    ubad('config', 'set', 'engine', 'libsvm-js', '--config', file);
    const run = ubad('score', '--log', at('later.log'), '--state', at('libsvm-js'), '--config', file);
    expect(run.stderr).toContain('ubad: engine libsvm-js: ');
  });
});

describe('what goes wrong is said in a sentence, with an exit code', () => {
  it.each([
    [2, ['score'], /required option '-l, --log <file...>'/],
    [2, ['train', '--log', 'x', '--algorithm', 'magic'], /Allowed choices are lstm, ocsvm, both/],
    [2, ['train', '--log', 'x', '--engine', 'steam'], /Allowed choices are fused, tfjs, libsvm-js/],
    [2, ['train', '--log', at('later.log'), '--seed', '-1'], /--seed «-1»: use a whole number/],
    [2, ['config', 'get', 'colour'], /no setting «colour»; there are log, algorithm/],
    [2, ['config', 'set', 'alarm', '99'], /alarm.* must be <= 8/],
    [
      2,
      ['config', 'set', 'engine', 'fast'],
      /engine cannot be «fast».*`fused`, `tfjs` or `libsvm-js`.*Nothing was changed/,
    ],
    [
      3,
      ['score', '--log', at('later.log'), '--state', trained('nobody'), '--subject', 'eve'],
      /no trained model for eve; run: ubad train/,
    ],
    [3, ['train', '--log', at('short.log'), '--subject', 'eve'], /no subject had enough actions/],
    [4, ['train', '--log', at('missing.log')], /missing\.log: cannot be read \(ENOENT\)/],
    [4, ['train', '--log', at('broken.log.gz')], /the gzip archive is damaged or cut off/],
    [5, ['status', '--state', at('nowhere')], /nowhere/],
  ])('%i: ubad %j', (code, words, message) => {
    writeFileSync(at('short.log'), log(past.slice(0, 50)));
    writeFileSync(at('broken.log.gz'), gzipSync(log(past)).subarray(0, 5000));
    const { status, stderr } = ubad(...words);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ {4}at /);
    expect(status).toBe(code);
  });
});

it('tells each setting with its value and its meaning, as the README does; a value alone is for scripts', () => {
  const readme = readFileSync('README.md', 'utf8');
  const file = at('explained.json');
  writeFileSync(file, '{"alertsPerWeek": 3}');
  const lines = ubad('config', 'get', '--config', file).stdout.trim().split('\n');
  expect(lines[0]).toMatch(/^setting +value +meaning$/);
  expect(lines.map((line) => /^\w+/.exec(line)![0])).toEqual(['setting', ...settingNames]);
  expect(lines.find((line) => line.startsWith('alertsPerWeek'))).toMatch(/^alertsPerWeek +3 +alerts on normal/);
  for (const name of settingNames) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect(row, name).toContain(`| ${meanings[name]} `);
  }
  expect(ubad('config', 'get', 'alertsPerWeek', '--config', file)).toMatchObject({ stdout: '3\n', stderr: '' });
  expect(JSON.parse(ubad('config', 'get', '--json', '--config', file).stdout)).toMatchObject({ alertsPerWeek: 3 });
});

it('says which setting of which file is wrong', () => {
  writeFileSync(at('wrong.json'), '{"alarm": 99}');
  const run = ubad('config', 'get', '--config', at('wrong.json'));
  expect(run).toMatchObject({ status: 4, stdout: '' });
  expect(run.stderr).toBe(`ubad: ${at('wrong.json')}: \`alarm\` must be <= 8. Change it in the file.\n`);
});

it('keeps a broken configuration aside, says so and goes on', () => {
  const file = at('broken.json');
  writeFileSync(file, '{ "alarm": ');
  const run = ubad('config', 'get', 'alarm', '--config', file);
  expect(run.stdout).toBe('null\n');
  expect(run.stderr).toMatch(/is not a JSON object; it was kept as .*broken\.json\.broken/);
  expect(readFileSync(`${file}.broken`, 'utf8')).toBe('{ "alarm": ');
});

it('evaluates labelled logs', () => {
  writeFileSync(at('labels.csv'), 'line_from,line_to,label\n1,100,0\n101,200,0\n201,300,0\n301,450,1\n');
  const words = [
    '--train',
    at('past.log.gz'),
    '--test',
    at('later.log'),
    '--labels',
    at('labels.csv'),
    '--algorithm',
    'ocsvm',
  ];
  const summary = JSON.parse(ubad('evaluate', ...words, '--json').stdout) as Record<string, unknown>;
  expect(summary).toMatchObject({ sets: 1, units: 4, strangers: 1, rocAuc: 1, averagePrecision: 1 });
  expect(summary.episodes).toMatchObject({ all: 1, detected: 1 });
});
