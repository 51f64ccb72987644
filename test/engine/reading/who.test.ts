import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { LostLines } from '../../../src-main/engine/reading/lost-lines.ts';
import { BadPack, defaultPack, readPack } from '../../../src-main/engine/reading/pack.ts';
import { Who } from '../../../src-main/engine/reading/who.ts';

const passwd = join(mkdtempSync(join(tmpdir(), 'ubad-who-')), 'passwd');
writeFileSync(
  passwd,
  'root:x:0:0::/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/bash\nodd line\nbob:x:1001:1001::/home/bob:/bin/bash\nbobby:x:1001:1001::/:/bin/sh\n',
);

const action = (columns: Record<string, string>, query = 'process_start', time = 1_750_000_000): Action => ({
  query,
  change: 'added',
  time,
  columns,
});
const whose = (columns: Record<string, string>, query?: string): string =>
  new Who(undefined, [], passwd).subjectOf(action(columns, query), 'desk');

describe('whose an action is', () => {
  it.each([
    ['the process’s user', { uid: '1000' }, 'alice'],
    [
      'the login behind sudo, not root',
      { uid: '0', cgroup_path: '/user.slice/user-1001.slice/session-3.scope' },
      'bob',
    ],
    ['the login before the process’s user', { uid: '1000', cgroup_path: '/user.slice/user-1001.slice/x' }, 'bob'],
    ['audit’s login user before the present one', { uid: '0', auid: '1000' }, 'alice'],
    ['the present one where audit has none', { uid: '1001', auid: '4294967295' }, 'bob'],
    ['a user of whom only the number is known', { uid: '1234' }, 'uid:1234'],
    ['the name where there is no number', { username: 'carol' }, 'carol'],
    ['utmp’s name', { user: 'carol', type: 'user' }, 'carol'],
    ['a person of a domain', { uid: '1234567890' }, 'uid:1234567890'],
    ['the name where the number is unset', { uid: '4294967295', username: 'carol' }, 'carol'],
    ['the one who uses it, where the first name is empty', { username: '', user: 'carol' }, 'carol'],
    ['the first name of a number that has two', { uid: '1001' }, 'bob'],
    ['the host’s, where it is nobody', { uid: '65534', username: 'nobody' }, 'host:desk'],
    ['the host’s, where it is a service’s passing user', { uid: '61200' }, 'host:desk'],
    ['the host’s, where root did it by himself', { uid: '0' }, 'host:desk'],
    ['the host’s, where a service did it', { uid: '104', username: 'avahi' }, 'host:desk'],
    ['the host’s, where nobody is named', { name: 'usbhid' }, 'host:desk'],
    ['the host’s, where the name is root', { user: 'root' }, 'host:desk'],
  ])('%s', (_, columns, subject) => {
    expect(whose(columns)).toBe(subject);
  });

  it('is not the owner of a file that changed', () => {
    expect(whose({ uid: '1000', target_path: '/home/alice/x' }, 'file_events')).toBe('host:desk');
  });

  it('is always the forced one', () => {
    expect(new Who('eve').subjectOf(action({ uid: '1000' }), 'desk')).toBe('eve');
  });

  it('follows the names that the log tells, also after a restart, and forgets those that are removed', () => {
    const who = new Who(undefined, [], passwd);
    who.subjectOf(action({ uid: '1000', username: 'renamed' }, 'users'), 'desk');
    expect(who.subjectOf(action({ uid: '1000' }), 'desk')).toBe('renamed');
    const woken = new Who(undefined, who.save(), passwd);
    expect(woken.subjectOf(action({ uid: '1000' }), 'desk')).toBe('renamed');
    woken.subjectOf({ ...action({ uid: '1000', username: 'renamed' }, 'users'), change: 'removed' }, 'desk');
    expect(woken.subjectOf(action({ uid: '1000' }), 'desk')).toBe('alice');
  });

  it('does not take a name of one host for another’s', () => {
    const who = new Who(undefined, [], passwd);
    who.subjectOf(action({ uid: '1300', username: 'carol' }, 'users'), 'a');
    who.subjectOf(action({ uid: '1300', username: 'dave' }, 'users'), 'b');
    expect([who.subjectOf(action({ uid: '1300' }), 'a'), who.subjectOf(action({ uid: '1300' }), 'b')]).toEqual([
      'carol',
      'dave',
    ]);
    expect(who.subjectOf(action({ uid: '1300' }), 'c')).toBe('uid:1300');
  });

  it('follows /etc/passwd when it changes', () => {
    const own = `${passwd}-2`;
    writeFileSync(own, 'alice:x:1000:1000\n');
    const who = new Who(undefined, [], own);
    expect(who.subjectOf(action({ uid: '1005' }), 'desk')).toBe('uid:1005');
    writeFileSync(own, 'alice:x:1000:1000\ndora:x:1005:1005\n');
    expect(who.subjectOf(action({ uid: '1005' }, 'process_start', 1_750_000_100), 'desk')).toBe('dora');
  });

  it('has a name of bounded length', () => {
    expect(whose({ username: 'x'.repeat(5000) })).toHaveLength(256);
  });
});

describe('lost results', () => {
  const pack = defaultPack();
  const see = (steps: [epoch: number | undefined, counter: number | undefined][], query = 'usb'): number[] => {
    const lost = new LostLines();
    return steps.map(([epoch, counter]) => lost.see(pack, 'desk', query, epoch, counter));
  };

  it.each([
    [
      'none while the counter grows by one',
      [
        [0, 1],
        [0, 2],
        [0, 2],
        [0, 3],
      ],
      [0, 0, 0, 0],
    ],
    [
      'as many as the counter jumped over',
      [
        [0, 1],
        [0, 5],
      ],
      [0, 3],
    ],
    [
      'none over a new epoch',
      [
        [0, 1],
        [9, 7],
      ],
      [0, 0],
    ],
    [
      'none when the counter begins anew',
      [
        [0, 8],
        [0, 1],
        [0, 2],
      ],
      [0, 0, 0],
    ],
    [
      'none where there is no counter',
      [
        [undefined, undefined],
        [0, undefined],
      ],
      [0, 0],
    ],
  ] as [string, [number | undefined, number | undefined][], number[]][])('%s', (_, steps, expected) => {
    expect(see(steps)).toEqual(expected);
  });

  it('are not told of a query of which only what is new is logged', () => {
    expect(
      see(
        [
          [0, 1],
          [0, 9],
        ],
        'process_start',
      ),
    ).toEqual([0, 0]);
    expect(
      see(
        [
          [0, 1],
          [0, 9],
        ],
        'ev_process',
      ),
    ).toEqual([0, 7]);
  });

  it('are not told of the pack of 2017: its osqueryd counted runs', () => {
    expect(
      see(
        [
          [0, 1],
          [0, 9],
        ],
        'open_sockets',
      ),
    ).toEqual([0, 0]);
  });

  it('keep to a bounded memory', () => {
    const lost = new LostLines();
    for (let host = 0; host < 10_050; host++) lost.see(pack, `h${host}`, 'usb', 0, 1);
    expect(lost.save()).toHaveLength(10_000);
  });

  it('are told apart by host and query, and across a restart', () => {
    const lost = new LostLines();
    lost.see(pack, 'a', 'usb', 0, 1);
    lost.see(pack, 'b', 'usb', 0, 5);
    expect(new LostLines(lost.save()).see(pack, 'a', 'usb', 0, 4)).toBe(2);
  });
});

describe('a pack', () => {
  const good = {
    queries: { x: { query: 'SELECT 1;', learn: { label: 'X', importance: 5, columns: { a: 'word', b: 'port' } } } },
  };

  it('has a fingerprint of what a model sees, whatever the order', () => {
    const turned = { queries: { x: { learn: { columns: { b: 'port', a: 'word' }, importance: 7, label: 'Y' } } } };
    expect(readPack({ p: turned }).fingerprint).toBe(readPack({ p: good }).fingerprint);
    const other = structuredClone(good);
    other.queries.x.learn.columns.a = 'path';
    expect(readPack({ p: other }).fingerprint).not.toBe(readPack({ p: good }).fingerprint);
  });

  it('takes importance from the user’s scores', () => {
    expect(readPack({ p: good }, { x: 0 }).learning.get('x')!.importance).toBe(0);
  });

  it.each([
    [{}, 'p.json: queries: must be a JSON object'],
    [{ queries: { x: {} } }, 'p.json: x.learn: must be a JSON object'],
    [{ queries: { x: { learn: { label: '', importance: 1, columns: {} } } } }, 'p.json: x: learn.label must be a text'],
    [
      { queries: { x: { learn: { label: 'X', importance: 11, columns: {} } } } },
      'learn.importance must be a number from 0 to 10',
    ],
    [
      { queries: { x: { learn: { label: 'X', importance: 1, columns: { a: 'colour' } } } } },
      'column a is «colour»; use one of word, path',
    ],
  ])('that is wrong is refused, saying where: %j', (pack, message) => {
    expect(() => readPack({ 'p.json': pack })).toThrow(BadPack);
    expect(() => readPack({ 'p.json': pack })).toThrow(message);
  });
});
