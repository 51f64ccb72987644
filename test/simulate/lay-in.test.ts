import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { scratch } from '../scratch.ts';

const DAY = 86_400;
const monday = Date.UTC(2026, 2, 16) / 1000;
const row = (time: number, name: string, columns: Record<string, string>): string =>
  JSON.stringify({ name, hostIdentifier: 'their-desk', calendarTime: 'old', unixTime: time, columns, action: 'added' });

/** Two attacks of another log, in working hours and at night. */
function theirLog(folder: string): [log: string, labels: string] {
  const noon = monday + DAY + 12 * 3600;
  const night = monday + 2 * DAY + 2 * 3600;
  const own = { uid: '1000', start_time: String(noon - 5), path: '/home/mallory/x', name: 'x' };
  const [log, labels] = [join(folder, 'their.log'), join(folder, 'their.jsonl')];
  const lines = [
    row(monday, 'users', { uid: '1000', username: 'mallory' }),
    row(noon, 'process_start', own),
    row(noon + 90, 'net_out', { uid: '1000', name: 'x', remote_port: '443' }),
    row(night, 'crontab', { minute: '1', command: '/home/mallory/x' }),
  ];
  writeFileSync(log, `${lines.join('\n')}\n`);
  const told = [
    { id: 'day', user: 'mallory', inHours: true, file_lines: [[2, 3]] },
    { id: 'night', user: 'mallory', inHours: false, file_lines: [[4, 4]] },
  ];
  writeFileSync(labels, told.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return [log, labels];
}

interface Row {
  readonly hostIdentifier: string;
  readonly unixTime: number;
  readonly calendarTime?: string;
  readonly columns: Readonly<Record<string, string>>;
}
const rowsIn = (file: string): Row[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Row);

it('lays attacks of another log into an invented person’s weeks, under that person’s name and in the same hours', () => {
  const folder = scratch();
  const words = ['scripts/lay-in.ts', '--out', folder, '--weeks', '1', ...theirLog(folder)];
  expect(spawnSync(process.execPath, words, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  const [past, test] = ['past.log', 'test.log'].map((name) => rowsIn(join(folder, `1-alice.${name}`)));
  const labels = readFileSync(join(folder, '1-alice.test.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as { id: string; user: string; host: string; file_lines: [number, number][] });
  expect(past!.at(-1)!.unixTime).toBeLessThan(test![0]!.unixTime);
  expect(test!.map(({ unixTime }) => unixTime)).toEqual(
    [...test!.map(({ unixTime }) => unixTime)].sort((a, b) => a - b),
  );
  const [day, night] = ['day', 'night'].map((id) => {
    const { file_lines: lines, user, host } = labels.find((label) => label.id === id)!;
    expect([user, host]).toEqual(['alice', 'desk-1']);
    return lines.map(([line]) => test![line - 1]!);
  });
  const start = Math.ceil(past!.at(-1)!.unixTime / DAY) * DAY;
  expect(Math.floor((day![0]!.unixTime - start) / DAY)).toBe(1);
  expect(day!.map(({ hostIdentifier }) => hostIdentifier)).toEqual(['desk-1', 'desk-1']);
  expect(day![0]!.columns).toMatchObject({
    path: '/home/alice/x',
    start_time: String(day![0]!.unixTime - 5),
  });
  expect(day![1]!.unixTime - day![0]!.unixTime).toBe(90);
  expect(day![0]!.calendarTime).toBeUndefined();
  expect(night![0]!.columns.command).toBe('/home/alice/x');
  const isNear = ({ unixTime, columns }: Row): boolean =>
    Math.abs(unixTime - night![0]!.unixTime) < 3600 && columns.uid === '1000';
  expect(test!.filter(isNear)).toEqual([]);
}, 120_000);

it('says how it is used where a log has no labels', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/lay-in.ts', '--out', '/tmp/x', 'a.log'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^node scripts\/lay-in\.ts --out DIR/);
});
