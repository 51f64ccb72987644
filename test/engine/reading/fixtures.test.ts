import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { lineParser, type Parsed } from '../../../src-main/engine/reading/parse-line.ts';
import { SubjectResolver } from '../../../src-main/engine/reading/subject-resolver.ts';
import { scratch } from '../../scratch.ts';

const pack = defaultPack();
const parse = lineParser(pack);
const passwd = join(scratch(), 'passwd');
writeFileSync(passwd, 'alice:x:1000:1000::/home/alice:/bin/bash\nbob:x:1001:1001::/home/bob:/bin/bash\n');

type Result = Extract<Parsed, { ok: true }>;
/** The lines of a fixture, read; each must be a result. */
const linesOf = (name: string): [string, Result][] =>
  readFileSync(join(import.meta.dirname, '../../fixtures/lines', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = parse(line);
      if (!parsed.ok) throw new Error(`${name}: ${parsed.refusal}: ${line}`);
      return [line, parsed];
    });

const own = linesOf('packs.jsonl');
const old = linesOf('pack-of-2017.jsonl');

const subjects: Record<string, string> = {
  heartbeat: 'host:desk',
  sessions: 'alice',
  logins: 'alice',
  process_start: 'alice',
  net_out: 'alice',
  listening: 'bob',
  shell_verb: 'alice',
  media: 'host:desk',
  usb: 'host:desk',
  kernel_modules: 'host:desk',
  gateway: 'host:desk',
  sensitive_open: 'alice',
  users: 'alice',
  admins: 'bob',
  authorized_keys: 'bob',
  crontab: 'host:desk',
  autostart: 'bob',
  sudoers: 'host:desk',
  denylisted: 'host:desk',
  ev_process: 'alice',
  ev_socket: 'alice',
  ev_user: 'bob',
  ev_hardware: 'host:desk',
  ev_syslog: 'host:desk',
};

describe.each(own)('%s', (line, { query, host, actions }) => {
  const columns = (JSON.parse(line) as { columns: Record<string, string> }).columns;

  it('is one action of its query, with just the columns that the pack knows', () => {
    expect(actions).toMatchObject([{ query, change: 'added', columns }]);
    expect(Object.keys(columns).toSorted()).toEqual(Object.keys(pack.learning.get(query)!.columns).toSorted());
  });

  it('is somebody’s', () => {
    expect(new SubjectResolver(undefined, [], passwd).subjectOf(actions[0]!, host)).toBe(subjects[query]);
  });

  it('happened when the event says, or when it was logged', () => {
    expect(actions[0]!.time).toBe(query.startsWith('ev_') ? Number(columns.time) : 1_776_000_020);
  });
});

describe.each(old)('%s', (line, { query, host, actions, counter }) => {
  it('is an action of the pack of 2017, and the host’s', () => {
    const { columns, action } = JSON.parse(line) as { columns: Record<string, string>; action: string };
    expect(actions).toEqual([{ query, change: action, time: 1_776_000_020, columns }]);
    expect(Object.keys(columns).toSorted()).toEqual(Object.keys(pack.learning.get(query)!.columns).toSorted());
    expect(new SubjectResolver(undefined, [], passwd).subjectOf(actions[0]!, host)).toBe('host:desk');
    expect(counter).toBeUndefined();
  });
});

it('there is a line of each query of the packs, and two of each of 2017', () => {
  const known = new Set([...own, ...old].map(([, { query }]) => query));
  expect([...known].toSorted()).toEqual([...pack.learning.keys()].toSorted());
  expect(own.map(([, { query }]) => query)).toEqual(Object.keys(subjects));
  expect(old).toHaveLength(20);
});

it('every form says the same of the same stick', () => {
  const stick = { query: 'usb', time: 1_776_000_020, columns: { vendor_id: '0781', model_id: '1' } };
  const other = (id: string): object => ({ ...stick, columns: { ...stick.columns, model_id: id } });
  const added = { ...stick, change: 'added' };
  const forms: [string, object[]][] = [
    ['event', [added]],
    ['event of older osqueryds', [added]],
    ['batch', [{ ...other('0'), change: 'removed' }, added, { ...other('2'), change: 'added' }]],
    ['batch of older osqueryds', [added]],
    [
      'snapshot',
      [
        { ...stick, change: 'snapshot' },
        { ...other('2'), change: 'snapshot' },
      ],
    ],
    ['snapshot as events', [{ ...stick, change: 'snapshot' }]],
    ['decorations', [added]],
    ['decorations at the top', [added]],
    ['hostname', [added]],
    ['another delimiter', [added]],
    ['numerics', [added]],
  ];
  const read = linesOf('forms.jsonl');
  expect(read.map(([, { actions }], i) => [forms[i]?.[0], actions])).toEqual(forms);
  for (const [, { host, query, epoch, badRows }] of read) {
    expect({ host, query, epoch, badRows }).toEqual({ host: 'desk', query: 'usb', epoch: 0, badRows: 0 });
  }
});
