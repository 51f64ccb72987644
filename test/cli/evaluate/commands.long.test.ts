import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Label } from '../../../src-main/simulate/simulate.ts';
import { scratch } from '../../scratch.ts';
import { simulated } from '../../simulate/simulated.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const lineCount = (name: string): number => readFileSync(at(name), 'utf8').trim().split('\n').length;
function ubad(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = { ...process.env, XDG_CONFIG_HOME: at('config'), XDG_STATE_HOME: at('states'), NO_COLOR: '1' };
  return spawnSync(process.execPath, ['src-main/cli.ts', ...words], { encoding: 'utf8', env: environment });
}

const days = 3;
const { lines, labels } = simulated({ users: 1, days });
const before = lines.findIndex(({ time }) => time >= lines[0]!.time + (days - 1) * 86_400 - 3600);
const write = (name: string, texts: readonly string[]): void => {
  writeFileSync(at(name), texts.map((text) => `${text}\n`).join(''));
};
write(
  'past.log',
  lines.slice(0, before).map(({ text }) => text),
);
write(
  'test.log',
  lines.slice(before).map(({ text }) => text),
);
const kindOf = ({ strength }: Label, l: number) => ({
  family: strength === 'loud' ? 'persistence' : 'discovery',
  entry: l % 3 === 0 ? 'ssh' : 'terminal',
  inHours: l % 2 === 0,
});
write(
  'both.jsonl',
  labels.map((label, l) => JSON.stringify({ ...label, ...kindOf(label, l) })),
);
write(
  'of-test.jsonl',
  labels.map((label, l) => {
    const { lines: runs, id, user, host, name, mitre, strength } = label;
    const file_lines = runs.map((run) => run.map((line) => line - before));
    return JSON.stringify({ id, user, host, name, mitre, strength, file_lines, ...kindOf(label, l) });
  }),
);
const evaluate = (...words: string[]) =>
  ubad('evaluate', '--algorithm', 'ocsvm', '--train', at('past.log'), '--test', at('test.log'), ...words);

interface Group {
  readonly attacks: number;
  readonly atOneAlertADay: { readonly found: number };
  readonly inHours: Group;
  readonly outOfHours: Group;
}
type Figures = Group & {
  readonly byFamily: Readonly<Record<string, Group>>;
  readonly byEntry: Readonly<Record<string, Group>>;
  readonly falseIncidentsPerUserAndWeek: number;
  readonly falseIncidentsPerMachineAndWeek: number;
};

describe('ubad evaluate of attacks', () => {
  const run = evaluate('--labels', at('both.jsonl'), '--json', '--scores', at('a.jsonl'));
  const { fused } = JSON.parse(run.stdout) as { readonly fused: Figures };

  it('tells the kinds apart, which come to all of them together', () => {
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(fused.attacks).toBe(20);
    expect(Object.keys(fused.byFamily)).toEqual(['discovery', 'persistence']);
    expect(Object.keys(fused.byEntry)).toEqual(['ssh', 'terminal']);
    for (const groups of [
      Object.values(fused.byFamily),
      Object.values(fused.byEntry),
      [fused.inHours, fused.outOfHours],
    ]) {
      const sum = (of: (group: Group) => number): number => groups.reduce((all, group) => all + of(group), 0);
      expect(sum(({ attacks }) => attacks)).toBe(20);
      expect(sum(({ atOneAlertADay }) => atOneAlertADay.found)).toBe(fused.atOneAlertADay.found);
    }
    expect(fused.byFamily.persistence).toMatchObject({ attacks: 10 });
    expect(fused.falseIncidentsPerUserAndWeek).toBeGreaterThanOrEqual(0);
    expect(fused.falseIncidentsPerMachineAndWeek).toBeGreaterThanOrEqual(0);
  });

  it('finds the same with labels of the test log’s own lines', () => {
    const words = ['--labels', at('of-test.jsonl'), '--json', '--labels-of', 'test', '--scores', at('same.jsonl')];
    expect(evaluate(...words).stdout).toBe(run.stdout);
    expect(readFileSync(at('same.jsonl'), 'utf8')).toBe(readFileSync(at('a.jsonl'), 'utf8'));
  });

  it('shows the kinds to people, with all at the end', () => {
    const { stdout } = evaluate('--labels', at('both.jsonl'));
    expect(stdout).toMatch(
      /By family, fused, at its own line:\nfamily +found +in working hours +outside +median delay\n/,
    );
    expect(stdout).toMatch(/\npersistence +\d+ of 10 /);
    expect(stdout).toMatch(/\nall +\d+ of 20 +\d+ of 10 +\d+ of 10/);
    expect(stdout).toMatch(/By entry/);
  });

  it('keeps blocks of 50 actions with their scores, readable by their owner alone', () => {
    expect(statSync(at('a.jsonl')).mode & 0o777).toBe(0o600);
    const first = JSON.parse(readFileSync(at('a.jsonl'), 'utf8').split('\n')[0]!) as { user: string; from: number };
    expect(first).toMatchObject({ user: labels[0]!.user, test: 'test.log' });
    expect(first.from).toBeLessThan(200);
  });

  it('refuses lines that the logs do not have, and leaves no half file of scores', () => {
    const wrong = evaluate('--labels', at('both.jsonl'), '--labels-of', 'test', '--scores', at('wrong.jsonl'));
    expect(wrong).toMatchObject({ status: 4, stdout: '' });
    expect(wrong.stderr).toMatch(/both\.jsonl: line \d+ ends at line \d+, and the test log has \d+; see --labels-of/);
    expect(existsSync(at('wrong.jsonl'))).toBe(false);
  });

  it('names a user of whom there is nothing to learn', () => {
    write('mallory.jsonl', [JSON.stringify({ id: 'x', user: 'mallory', file_lines: [[1, 2]] })]);
    const { status, stderr } = evaluate('--labels', at('mallory.jsonl'), '--labels-of', 'test');
    expect(stderr).toMatch(/past\.log: mallory needs \d+ actions to learn from and has 0\./);
    expect(status).toBe(3);
  });
});

describe('ubad evaluate of a test that says too little', () => {
  it.each([
    ['to learn from', 'few.log', 'test.log', /few\.log: \S+ needs \d+ actions to learn from and has \d+\./],
    ['to judge', 'past.log', 'few.log', /few\.log: it has too few actions of \S+ to judge one window/],
  ])('tells that there is too little %s', (_, train, test, message) => {
    write(
      'few.log',
      lines.slice(0, 12).map(({ text }) => text),
    );
    write('few.jsonl', [JSON.stringify({ id: 'x', user: labels[0]!.user, file_lines: [[1, 2]] })]);
    const words = ['--train', at(train), '--test', at(test), '--labels', at('few.jsonl'), '--labels-of', 'test'];
    const { status, stdout, stderr } = ubad('evaluate', '--algorithm', 'ocsvm', ...words);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([3, '']);
  });
});

describe('ubad evaluate of units', () => {
  const sizes = Math.floor(lineCount('test.log') / 100);
  const rows = Array.from({ length: sizes }, (_, u) => `${100 * u + 1},${100 * (u + 1)},${u % 4 === 0 ? 1 : 0}`);
  write('units.csv', ['line_from,line_to,label', ...rows]);

  it('keeps each unit with its score, which the figures come of', () => {
    const run = evaluate('--labels', at('units.csv'), '--json', '--scores', at('units.jsonl'));
    const summary = JSON.parse(run.stdout) as { rocAuc: number; units: number; atOwnLine: { falseAlarms: number } };
    expect(lineCount('units.jsonl')).toBe(summary.units);
    const compared = JSON.parse(ubad('compare', at('units.jsonl'), at('units.jsonl'), '--json').stdout) as Compared;
    expect(compared.figures.rocAuc).toMatchObject({ a: summary.rocAuc, difference: 0, interval95: null });
    expect(compared.figures.ownLineFalseAlarms?.a).toBe(summary.atOwnLine.falseAlarms);
    expect(compared).toMatchObject({ users: 1, fewUsers: true });
  });

  it('refuses what does not belong together', () => {
    const mixed = ubad(
      ...['evaluate', '--train', at('past.log'), at('past.log'), '--test', at('test.log'), at('test.log')],
      ...['--labels', at('units.csv'), at('both.jsonl')],
    );
    expect(mixed).toMatchObject({ status: 2, stdout: '' });
    expect(mixed.stderr).toMatch(/give --labels of one form/);
    const both = evaluate('--labels', at('units.csv'), '--labels-of', 'both');
    expect(both).toMatchObject({ status: 2, stdout: '' });
  });
});

interface Compared {
  readonly users: number;
  readonly figures: Readonly<
    Record<string, { readonly a: number; readonly difference: number; readonly interval95: unknown }>
  >;
}

describe('ubad compare', () => {
  const scores = (user: string, shift: number): string[] =>
    Array.from({ length: 20 }, (_, u) => {
      const label = u % 5 === 0 ? 1 : 0;
      const place = { user, test: `${user}.log`, from: 50 * u + 1, to: 50 * u + 50, time: u };
      return JSON.stringify({ ...place, score: label === 1 ? 1.5 + shift : u / 10, ownLine: 1.75, label });
    });
  write('old.jsonl', [...scores('alice', 0), ...scores('bob', 0), ...scores('carol', 0)]);
  write('new.jsonl', [...scores('bob', 1), ...scores('alice', 1), ...scores('dave', 1)]);

  it('tells both versions, the difference and its interval', () => {
    const { status, stdout } = ubad('compare', at('old.jsonl'), at('new.jsonl'));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^figure +A +B +B − A +95 % interval\n/);
    expect(stdout).toMatch(/\nROC-AUC +0\.7500 +1\.0000 +\+0\.2500 +\+0\.2500 … \+0\.2500\n/);
    expect(stdout).toMatch(/\nfound at the own line, % +0\.0 +100\.0 +\+100\.0 /);
    expect(stdout).toMatch(/\ncost at the own line, [^\n]* +175\.0 +75\.0 +-100\.0 /);
    expect(stdout).toMatch(/2 users, 40 stretches in A, 40 in B; 1000 resamples by user, seed 1\./);
    expect(stdout).toMatch(/2 users are few: the intervals are too narrow\./);
    expect(stdout).toMatch(/left out: carol, dave/);
    expect(stdout).not.toMatch(/are the same in both/);
  });

  it('says where the versions did not judge the same', () => {
    write('other.jsonl', [...scores('alice', 0).slice(0, 15), ...scores('bob', 0)]);
    const { stdout } = ubad('compare', at('old.jsonl'), at('other.jsonl'));
    expect(stdout).toMatch(/Only 35 stretches are the same in both/);
  });

  it('refuses files that cannot be compared', () => {
    write('dave.jsonl', scores('dave', 0));
    expect(ubad('compare', at('dave.jsonl'), at('other.jsonl'))).toMatchObject({ status: 4, stdout: '' });
    expect(ubad('compare', at('dave.jsonl'), at('nobody.jsonl')).stderr).toMatch(/nobody\.jsonl: no such file/);
    expect(ubad('compare', at('dave.jsonl')).status).toBe(2);
    expect(ubad('compare', at('old.jsonl'), at('new.jsonl'), '--seed', 'x')).toMatchObject({ status: 2, stdout: '' });
  });
});
