/**
 * Lays the labelled attacks of other logs into ordinary weeks of the simulator's people: what is found there does not hang on
 * whose ordinary life the logs had. Each log's attacks come to one invented person, who has the rows' name, home, uid and machine.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Person } from '../src-main/simulate/people.ts';
import { simulate, type SimulateOptions } from '../src-main/simulate/simulate.ts';
import { MOST_USERS, World } from '../src-main/simulate/world.ts';
import { BEGINS } from './invented-people.ts';
import { numberOf, readOptions } from './options.ts';

const DAY = 86_400;
/** Days to learn from. */
const LEARNED = 14;
/** Seconds after one of the user's own rows, where the user is at work; and without a row around it, where the user is not. */
const [AFTER, APART] = [30, 3600];
const USAGE = `node scripts/lay-in.ts --out DIR [--seed N] [--weeks N] [--audit] LOG JSONL [LOG JSONL…]

LOG: osquery results logs; JSONL: their labels, one JSON line an attack, with file_lines and inHours (docs/benchmarks.md).
DIR: gets N-NAME.past.log, N-NAME.test.log and N-NAME.test.jsonl of each invented person: two weeks to learn from, and --weeks (4)
with the attacks in them.`;

interface Label {
  readonly file_lines: readonly (readonly [number, number])[];
  readonly user: string;
  readonly inHours: boolean;
}
interface Row {
  readonly name: string;
  readonly counter?: number;
  readonly calendarTime?: string;
  readonly unixTime: number;
  readonly hostIdentifier: string;
  readonly columns: Readonly<Record<string, string>>;
}
interface Attack {
  readonly label: Label;
  readonly rows: readonly Row[];
  /** Seconds after the midnight before the log's first row. */
  readonly after: number;
}
interface Line {
  readonly text: string;
  readonly time: number;
  /** Of which attack it is. */
  readonly of?: Label;
}

const { values, positionals } = readOptions(USAGE, () => {
  const text = { type: 'string' } as const;
  const options = { out: text, seed: text, weeks: text, audit: { type: 'boolean' } } as const;
  return parseArgs({ options, allowPositionals: true });
});
const { out } = values;
if (out === undefined || positionals.length === 0 || positionals.length % 2 === 1) {
  console.error(USAGE);
  process.exit(2);
}
const sets = positionals.length / 2;
const asked: Omit<SimulateOptions, 'users'> = {
  days: LEARNED + 7 * numberOf('weeks', values.weeks ?? '4'),
  start: BEGINS,
  seed: numberOf('seed', values.seed ?? '1'),
  pack: 'modern',
  form: 'event',
  attacks: [],
  audit: values.audit ?? false,
};
const start = BEGINS + LEARNED * DAY;

/** Who has a machine for themselves, among this many people. */
function aloneAmong(users: number): readonly Person[] {
  const { people } = new World({ ...asked, users });
  return people.filter(({ host }) => people.filter((one) => one.host === host).length === 1);
}

/** As few people as have a machine for themselves for each set. */
function usersFor(wanted: number): number {
  for (let users = 1; users < MOST_USERS; users++) if (aloneAmong(users).length >= wanted) return users;
  return MOST_USERS;
}

/** The attacks of a log, each with its rows. */
function attacksOf(log: string, labelFile: string): Attack[] {
  const lines = textIn(log).trimEnd().split('\n');
  const rowAt = (line: number): Row => JSON.parse(lines[line - 1]!) as Row;
  const first = Math.floor(rowAt(1).unixTime / DAY) * DAY;
  return textIn(labelFile)
    .trimEnd()
    .split('\n')
    .map((text) => {
      const label = JSON.parse(text) as Label;
      const rows = label.file_lines.flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, i) => rowAt(from + i)),
      );
      return { label, rows, after: rows[0]!.unixTime - first };
    });
}

/** The attack at the person's, on its day and about at its hour: at work or not as it was. */
function linesOf({ label, rows, after }: Attack, { name, host }: Person, times: readonly number[]): Line[] {
  const wanted = start + after;
  const begins = label.inHours ? closestOf(times, wanted) + AFTER : freeAfter(times, wanted);
  const from = rows[0]!.hostIdentifier;
  return rows.map((row) => {
    const at = moved(row, begins - rows[0]!.unixTime);
    const text = JSON.stringify(at).replaceAll(from, host).replaceAll(label.user, name);
    return { text, time: at.unixTime, of: label };
  });
}

/** A row, and the times in its columns, this many seconds later. */
function moved(row: Row, seconds: number): Row {
  const columns = Object.entries(row.columns).map(([column, value]): [string, string] => [
    column,
    column.endsWith('time') && /^\d+$/.test(value) && value !== '0' ? String(Number(value) + seconds) : value,
  ]);
  const { calendarTime: _, ...rest } = row;
  return { ...rest, unixTime: row.unixTime + seconds, columns: Object.fromEntries(columns) };
}

/** When there is a row of the person's. */
const timesOf = (lines: readonly Line[], { name, uid }: Person): number[] =>
  lines.filter(({ text }) => text.includes(`"uid":"${uid}"`) || text.includes(name)).map(({ time }) => time);

const closestOf = (times: readonly number[], wanted: number): number =>
  times.reduce((best, time) => (Math.abs(time - wanted) < Math.abs(best - wanted) ? time : best));

function freeAfter(times: readonly number[], wanted: number): number {
  let begins = wanted;
  while (times.some((time) => Math.abs(time - begins) < APART)) begins += APART / 2;
  return begins;
}

/** The labels, counted in the log that the attacks lie in now. */
function labelsOf(test: readonly Line[], { name, host }: Person): string {
  const of = new Map<Label, [number, number][]>();
  test.forEach(({ of: label }, t) => {
    if (label) of.set(label, [...(of.get(label) ?? []), [t + 1, t + 1]]);
  });
  const texts = [...of].map(([label, lines]) =>
    JSON.stringify({ ...label, user: name, host, lines, file_lines: lines }),
  );
  return `${texts.join('\n')}\n`;
}

function textIn(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

const textOf = (lines: readonly Line[]): string => lines.map(({ text }) => `${text}\n`).join('');

const users = usersFor(sets);
const alone = aloneAmong(users);
const ordinary = new Map<string, Line[]>(alone.map(({ host }) => [host, []]));
for (const day of simulate({ ...asked, users }))
  for (const { text, time, host } of day) ordinary.get(host)?.push({ text, time });
mkdirSync(out, { recursive: true });
for (let set = 0; set < sets; set++) {
  const person = alone[set % alone.length]!;
  const own = ordinary.get(person.host)!;
  const later = own.filter(({ time }) => time >= start);
  const times = timesOf(later, person);
  const attacks = attacksOf(positionals[2 * set]!, positionals[2 * set + 1]!);
  const laid = attacks.flatMap((attack) => linesOf(attack, person, times));
  const test = [...later, ...laid].sort((a, b) => a.time - b.time);
  const file = (ending: string): string => join(out, `${set + 1}-${person.name}.${ending}`);
  writeFileSync(file('past.log'), textOf(own.filter(({ time }) => time < start)));
  writeFileSync(file('test.log'), textOf(test));
  writeFileSync(file('test.jsonl'), labelsOf(test, person));
}
