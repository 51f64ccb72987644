import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';

import type { Step } from '../../../src-main/contract/answer.ts';
import { textOf } from '../../../src-main/contract/story/tell.ts';
import { stepsDe } from '../../../src-main/contract/story/steps-de.ts';
import { stepsEn } from '../../../src-main/contract/story/steps-en.ts';
import { answersTo } from '../../../src-main/engine/answer/answer.ts';
import { thisMachine, type Machine } from '../../../src-main/engine/answer/machine.ts';
import { quoted } from '../../../src-main/engine/answer/shell.ts';
import { stepsOf } from '../../../src-main/engine/answer/steps.ts';
import { AT, connect, open, row, start, times, typed, type Row } from '../narrative/tell.ts';
import { scratch } from '../../scratch.ts';
import { incidentOf, type Made } from './incident-of.ts';

const desk: Machine = { host: 'desk', process: () => undefined, sessionIsOpen: () => true };
const steps = (made: Made, machine: Machine = desk): readonly Step[] =>
  answersTo(made, made.incident, made.story, machine).steps;
const of = (acts: readonly Row[], machine: Machine = desk, past: readonly Row[] = []): readonly Step[] =>
  steps(incidentOf(acts, past), machine);
const told = ({ phrase, note, command }: Step): unknown[] => [
  textOf(phrase, 'en') + (note ? ` (${textOf(note, 'en')})` : ''),
  command,
];
const only = (all: readonly Step[], kind: Step['kind']): Step => all.find((step) => step.kind === kind)!;
const shell = (command: string, env: NodeJS.ProcessEnv = process.env): string =>
  execFileSync('sh', ['-c', command], { encoding: 'utf8', env });

const login = row('logins', { type: 'user', user: 'alice', tty: 'pts/7', host: '203.0.113.190' });
const session = row('sessions', { cgroup_path: '/user.slice/user-1000.slice/session-41.scope' });
const key = (file: string, comment = 'x@evil'): Row =>
  row('authorized_keys', { uid: '1000', username: 'alice', algorithm: 'ssh-ed25519', comment, key_file: file });

describe('the steps against an alert', () => {
  it('are made from it: stop what goes on, take away what lets come back, keep what is known', () => {
    const all = of([
      ...[login, session, start('/usr/bin/bash', 'sshd'), open('/usr/bin/cat', '/home/alice/.ssh/id_ed25519')],
      ...[key('/home/alice/.ssh/authorized_keys'), connect('/usr/bin/bash', '203.0.113.190', '4444')],
    ]);
    expect(all.map(told)).toEqual([
      ['End login session 41; what is not saved in it is lost', 'loginctl terminate-session 41'],
      [
        'Take away the SSH key x@evil of /home/alice/.ssh/authorized_keys: its owner can log in with it',
        expect.stringContaining('cp -p /home/alice/.ssh/authorized_keys /home/alice/.ssh/authorized_keys.before'),
      ],
      ['Lock the screen', 'loginctl lock-session'],
      ['Take the computer off the network while somebody may still be connected', 'nmcli networking off'],
      ['Keep what is known, for whoever looks after this computer', 'ubad alerts report 1 --output alert-1.html'],
      ['Treat what stands in /home/alice/.ssh/id_ed25519 as known to others: change it', null],
      ['Change alice’s password, at best from a computer that you trust', 'passwd'],
      ['At work, tell whoever looks after your computers; leave this one switched on', null],
    ]);
    expect(new Set(all.map(({ key: name }) => name)).size).toBe(all.length);
  });

  it('begin with the screen where nobody came from elsewhere, or has gone since', () => {
    const kinds = (acts: readonly Row[], machine = desk): unknown[] => of(acts, machine).map(({ kind }) => kind);
    const here = row('logins', { type: 'user', user: 'alice', tty: 'tty7', host: ':0' });
    expect(kinds([here, session]).slice(0, 2)).toEqual(['lock', 'session']);
    expect(kinds([login, session], { ...desk, sessionIsOpen: () => false }).slice(0, 2)).toEqual(['lock', 'session']);
    expect(kinds([login]).slice(0, 2)).toEqual(['terminal', 'lock']);
  });

  it('begin with what goes on without anybody at the screen', () => {
    const elsewhere = { ...desk, host: 'laptop' };
    const kinds = (...acts: readonly Row[]): unknown[] => of(acts, elsewhere).map(({ kind }) => kind);
    const python = connect('/usr/bin/python3', '203.0.113.9', '4444');
    const named = { ...python, columns: { ...python.columns, pid: '90' } };
    expect(kinds(named).slice(0, 3)).toEqual(['disconnect', 'lock', 'process']);
    expect(only(of([named], elsewhere), 'process').command).toBe('ps -o pid,lstart,args -p 90');
    const miner = row('process_start', { name: 'xmrig', path: '/tmp/m/xmrig', pid: '91', start_time: '1000' });
    expect(kinds(miner).slice(0, 2)).toEqual(['process', 'lock']);
  });

  it('say nothing of a login, a network or a session where the alert has none', () => {
    const kinds = of(times(3, typed('nmap'))).map(({ kind }) => kind);
    expect(kinds).toEqual(['lock', 'evidence', 'password', 'tell']);
  });

  it('tell of a session that has ended, and of one on another machine', () => {
    const ended = only(of([login, session], { ...desk, sessionIsOpen: () => false }), 'session');
    expect(told(ended)).toEqual(['End login session 41; what is not saved in it is lost (has ended)', null]);
    const elsewhere = only(of([login, session], { ...desk, host: 'laptop' }), 'session');
    expect(told(elsewhere)[0]).toContain('(on desk, not on this computer)');
    expect(told(only(of([login]), 'terminal'))).toEqual([
      'End what runs on pts/7; what is not saved there is lost',
      'pkill -HUP -t pts/7',
    ]);
  });

  it('of another machine are to be carried out there, all but the report', () => {
    const all = of([login, session, start('/tmp/m/xmrig', 'bash')], { ...desk, host: 'laptop' });
    const there = all.filter(({ note }) => note !== null && textOf(note, 'en') === 'on desk, not on this computer');
    expect(there.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['lock', 'session', 'disconnect', 'password']),
    );
    expect(only(all, 'lock').command).toBe('loginctl lock-sessions');
    expect(only(all, 'evidence').note).toBeNull();
    expect(only(of([login, session]), 'lock')).toMatchObject({ command: 'loginctl lock-session', note: null });
  });

  it('end the session of the acts where no login is told of, but never the one that the reader sits in', () => {
    const cgroup_path = '/user.slice/user-1000.slice/session-2.scope';
    const anomalous = row('process_start', { name: 'nc', path: '/tmp/nc', cgroup_path });
    expect(only(of([anomalous]), 'session').command).toBe('loginctl terminate-session 2');
    expect(of([anomalous], { ...desk, session: '2' }).map(({ kind }) => kind)).not.toContain('session');
  });

  it('are kept when they are ticked, also when the alert grows', () => {
    const made = incidentOf([key('/home/alice/.ssh/authorized_keys')]);
    const { key: name } = only(steps(made), 'key');
    made.store.transaction(() => {
      made.store.doneSteps.set(made.incident.id, name, AT);
    });
    expect(only(steps(made), 'key').done).toBe(AT);
    expect(only(steps(made), 'lock').done).toBeNull();
    made.store.transaction(() => {
      made.store.doneSteps.set(made.incident.id, name, null);
    });
    expect(only(steps(made), 'key').done).toBeNull();
  });

  it('against what lets somebody come back begin with that, and ask no password of a machine', () => {
    expect(
      of([key('/home/alice/.ssh/authorized_keys')])
        .slice(0, 2)
        .map(({ kind }) => kind),
    ).toEqual(['key', 'lock']);
    expect(of([key('/home/alice/.ssh/authorized_keys')]).map(({ kind }) => kind)).toContain('password');
    const machine = stepsOf({
      alert: 1,
      user: 'host:desk',
      story: { act: 'sudo', rows: [], headline: { id: 'head.login.remote', values: {} } },
      acts: [],
      machine: desk,
    });
    expect(machine.map(({ kind }) => kind)).not.toContain('password');
  });

  it('stop what runs and end its session before what was added is taken away', () => {
    const miner: Row = {
      query: 'process_start',
      columns: { name: 'x', path: '/tmp/.x/x', parent_name: 'bash', pid: '77' },
    };
    const account = row('users', { username: 'eve', uid: '1007' });
    const kinds = (acts: readonly Row[]): string[] => of(acts, { ...desk, host: 'laptop' }).map(({ kind }) => kind);
    expect(kinds([session, miner, account]).slice(0, 3)).toEqual(['process', 'session', 'account']);
    // No table told of an account, but it was asked for.
    expect(kinds([session, miner, typed('useradd')]).slice(0, 3)).toEqual(['process', 'session', 'account']);
    expect(kinds([session, miner]).slice(0, 2)).toEqual(['process', 'lock']);
  });

  it('are asked of the reader where it is their own account on this machine, else of somebody by name', () => {
    const made = incidentOf([start('/tmp/x', 'bash')]);
    const mine = (machine: Partial<Machine>): boolean =>
      answersTo(made, made.incident, made.story, { ...desk, ...machine }).mine;
    const asked = [{ user: 'alice' }, { user: 'bob' }, {}, { user: 'alice', host: 'other' }].map(mine);
    expect(asked).toEqual([true, false, false, false]);
    made.store.transaction(() => {
      made.store.state.setInventedTimes();
    });
    expect(mine({ user: 'alice' })).toBe(false);
  });

  it('of an invented log are for reading only', () => {
    const made = incidentOf([login, session, start('/tmp/x', 'bash')]);
    made.store.transaction(() => {
      made.store.state.setInventedTimes();
    });
    const all = steps(made);
    // What is done to a screen, a network or a password would be done to the reader's own.
    for (const kind of ['session', 'lock', 'disconnect', 'password'] as const)
      expect([kind, textOf(only(all, kind).note!, 'en')]).toEqual([
        kind,
        'only an example: nothing has to be run here',
      ]);
  });

  it('are worded in both languages, with the same values', () => {
    const valuesOf = (entry: unknown): unknown => new Set([...JSON.stringify(entry).matchAll(/\{\w+\}/g)].map(String));
    for (const name of Object.keys(stepsEn) as (keyof typeof stepsEn)[])
      expect([name, valuesOf(stepsDe[name])]).toEqual([name, valuesOf(stepsEn[name])]);
    expect(textOf(only(of([login, session]), 'session').phrase, 'de')).toBe(
      'Anmeldesitzung 41 beenden; was darin nicht gespeichert ist, geht verloren',
    );
  });
});

describe('a process', () => {
  const running = (): { readonly pid: string; readonly began: number } => {
    const child = spawn('sleep', ['60']);
    onTestFinished(() => void child.kill('SIGKILL'));
    return { pid: String(child.pid), began: Math.floor(Date.now() / 1000) };
  };
  const started = (pid: string, start_time: number, path = '/usr/bin/sleep'): Row =>
    row('process_start', { pid, start_time: String(start_time), name: 'sleep', path, parent_name: 'sshd' });
  const here = { ...thisMachine(), host: 'desk' };

  it('is stopped by its number while that is still its own', async () => {
    const { pid, began } = running();
    await expect.poll(() => here.process(pid)?.path).toMatch(/sleep|coreutils/);
    const path = here.process(pid)!.path!;
    const { command, note } = only(of([started(pid, began, path)], here), 'process');
    expect(note).toBeNull();
    shell(command!);
    await expect.poll(() => here.process(pid)).toBeUndefined();
    expect(() => shell(command!)).toThrow();
  });

  it('is left alone where the number belongs to another one by now', async () => {
    const { pid, began } = running();
    await expect.poll(() => here.process(pid)?.path).toMatch(/sleep|coreutils/);
    const path = here.process(pid)!.path!;
    for (const other of [started(pid, began - 3600, path), started(pid, began, '/tmp/other')]) {
      expect(of([other], here).filter(({ kind }) => kind === 'process')).toEqual([]);
    }
    const command = only(of([started(pid, began, path)], here), 'process').command!;
    expect(() => shell(command.replace(/= \d+/, '= 1'))).toThrow();
    expect(here.process(pid)).toBeDefined();
  });

  it('is found for a connection that it made', () => {
    const acts = [started('77', 1000), connect('/usr/bin/sleep', '198.51.100.1')];
    const machine = { ...here, process: () => ({ start: 1000, ticks: '5', path: '/usr/bin/sleep' }) };
    expect(told(only(of(acts, machine), 'process'))).toEqual([
      'Stop sleep (process 77)',
      expect.stringContaining('= 5 ]'),
    ]);
  });

  it('of another machine is one to look for, together with the others', () => {
    const acts = [started('77', 1000, '/tmp/sleep'), started('78', 1000, '/tmp/nc')];
    expect(told(only(of(acts, { ...here, host: 'laptop' }), 'process'))).toEqual([
      'Stop /tmp/nc, /tmp/sleep where they still run, with kill and their numbers (on desk, not on this computer)',
      'ps -o pid,lstart,args -p 78,77',
    ]);
  });
});

describe('what was put there is taken away', () => {
  it('a key by its comment, and nothing else; and it comes back', () => {
    const file = join(scratch(), "keys of o'brien");
    const kept = '# mine\nssh-ed25519 AAAA alice@desk\nfrom="10.0.0.0/8" ssh-rsa BBBB not x@evil.example\n';
    writeFileSync(file, `${kept}ssh-ed25519 CCCC x@evil\nssh-rsa DDDD x@evil\n`, { mode: 0o600 });
    const before = readFileSync(file, 'utf8');
    const { command, undo } = only(of([key(file)]), 'key');
    shell(command!);
    expect(readFileSync(file, 'utf8')).toBe(kept);
    shell(undo!);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('a cron job by its line, and nothing else; and it comes back', () => {
    const home = scratch();
    const bin = join(home, 'bin');
    mkdirSync(bin);
    const table = join(home, 'table');
    writeFileSync(
      join(bin, 'crontab'),
      `#!/bin/sh\ncase "$1" in -l) cat '${table}';; -|'') cat >'${table}';; *) cat "$1" >'${table}';; esac\n`,
    );
    chmodSync(join(bin, 'crontab'), 0o755);
    const kept = '# m h\n0 5 * * 1 tar -zcf /var/x.tgz /home\n*/5 * * * * sh /tmp/.x/runner\n';
    writeFileSync(table, `${kept}*/5  *  * * *   sh /tmp/.x/run --quiet\n@reboot /tmp/y\n`);
    const before = readFileSync(table, 'utf8');
    const env = { ...process.env, HOME: home, PATH: `${bin}:${process.env.PATH}` };
    const job = (columns: Record<string, string>): Step =>
      only(of([row('crontab', { path: '/var/spool/cron/crontabs/alice', ...columns })]), 'cron');
    const five = { minute: '*/5', hour: '*', day_of_month: '*', month: '*', day_of_week: '*', verb: 'sh /tmp/.x/run' };
    const { command, undo } = job(five);
    shell(command!, env);
    expect(readFileSync(table, 'utf8')).toBe(`${kept}@reboot /tmp/y\n`);
    shell(undo!, env);
    expect(readFileSync(table, 'utf8')).toBe(before);
    shell(job({ minute: '@reboot', verb: '/tmp/y' }).command!, env);
    expect(readFileSync(table, 'utf8')).not.toContain('@reboot');
  });

  it('a cron job of the system, whose lines name a user', () => {
    const file = join(scratch(), 'job');
    const kept = '# x\nPATH=/bin\n*/5 * * * * alice sh /tmp/.x/other\n';
    writeFileSync(file, `${kept}*/5 * * * * root  sh /tmp/.x/run\n`);
    const five = { minute: '*/5', hour: '*', day_of_month: '*', month: '*', day_of_week: '*', verb: 'sh /tmp/.x/run' };
    const step = only(of([row('crontab', { path: file, ...five })]), 'cron');
    expect(textOf(step.note!, 'en')).toBe('needs the rights of root');
    shell(step.command!.replaceAll('sudo ', ''));
    expect(readFileSync(file, 'utf8')).toBe(kept);
  });

  it('an autostart entry by its name, and it comes back', () => {
    const file = join(scratch(), 'a b.desktop');
    writeFileSync(file, 'x');
    const { command, undo } = only(of([row('autostart', { path: file, uid: '1000' })]), 'autostart');
    shell(command!);
    expect(readFileSync(`${file}.off`, 'utf8')).toBe('x');
    shell(undo!);
    expect(readFileSync(file, 'utf8')).toBe('x');
  });

  it.each([
    ['unit', row('systemd_units', { id: 'x.service', fragment_path: '/home/alice/.config/systemd/user/x.service' })],
    ['unit', row('systemd_units', { id: 'x.service', fragment_path: '/etc/systemd/system/x.service' })],
    ['account', row('users', { uid: '1001', gid: '1001', username: 'helper', directory: '/h', shell: '/bin/sh' })],
    ['admin', row('admins', { uid: '1001', groupname: 'sudo' })],
    ['sudo', row('sudoers', { source: '/etc/sudoers.d/x', header: 'dave', rule_details: 'ALL' })],
    ['module', row('kernel_modules', { name: 'x' })],
    ['port', row('listening', { name: 'nc', path: '/usr/bin/nc', protocol: '6', address: '0.0.0.0', port: '4444' })],
  ] as const)('of the kind %s by a command that is shown', (kind, given) => {
    expect(only(of([given]), kind).command).toMatchSnapshot();
  });
});

describe('a word of a log in a command', () => {
  it('is one word to a shell, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (text) => {
        const word = quoted(text);
        if (word !== undefined) expect(shell(`printf %s ${word}`)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['\u202e', 'a\nb', '', '-rf', 'x'.repeat(2000)])('is refused where nobody could check it: %j', (text) => {
    expect(quoted(text)).toBeUndefined();
    expect(only(of([key('/k', `${text}\u200b`)]), 'key').command).toBeNull();
  });
});
