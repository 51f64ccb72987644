import { expect, it } from 'vitest';

import { simulated } from './simulated.ts';

interface Row {
  readonly name: string;
  readonly unixTime: number;
  readonly action: string;
  readonly columns: Readonly<Record<string, string>>;
}

const rowsOf = (audit: boolean): Row[] =>
  simulated({ days: 3, audit }).lines.map(({ text }) => JSON.parse(text) as Row);
const rows = rowsOf(true);
const events = rows.filter(({ name }) => name.startsWith('pack_user-behavior-events_'));
const starts = events.filter(({ name }) => name.endsWith('_ev_process'));
const connections = events.filter(({ name }) => name.endsWith('_ev_socket'));

it('writes the polled rows as they are without it, and events beside them', () => {
  const polled = rows.filter((row) => !events.includes(row)).map((row) => JSON.stringify({ ...row }));
  expect(polled).toEqual(rowsOf(false).map((row) => JSON.stringify(row)));
  expect(events.length).toBeGreaterThan(1000);
  expect(events.every(({ action }) => action === 'added')).toBe(true);
});

it('tells each start once, also of those that a poll misses', () => {
  const keys = starts.map(({ columns }) => `${columns.pid!} ${columns.time!} ${columns.path!}`);
  expect(new Set(keys).size / keys.length).toBeGreaterThan(0.99);
  const polled = rows.filter(({ name }) => name.endsWith('_process_start'));
  const told = new Set(starts.map(({ columns }) => `${columns.pid!} ${columns.time!}`));
  const missed = polled.filter(({ columns }) => !told.has(`${columns.pid!} ${columns.start_time!}`));
  expect(missed).toEqual([]);
  expect(starts.length).toBeGreaterThan(1.1 * polled.length);
});

it('tells them at the first look after they happened', () => {
  for (const { unixTime, columns } of events) {
    expect(unixTime - Number(columns.time)).toBeGreaterThanOrEqual(0);
    expect(unixTime - Number(columns.time)).toBeLessThanOrEqual(16);
  }
});

it('names the login’s user behind sudo, scripts and not their interpreters, and addresses at full length', () => {
  const byRoot = starts.filter(({ columns }) => columns.euid === '0');
  expect(byRoot.length).toBeGreaterThan(10);
  expect(starts.every(({ columns }) => Number(columns.auid) >= 1000)).toBe(true);
  expect(starts.some(({ columns }) => columns.path!.endsWith('.sh'))).toBe(true);
  const sixes = connections.filter(({ columns }) => columns.family === '10');
  expect(sixes.length).toBeGreaterThan(10);
  for (const { columns } of sixes) expect(columns.remote_address).toMatch(/^2001:0db8(:[0-9a-f]{4}){6}$/);
});

it.each([{ pack: '2017' }, { form: 'snapshot' }] as const)('is not there with %j', (options) => {
  expect(() => simulated({ days: 1, audit: true, ...options })).toThrow(RangeError);
});
