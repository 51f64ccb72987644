import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { SubjectResolver } from '../../../src-main/engine/reading/subject-resolver.ts';
import { scratch } from '../../scratch.ts';

const passwd = join(scratch(), 'passwd');
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
  new SubjectResolver(undefined, [], passwd).subjectOf(action(columns, query), 'desk');

describe('whose an action is', () => {
  it.each([
    ['the process’s user', { uid: '1000' }, 'alice'],
    [
      'the login behind sudo, not root',
      { uid: '0', cgroup_path: '/user.slice/user-1001.slice/session-3.scope' },
      'bob',
    ],
    ['the login before the process’s user', { uid: '1000', cgroup_path: '/user.slice/user-1001.slice/x' }, 'bob'],
    [
      'the login’s control group before audit’s login user',
      { auid: '1000', cgroup_path: '/user.slice/user-1001.slice/x' },
      'bob',
    ],
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

  it.each([
    '1e3',
    '0x3e8',
    ' 1000',
    '1000.0',
    '+1000',
    '01000',
    '１０００',
    '99999999999',
    '4294967295',
    'alice',
    'NaN',
  ])('is nobody’s by %j, which is no uid', (uid) => {
    expect(whose({ uid })).toBe('host:desk');
    expect(whose({ auid: uid, uid: '1001' })).toBe('bob');
    expect(whose({ uid, username: 'carol' })).toBe('carol');
    const resolver = new SubjectResolver(undefined, [], passwd);
    resolver.subjectOf(action({ uid, username: 'mallory' }, 'users'), 'desk');
    expect(resolver.save()).toEqual([]);
  });

  it('tells a user from a host and from a number, whatever the user is called', () => {
    const names = ['host:desk', 'uid:1234', 'user:host:desk', 'user:x', 'x'];
    const rows = [{}, { uid: '1234' }, ...names.map((username) => ({ username }))];
    expect(new Set(rows.map((row) => whose(row))).size).toBe(rows.length);
    const resolver = new SubjectResolver(undefined, [], passwd);
    resolver.subjectOf(action({ uid: '1300', username: 'host:desk' }, 'users'), 'desk');
    expect(resolver.subjectOf(action({ uid: '1300' }), 'desk')).toBe('user:host:desk');
  });

  it('is not the owner of a file that changed', () => {
    expect(whose({ uid: '1000', target_path: '/home/alice/x' }, 'file_events')).toBe('host:desk');
  });

  it.each([
    ['a file that changed, by whatever name it is asked', 'fim_home', { uid: '1000', target_path: '/home/alice/x' }],
    ['a file that changed, in a pack of its own', 'fim/file_events', { uid: '1000', path: '/home/alice/x' }],
    ['a file with its mode', 'big_files', { uid: '1000', path: '/home/alice/x', mode: '0644', inode: '7' }],
    ['a program with rights', 'suid_bin', { path: '/home/alice/at', username: 'alice', permissions: 'S' }],
    ['a container', 'docker_containers', { image: 'nginx', user: 'alice' }],
  ])('is not the owner of %s', (_, query, columns) => {
    expect(whose(columns, query)).toBe('host:desk');
  });

  it('is whoever has a file open, whosever it is', () => {
    expect(whose({ uid: '1000', pid: '7', path: '/home/bob/x', inode: '9' }, 'open')).toBe('alice');
  });

  it.each([
    { user: 'reboot', tty: '~', type: 'boot_time' },
    { user: 'runlevel', tty: '~', type: 'runlevel' },
    { user: 'LOGIN', tty: 'tty1', type: 'login' },
    { user: 'carol', tty: 'pts/0', type: 'dead' },
    { user: '(unknown)', tty: ':0', type: 'user' },
    { user: 'gdm', tty: 'tty1', type: 'user' },
    { username: 'shutdown', tty: '~', type: '1', type_name: 'run-lvl' },
    { username: 'daemon' },
    { username: '_apt' },
    { user: 'systemd-network' },
    { username: 'root' },
  ])('is nobody’s who is no person: %j', (columns) => {
    expect(whose(columns, 'logged_in_users')).toBe('host:desk');
  });

  it('goes by the number of a name that has one', () => {
    const resolver = new SubjectResolver(undefined, [], passwd);
    resolver.subjectOf(action({ uid: '1700', username: 'backup' }, 'users'), 'desk');
    resolver.subjectOf(action({ uid: '117', username: 'builder' }, 'users'), 'desk');
    expect(resolver.subjectOf(action({ username: 'backup' }), 'desk')).toBe('backup');
    expect(resolver.subjectOf(action({ username: 'builder' }), 'desk')).toBe('host:desk');
    const woken = new SubjectResolver(undefined, resolver.save(), passwd);
    expect(woken.subjectOf(action({ username: 'builder' }), 'desk')).toBe('host:desk');
  });

  it('is the account’s when it is removed', () => {
    const resolver = new SubjectResolver(undefined, [], passwd);
    const row = action({ uid: '1500', username: 'dora' }, 'users');
    expect(resolver.subjectOf(row, 'desk')).toBe('dora');
    expect(resolver.subjectOf({ ...row, change: 'removed' }, 'desk')).toBe('dora');
    expect(resolver.subjectOf(action({ uid: '1500' }), 'desk')).toBe('uid:1500');
  });

  it('is known by the names of before, where the host is called otherwise now', () => {
    const resolver = new SubjectResolver(undefined, [], passwd);
    resolver.subjectOf(action({ uid: '1500', username: 'dora' }, 'users'), 'old');
    const machine = { name: 'old', formerly: ['old'] };
    expect(resolver.subjectOf(action({ uid: '1500' }), 'new', machine)).toBe('dora');
    expect(resolver.subjectOf(action({ name: 'usbhid' }), 'new', machine)).toBe('host:old');
  });

  it('is always the forced one', () => {
    expect(new SubjectResolver('eve').subjectOf(action({ uid: '1000' }), 'desk')).toBe('eve');
  });

  it('follows the names that the log tells, also after a restart, and forgets those that are removed', () => {
    const resolver = new SubjectResolver(undefined, [], passwd);
    resolver.subjectOf(action({ uid: '1000', username: 'renamed' }, 'users'), 'desk');
    expect(resolver.subjectOf(action({ uid: '1000' }), 'desk')).toBe('renamed');
    const woken = new SubjectResolver(undefined, resolver.save(), passwd);
    expect(woken.subjectOf(action({ uid: '1000' }), 'desk')).toBe('renamed');
    woken.subjectOf({ ...action({ uid: '1000', username: 'renamed' }, 'users'), change: 'removed' }, 'desk');
    expect(woken.subjectOf(action({ uid: '1000' }), 'desk')).toBe('alice');
  });

  it('does not take a name of one host for another’s', () => {
    const resolver = new SubjectResolver(undefined, [], passwd);
    resolver.subjectOf(action({ uid: '1300', username: 'carol' }, 'users'), 'a');
    resolver.subjectOf(action({ uid: '1300', username: 'dave' }, 'users'), 'b');
    expect([
      resolver.subjectOf(action({ uid: '1300' }), 'a'),
      resolver.subjectOf(action({ uid: '1300' }), 'b'),
    ]).toEqual(['carol', 'dave']);
    expect(resolver.subjectOf(action({ uid: '1300' }), 'c')).toBe('uid:1300');
  });

  it('follows /etc/passwd when it changes', () => {
    const own = `${passwd}-2`;
    writeFileSync(own, 'alice:x:1000:1000\n');
    const resolver = new SubjectResolver(undefined, [], own);
    expect(resolver.subjectOf(action({ uid: '1005' }), 'desk')).toBe('uid:1005');
    writeFileSync(own, 'alice:x:1000:1000\ndora:x:1005:1005\n');
    expect(resolver.subjectOf(action({ uid: '1005' }, 'process_start', 1_750_000_100), 'desk')).toBe('dora');
  });

  it('has a name of bounded length', () => {
    expect(whose({ username: 'x'.repeat(5000) })).toHaveLength(256);
  });

  it('is a name of 1…256 characters whatever the row says, the same each time', () => {
    const column = fc.constantFrom('uid', 'auid', 'username', 'user', 'cgroup_path', '__proto__');
    const value = fc.oneof(fc.string({ maxLength: 400 }), fc.integer().map(String));
    fc.assert(
      fc.property(fc.dictionary(column, value), fc.constantFrom('users', 'usb', 'file_events'), (columns, query) => {
        const subject = whose(columns, query);
        expect(subject.length).toBeGreaterThan(0);
        expect(subject.length).toBeLessThanOrEqual(256);
        expect(whose(columns, query)).toBe(subject);
      }),
    );
  });

  it('keeps names to a bounded memory, and tells when one is learned', () => {
    const resolver = new SubjectResolver(undefined, [], passwd);
    for (let uid = 0; uid < 10_050; uid++)
      resolver.subjectOf(action({ uid: String(uid), username: 'x' }, 'users'), 'desk');
    expect(resolver.save()).toHaveLength(10_000);
    expect(resolver.revision).toBeGreaterThanOrEqual(10_000);
  });
});
