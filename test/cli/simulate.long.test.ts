import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { scratch } from '../scratch.ts';

const folder = scratch();
const at = (name: string): string => join(folder, name);
const ubad = (...words: string[]) => spawnSync(process.execPath, ['src-main/cli.ts', ...words], { encoding: 'utf8' });
const linesOf = (file: string): string[] => readFileSync(at(file), 'utf8').trim().split('\n');

it('writes log and labels, the same bytes each time', () => {
  for (const name of ['a', 'b']) {
    const words = ['--days', '2', '--users', '3', '--seed', '5', '--out', at(`${name}.log`)];
    expect(ubad('simulate', ...words, '--labels', at(`${name}.jsonl`))).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
  }
  expect(readFileSync(at('a.log')).equals(readFileSync(at('b.log')))).toBe(true);
  const labels = linesOf('a.jsonl').map(
    (line) => JSON.parse(line) as { from_line: number; from: number; host: string },
  );
  expect(labels).toHaveLength(20);
  for (const { from_line, from, host } of labels) {
    expect(JSON.parse(linesOf('a.log')[from_line - 1]!)).toMatchObject({ unixTime: from, hostIdentifier: host });
  }
});

it('lays in only the attacks that are wanted', () => {
  ubad('simulate', '--days', '1', '--attacks', 'miner,usb', '--out', at('two.log'), '--labels', at('two.jsonl'));
  const ids = linesOf('two.jsonl').map((line) => (JSON.parse(line) as { id: string }).id);
  expect(ids.sort()).toEqual(['miner-loud', 'miner-stealthy', 'usb-loud', 'usb-stealthy']);
});

it('adds what the audit pack logs', () => {
  ubad('simulate', '--days', '1', '--users', '1', '--attacks', 'none', '--audit', '--out', at('audit.log'));
  const names = new Set(linesOf('audit.log').map((line) => (JSON.parse(line) as { name: string }).name));
  expect([...names]).toEqual(
    expect.arrayContaining(['ev_process', 'ev_socket'].map((query) => `pack_user-behavior-events_${query}`)),
  );
});

it('follows: a line is written when its time has come, and not before', async () => {
  const file = at('live.log');
  // At this speed a day takes 24 s: what is there soon is of the first minutes.
  const child = spawn(process.execPath, ['src-main/cli.ts', 'simulate', '--follow', '--speed', '3600', '--out', file]);
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const has = (): number => {
    try {
      return readFileSync(file, 'utf8').split('\n').length;
    } catch {
      return 0;
    }
  };
  while (has() < 10) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  const last = JSON.parse(linesOf('live.log').at(-1)!) as { unixTime: number };
  expect(last.unixTime - Date.UTC(2026, 3, 20) / 1000).toBeLessThan(20 * 3600);
});

it.each([
  [['--users', '0'], /--users «0»: use a whole number from 1 to/],
  [['--start', 'yesterday'], /--start «yesterday»: use a day like 2026-04-20/],
  [['--attacks', 'magic'], /--attacks «magic»: use one of masquerade/],
  [['--pack', '2018'], /Allowed choices are modern, 2017/],
  [['--audit', '--pack', '2017'], /--audit goes with --pack modern and --form event or batch/],
  [['--audit', '--form', 'snapshot'], /--audit goes with --pack modern and --form event or batch/],
  [['--follow', '--speed', '-1'], /--speed «-1»: use a number above 0/],
])('refuses %j in a sentence', (words, message) => {
  const run = ubad('simulate', ...words);
  expect(run).toMatchObject({ status: 2, stdout: '' });
  expect(run.stderr).toMatch(message);
});
