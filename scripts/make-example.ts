/**
 * Makes data/example/: three weeks of two invented users as osquery would have logged them with the modern pack, and a
 * last day on which somebody else sits at one of their keyboards at night. Run: node scripts/make-example.ts
 * Seeded: the same bytes each time.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { random } from '../models/random.ts';

interface Habit {
  readonly name: string;
  readonly uid: string;
  /** Working hours, local to the log (UTC). */
  readonly hours: readonly [number, number];
  /** Chains of commands that follow each other, with how often a chain is begun. */
  readonly chains: readonly (readonly [number, readonly string[]])[];
  readonly sites: readonly string[];
}

const users: readonly Habit[] = [
  {
    ...{ name: 'alice', uid: '1000', hours: [8, 17] },
    chains: [
      [6, ['git', 'git', 'vim', 'make', 'git']],
      [4, ['cd', 'ls', 'vim', 'make']],
      [3, ['make', 'gcc', 'gdb', 'vim']],
      [2, ['ssh', 'ls', 'tail', 'exit']],
      [2, ['man', 'grep', 'less']],
    ],
    sites: ['192.0.2.10', '192.0.2.11', '198.51.100.7', '198.51.100.20', '203.0.113.5'],
  },
  {
    ...{ name: 'bob', uid: '1001', hours: [10, 19] },
    chains: [
      [5, ['libreoffice', 'evince', 'cp']],
      [4, ['python3', 'python3', 'jupyter', 'ls']],
      [3, ['thunderbird', 'firefox', 'evince']],
      [2, ['rsync', 'du', 'df']],
    ],
    sites: ['198.51.100.40', '198.51.100.41', '203.0.113.60', '203.0.113.61'],
  },
];
/** What one does who looks around in a foreign account. */
const stranger: Habit = {
  ...{ name: 'alice', uid: '1000', hours: [2, 4] },
  chains: [
    [3, ['id', 'who', 'uname', 'ss', 'ps']],
    [3, ['find', 'cat', 'tar', 'curl']],
    [2, ['sudo', 'crontab', 'nc', 'base64']],
  ],
  sites: ['203.0.113.200', '203.0.113.201', '198.51.100.250'],
};

const FIRST_DAY = Date.UTC(2026, 2, 2) / 1000;
const DAYS = 21;
const HOST = 'example-desktop';
const next = random(20_260_302);
const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;

function chain({ chains }: Habit): readonly string[] {
  const all = chains.reduce((sum, [weight]) => sum + weight, 0);
  let left = next() * all;
  return chains.find(([weight]) => (left -= weight) < 0)?.[1] ?? chains[0]![1];
}

interface Row {
  time: number;
  query: string;
  columns: Record<string, string>;
}

/** One command: the shell's line, often a program start, sometimes a connection. */
function* rowsOf({ name, uid, sites }: Habit, verb: string, time: number): Generator<Row> {
  const shell = { uid, username: name, time: String(time), verb, len: String(verb.length + Math.floor(next() * 30)) };
  yield { time, query: 'shell_verb', columns: { ...shell, history_file: `/home/${name}/.bash_history` } };
  if (!['cd', 'exit'].includes(verb)) {
    const pid = String(2000 + Math.floor(next() * 60_000));
    const scope = `/user.slice/user-${uid}.slice/session-2.scope`;
    const program = { pid, start_time: String(time), uid, euid: uid, parent: '1999', parent_name: 'bash' };
    yield {
      time,
      query: 'process_start',
      columns: { ...program, name: verb, path: `/usr/bin/${verb}`, on_disk: '1', cgroup_path: scope },
    };
  }
  if (next() < 0.25) {
    const remote = { protocol: '6', remote_address: pick(sites), remote_port: next() < 0.9 ? '443' : '22' };
    const browser = { uid, name: 'firefox', path: '/usr/lib/firefox/firefox', cgroup_path: '' };
    yield { time, query: 'net_out', columns: { ...browser, ...remote } };
  }
}

function day(habit: Habit, start: number, chains: number): Row[] {
  const [from, to] = habit.hours;
  const begins = Array.from({ length: chains }, () => start + (from + next() * (to - from)) * 3600).sort(
    (a, b) => a - b,
  );
  return begins.flatMap((begin) => {
    let time = Math.floor(begin);
    return chain(habit).flatMap((verb) => {
      time += 5 + Math.floor(next() * 60);
      return [...rowsOf(habit, verb, time)];
    });
  });
}

const counters = new Map<string, number>();
function line({ time, query, columns }: Row): string {
  // osquery counts a query's first full result as 0.
  const counter = query === 'users' ? 0 : (counters.get(query) ?? 0) + 1;
  counters.set(query, counter);
  const calendarTime = new Date(time * 1000).toUTCString().replace('GMT', 'UTC');
  const head = { name: `pack_user-behavior_${query}`, hostIdentifier: HOST, calendarTime, unixTime: time };
  return JSON.stringify({ ...head, epoch: 0, counter, numerics: false, columns, action: 'added' });
}

const accounts = users.map(({ name, uid }) => ({
  time: FIRST_DAY,
  query: 'users',
  columns: { uid, gid: uid, username: name, directory: `/home/${name}`, shell: '/bin/bash' },
}));
const past: Row[] = [...accounts];
const today: Row[] = [];
for (let d = 0; d < DAYS; d++) {
  const start = FIRST_DAY + d * 86_400;
  const weekend = [5, 6].includes(d % 7);
  for (const user of users) {
    const rows = day(user, start, weekend ? 4 : 28 + Math.floor(next() * 10));
    (d < DAYS - 3 ? past : today).push(...rows);
  }
  if (d === DAYS - 3) today.push(...day(stranger, start + 86_400, 22));
}
const folder = join(import.meta.dirname, '..', 'data', 'example');
for (const [file, rows] of Object.entries({ past, today })) {
  rows.sort((a, b) => a.time - b.time);
  const text = rows.map((row) => `${line(row)}\n`).join('');
  writeFileSync(join(folder, `${file}.log.gz`), gzipSync(text, { level: 9 }));
  console.log(`${file}: ${rows.length} lines`);
}
