import fc from 'fast-check';
import { expect, it } from 'vitest';

import { MOST_PROCESSES, Processes } from '../../../src-main/engine/reading/processes.ts';

const started = { pid: '2001', start_time: '1785000001', uid: '1000', euid: '1000', name: 'ls', path: '/usr/bin/ls' };
const of = (columns: Record<string, string>, change: 'added' | 'removed' | 'snapshot' = 'added') => ({
  query: Object.keys(columns).join(' '),
  change,
  columns,
});
const isAgain = (...rows: Record<string, string>[]): boolean[] => {
  const processes = new Processes();
  return rows.map((columns) => processes.see('desk', of(columns)));
};

it('one process is one start: reparented, upgraded under way, renamed', () => {
  const reparented = { ...started, parent: '1', parent_name: 'systemd' };
  const upgraded = { ...reparented, on_disk: '0', path: '/usr/bin/ls (deleted)' };
  expect(isAgain(started, reparented, upgraded, { ...upgraded, name: 'worker' })).toEqual([false, true, true, true]);
});

it.each([
  ['another number', { pid: '2002' }],
  ['the same number later', { start_time: '1785009999' }],
  ['another program in its place', { path: '/usr/bin/nc' }],
  ['another user in its place', { uid: '0' }],
  ['root’s rights', { euid: '0' }],
])('%s is a start', (_, other) => {
  expect(isAgain(started, { ...started, ...other })).toEqual([false, false]);
});

it('a start that osquery works out a second later is the same', () => {
  expect(isAgain(started, { ...started, start_time: '1785000002' })).toEqual([false, true]);
});

it('what a process does is no start of it, and its end neither', () => {
  expect(isAgain(started, { ...started, remote_address: '192.0.2.1' })).toEqual([false, false]);
  const processes = new Processes();
  expect(processes.see('desk', of(started, 'removed'))).toBe(false);
  expect(processes.see('desk', of(started))).toBe(false);
});

it('a process of another machine is another', () => {
  const processes = new Processes();
  expect([processes.see('a', of(started)), processes.see('b', of(started))]).toEqual([false, false]);
});

it('a repeated snapshot tells of each once', () => {
  const processes = new Processes();
  expect([1, 2, 3].map(() => processes.see('desk', of(started, 'snapshot')))).toEqual([false, true, true]);
});

it('remembers the processes that were seen last, no more of them', () => {
  const processes = new Processes();
  for (let pid = 1; pid <= 2 * MOST_PROCESSES; pid++) processes.see('desk', of({ ...started, pid: String(pid) }));
  expect(processes.see('desk', of({ ...started, pid: String(2 * MOST_PROCESSES - 100) }))).toBe(true);
  expect(processes.see('desk', of({ ...started, pid: '1' }))).toBe(false);
});

it('takes any row', () => {
  const column = fc.constantFrom('pid', 'start_time', 'path', 'uid', '__proto__');
  fc.assert(
    fc.property(fc.dictionary(column, fc.oneof(fc.string(), fc.integer().map(String))), (columns) => {
      expect(typeof new Processes().see('desk', of(columns))).toBe('boolean');
    }),
  );
});
