/** What the original project of 2017 had: its tokenised data sets and its settings.ini. The rows here are invented. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { OriginalCsv, originalNumbers } from '../../src-main/line-forms/original-csv.ts';
import { random } from '../../models/random.ts';
import { fencesFor } from '../documents/fences.ts';
import { scratch } from '../scratch.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = scratch();
const at = (name: string): string => join(folder, name);

function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words], { encoding: 'utf8', env });
}

/** Rows as its preparation wrote them: what became of it, then the numbers of names and values. */
function rows(count: number, seed: number, strange = (_: number): boolean => false): string {
  const next = random(seed);
  const pick = (from: number, many: number): number => from + Math.floor(next() * many);
  const lines = Array.from({ length: count }, (_, r) => {
    if (strange(r)) return `[4, 60, ${pick(900, 90)}, 61, ${pick(900, 90)}]`;
    return r % 3 === 0 ? `[5, 2, ${pick(10, 6)}, 3, ${pick(30, 3)}]` : `[4, 13, ${pick(40, 5)}]`;
  });
  return `action\n${lines.join('\n')}\n`;
}

writeFileSync(at('train.csv'), rows(1400, 1));
// 1-based lines: the head is the first.
writeFileSync(
  at('test.csv'),
  rows(600, 2, (r) => r >= 400),
);
const form = ['--form', 'original-csv', '--algorithm', 'ocsvm'];

describe('its tokenised data sets', () => {
  it('become actions a minute apart; the head is none, and what is no row is refused', () => {
    const csv = new OriginalCsv(1_500_000_000);
    expect(csv.lineOf('action')).toBe('');
    expect(csv.lineOf('[4, x]')).toBe('[4, x]');
    const [first, second] = ['[4, 13, 40]', '[5, 2, 11, 3, 30]\r'].map(
      (line) => JSON.parse(csv.lineOf(line)) as { name: string; unixTime: number; columns: Record<string, string> },
    );
    expect(first).toMatchObject({ name: 'original_3_13', unixTime: 1_500_000_000, columns: { place_3: '40' } });
    expect(second).toMatchObject({ name: 'original_5_2', unixTime: 1_500_000_060 });
    expect(originalNumbers({ query: second!.name, columns: second!.columns })).toEqual([5, 2, 11, 3, 30]);
    expect(originalNumbers({ query: 'processes', columns: { pid: '1' } })).toBeUndefined();
  });

  it('train and score: what the user never did is stranger', () => {
    const shared = ['--subject', 'user1', '--state', at('state')];
    expect(ubad('train', '--log', at('train.csv'), ...form, ...shared)).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(at('odd.csv'), `${readFileSync(at('test.csv'), 'utf8')}not a row\n`);
    const { status, stdout, stderr } = ubad('score', '--log', at('odd.csv'), ...form, ...shared);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'ubad: 1 lines refused (1 not-json)\n' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: number; time: number; window: number });
    expect(lines).toHaveLength(600);
    const trained = 1_483_228_800 + 1400 * 60;
    expect(lines[0]).toMatchObject({ line: 2 });
    expect(lines[0]!.time).toBeGreaterThanOrEqual(trained);
    const mean = (from: number, to: number): number =>
      lines.slice(from, to).reduce((sum, { window }) => sum + window, 0) / (to - from);
    expect(mean(450, 600)).toBeGreaterThan(mean(50, 400) + 2);
  });

  it('evaluate, also by the original’s own methods with the parameters of its settings', () => {
    writeFileSync(at('labels.csv'), 'line_from,line_to,label\n52,201,0\n202,401,0\n452,601,1\n');
    writeFileSync(at('own.json'), JSON.stringify({ original: { hidden: 8, epochs: 1, batch: 8, nu: 0.1 } }));
    const words = ['--train', at('train.csv'), '--test', at('test.csv'), '--labels', at('labels.csv'), ...form];
    const { stdout, stderr, status } = ubad(
      ...['evaluate', ...words, '--baseline', 'original', '--json', '--config', at('own.json')],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const found = JSON.parse(stdout) as { rocAuc: number; rocAucByDetector: Record<string, number> };
    expect(found.rocAuc).toBe(1);
    expect(Object.keys(found.rocAucByDetector)).toEqual(expect.arrayContaining(['original lstm', 'original ocsvm']));
    expect(found.rocAucByDetector['original ocsvm']).toBe(1);
  });

  it('have no times and users, so that labels of attacks are refused', () => {
    const words = ['--train', 'a', '--test', 'b', '--labels', 'c.jsonl', ...form];
    const { status, stderr } = ubad('evaluate', ...words);
    expect(stderr).toContain('--form original-csv: its rows have no time and no user');
    expect(status).toBe(2);
  });
});

it('the commands of docs/original-2017.md do what they say', () => {
  const own = scratch();
  for (const [name, text] of [
    ['user1_train.csv', rows(1400, 1)],
    ['user1_test.csv', rows(300, 2)],
    ['labels.csv', 'line_from,line_to,label\n2,101,0\n102,201,1\n'],
    ['config.json', JSON.stringify({ original: { hidden: 8, epochs: 1, batch: 8 } })],
  ] as const)
    writeFileSync(join(own, name), text);
  const commands = fencesFor(root, 'test/cli/original.long.test.ts').flatMap((fence) => fence.commands);
  expect(commands).toHaveLength(3);
  for (const command of commands) {
    const words = command.replace('npm exec ubad --', '').replace('/tmp/ubad-2017', 'state').trim().split(' ');
    const program = [join(root, 'src-main/cli.ts'), ...words, '--config', 'config.json'];
    const { status, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8', cwd: own });
    expect(status, `${command}: ${stderr}`).toBe(0);
  }
});

describe('ubad config import', () => {
  const file = at('settings.ini');
  const config = at('imported.json');

  it('takes over scores and parameters, and tells what of it has nothing like it here', () => {
    writeFileSync(config, JSON.stringify({ alertsPerWeek: 2, scores: { net_out: 1 } }));
    writeFileSync(
      file,
      [
        '[Data]\ntrain_dataset_file: ../a.csv\n',
        '[LSTM]\nhidden_layers: 50\ndropout = 0.2\nbatch_size:1\nEpochs: 2\n; a comment\n',
        '[OCSVM]\n# nu - a comment\nnu: 0.1\nkernel: rbf\ngamma: 0.05\n',
        '[scores]\npack_external_pack_open_files: 2\npack_user_behavior_shell_history: 9\nmade_up: 3\n',
      ].join('\n'),
    );
    const { status, stdout, stderr } = ubad('config', 'import', file, '--config', config);
    expect(status).toBe(0);
    expect(stderr).toContain('hold from the next training on');
    expect(stdout).toMatch(/^data\.train_dataset_file +\.\.\/a\.csv +left: there is nothing like it here$/m);
    expect(stdout).toMatch(/^lstm\.hidden_layers +50 +original\.hidden, lstmUnits: 48, the nearest that can be$/m);
    expect(stdout).toMatch(/^scores\.made_up +3 +scores\.made_up \(no pack that ships asks it\)$/m);
    expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({
      alertsPerWeek: 2,
      scores: { net_out: 1, open_files: 2, shell_history: 9, made_up: 3 },
      lstmUnits: 48,
      lstmDropout: 0.2,
      lstmBatch: 1,
      lstmEpochs: 2,
      svmNu: 0.1,
      original: { hidden: 50, dropout: 0.2, batch: 1, epochs: 2, nu: 0.1, kernel: 'rbf', gamma: 0.05 },
    });
  });

  it.each([
    ['[scores]\narp_cache: 11\n', 2, 'line 2: arp_cache is «11»; use a number from 0 to 10. Nothing was changed.'],
    ['[OCSVM]\nnu: a tenth\n', 2, 'line 2: nu is «a tenth»; use a number. Nothing was changed.'],
    ['hidden_layers: 3\n', 4, 'line 1 is no entry of a settings.ini'],
    ['[Other]\nkey: 3\n', 4, 'it has no [scores], [LSTM] or [OCSVM] of the original.'],
  ])('refuses %j', (text, code, why) => {
    const before = readFileSync(config, 'utf8');
    writeFileSync(file, text);
    const { status, stderr } = ubad('config', 'import', file, '--config', config);
    expect(stderr).toContain(why);
    expect(status).toBe(code);
    expect(readFileSync(config, 'utf8')).toBe(before);
  });

  it('leaves γ of our own model as it is, and what ours cannot be', () => {
    const other = at('other.json');
    writeFileSync(file, '[OCSVM]\ngamma: 0.05\n[LSTM]\nepochs: 900\n');
    const { stdout } = ubad('config', 'import', file, '--config', other);
    expect(stdout).toMatch(/^ocsvm\.gamma +0\.05 +original\.gamma \(not svmGamma/m);
    expect(stdout).toMatch(/^lstm\.epochs +900 +original\.epochs \(lstmEpochs cannot be that here\)$/m);
    const kept = JSON.parse(readFileSync(other, 'utf8')) as object;
    expect(kept).toMatchObject({ svmGamma: 2, lstmEpochs: null, original: { gamma: 0.05, epochs: 900 } });
  });

  it('leaves a kernel that there is not here', () => {
    writeFileSync(file, '[OCSVM]\nkernel: sigmoid\nnu: 0.3\n');
    expect(ubad('config', 'import', file, '--config', config).stdout).toMatch(
      /ocsvm\.kernel +sigmoid +left: kernel cannot/,
    );
  });
});
