import { describe, expect, it } from 'vitest';

import { alsoOf } from '../../../src-main/contract/story/also.ts';
import type { Story } from '../../../src-main/contract/story/story.ts';
import { begunAt, hoursOf, textOf, whereOf } from '../../../src-main/contract/story/tell.ts';
import { pastOf, tellIncident } from '../../../src-main/engine/narrative/tell-incident.ts';
import { line, newStore } from '../store/store-at.ts';
import { AT, connect, learning, row, start, times, told, typed, type Row } from './tell.ts';

const login = (host: string, tty = 'pts/7'): Row => row('logins', { type: 'user', user: 'alice', tty, host });
const inSession = (given: Row, session: number): Row => ({
  ...given,
  columns: { ...given.columns, cgroup_path: `/user.slice/user-1000.slice/session-${session}.scope` },
});
const both = (tell: (language: 'en' | 'de') => string): string[] => [tell('en'), tell('de')];

describe('what else is told beside the headline', () => {
  const also = (acts: readonly Row[], past: readonly Row[] = []): string[] =>
    alsoOf(told(acts, past).story).map((phrase) => textOf(phrase, 'en'));

  it('is what was never done before, a row of each kind that tells by itself', () => {
    const acts = [
      start('/usr/bin/dash', 'cron'),
      row('authorized_keys', { username: 'alice', comment: 'x@y', key_file: '/k' }),
      start('/tmp/u', 'sh'),
      connect('/tmp/u', '203.0.113.1', '80'),
      typed('crontab'),
    ];
    expect(also(acts)).toEqual([
      'dash (runs commands) started by cron',
      'u connected to 203.0.113.1:80',
      'u in /tmp started',
    ]);
  });

  it('is what was done after a login, and nothing where the headline names all of it', () => {
    const acts = [
      start('/usr/bin/bash', 'sshd'),
      login('203.0.113.9'),
      typed('for'),
      typed('x=1'),
      typed('vi'),
      typed('ls'),
    ];
    expect(also(acts, times(3, typed('ls')))).toEqual(['Command vi (changes files by hand)']);
    const known = start('/usr/bin/dash', 'make');
    expect(also([connect('/usr/bin/python3', '203.0.113.9'), start('/usr/bin/dash', 'python3')], [known])).toEqual([
      'dash (runs commands) started by python3',
    ]);
    expect(also([typed('vi'), typed('make')])).toEqual([]);
    // One address of the headline is not told again, nor what was long before.
    const shared = [connect('/usr/bin/busybox', '203.0.113.5', '80'), connect('/usr/bin/curl', '203.0.113.5', '80')];
    expect(also(shared)).toEqual([]);
    expect(also([typed('make'), ...times(12, typed('ls')), start('/tmp/x', 'bash')])).toEqual([]);
  });
});

describe('from where and when', () => {
  const wheres = (story: Story): string[] => both((l) => textOf(whereOf(story, 'alice'), l));

  it('is the login of the telling act’s session', () => {
    const acts = [inSession(start('/tmp/x', 'bash'), 9)];
    expect(wheres(told(acts).story)).toEqual(['the log does not tell', 'das Protokoll sagt es nicht']);
    const remote = [...times(3, typed('ls')), { ...login('203.0.113.9'), time: AT - 30 }];
    const begun = { ...inSession(start('/usr/bin/bash', 'sshd'), 9), time: AT - 20 };
    expect(wheres(told(acts, [...remote, begun]).story)).toEqual([
      'from another machine, 203.0.113.9, on pts/7 (login session 9), once before',
      'von einem anderen Rechner, 203.0.113.9, an pts/7 (Anmeldesitzung 9), vorher einmal',
    ]);
    expect(wheres(told([{ ...login(':0', 'tty7') }, ...acts]).story)).toEqual([
      'at the machine itself, on tty7',
      'am Rechner selbst, an tty7',
    ]);
  });

  it('is the window or ssh that started it, where no login is told', () => {
    expect(wheres(told([start('/usr/bin/nmap', 'xfce4-terminal')]).story)).toEqual([
      'at the machine’s own desktop, in a terminal window (xfce4-terminal)',
      'an der Arbeitsumgebung des Rechners selbst, in einem Terminalfenster (xfce4-terminal)',
    ]);
    const acts = [inSession(start('/usr/bin/bash', 'sshd'), 9), inSession(start('/tmp/x', 'bash'), 9)];
    expect(wheres(told(acts).story)).toEqual([
      'from another machine, over ssh (login session 9); from which address, the log does not tell',
      'von einem anderen Rechner, über ssh (Anmeldesitzung 9); von welcher Adresse, sagt das Protokoll nicht',
    ]);
    // Another session's window says nothing of this one.
    expect(wheres(told([inSession(start('/usr/bin/bash', 'sshd'), 7), ...acts.slice(1)]).story)[0]).toBe(
      'the log does not tell',
    );
  });

  it('is told of a story that an earlier version has stored, too', () => {
    const where = { id: 'where.session', values: { session: '9' } };
    expect(both((language) => textOf(whereOf({ where }, 'alice'), language))).toEqual([
      'the log does not tell',
      'das Protokoll sagt es nicht',
    ]);
  });

  it('else names the logins that were open then, and claims no more', () => {
    const ended = (one: Row): Row => ({ ...one, change: 'removed' });
    const only = [login('203.0.113.9'), ended(login('203.0.113.9')), login(':0', 'tty7')];
    expect(wheres(told([typed('vi')], only).story)).toEqual(['the log does not tell', 'das Protokoll sagt es nicht']);
    expect(wheres(told([typed('vi')], [login('203.0.113.9')]).story)[0]).toBe(
      'the log does not tell; one login was open then, from 203.0.113.9, on pts/7',
    );
    expect(wheres(told([typed('vi')], [login('203.0.113.9'), login(':0', 'tty7')]).story)[0]).toBe(
      'the log does not tell; 2 logins were open then, 1 of them from elsewhere',
    );
    expect(wheres(told([typed('vi')], [login(':0', 'tty7'), ended(login(':0', 'tty7'))]).story)[0]).toBe(
      'the log does not tell',
    );
  });

  it('of a machine is by whom: who was logged in there then, where that is told', () => {
    const onMachine = (logins: readonly Row[]): string[] => {
      const store = newStore();
      if (logins.length > 0) told(logins, [], store);
      const { subjectId, id } = store.transaction(() => {
        const machine = store.subjects.ensure('host:desk', AT + 3600);
        const given = row('sudoers', { source: '/etc/sudoers.d/x', header: 'alice', rule_details: 'ALL' });
        const [id] = store.actions.append([line(machine, 90, { time: AT + 3600, ...given })]);
        return { subjectId: machine, id: id! };
      });
      const incident = { subjectId, user: 'host:desk', since: id, last: id };
      const teller = { store, learning };
      const story = tellIncident(teller, incident, pastOf(teller, subjectId, id));
      return both((l) => textOf(whereOf(story, 'host:desk'), l));
    };
    expect(onMachine([])).toEqual([
      'the log tells neither from where nor by whom',
      'das Protokoll sagt weder von wo noch von wem',
    ]);
    expect(onMachine([login(':0', 'tty7')])).toEqual([
      'the log tells neither from where nor by whom; alice was logged in then, at the machine itself',
      'das Protokoll sagt weder von wo noch von wem; alice war da angemeldet, am Rechner selbst',
    ]);
    expect(onMachine([login('203.0.113.9')])[0]).toBe(
      'the log tells neither from where nor by whom; alice was logged in then, from 203.0.113.9',
    );
    const gone = [login('203.0.113.9'), { ...login('203.0.113.9'), change: 'removed' as const }];
    expect(onMachine(gone)[0]).toBe('the log tells neither from where nor by whom');
  });

  it('is nowhere where the clock or a manager of services starts what heads it, whoever is logged in then', () => {
    const byCron = told([login(':0', 'tty7'), start('/tmp/u', 'cron'), typed('ls')]).story;
    expect(wheres(byCron)).toEqual([
      'started by the system: cron does so at set times; who set that up, the log does not tell',
      'vom System gestartet: cron tut das zu festen Zeiten; wer das eingerichtet hat, sagt das Protokoll nicht',
    ]);
    // Also where what it started connects, whoever started the same before.
    const python = '/usr/bin/python3';
    const connected = told([
      login(':0', 'tty7'),
      start(python, 'bash'),
      start(python, 'cron'),
      connect(python, '203.0.113.9'),
    ]);
    expect(wheres(connected.story)[0]).toMatch(/^started by the system: cron does so at set times/);
    expect(textOf(connected.story.headline, 'en')).toContain('python3 (runs scripts), started by cron');
    const typedIt = told([login(':0', 'tty7'), start('/tmp/u', 'bash'), typed('ls')]).story;
    expect(wheres(typedIt)[0]).toBe('at the machine itself, on tty7');
    const asked = told([login(':0', 'tty7'), start('/tmp/u', 'systemd')]).story;
    expect(wheres(asked)[0]).toBe(
      'started by systemd, which starts the desktop’s programs and timers; who asked for it, the log does not tell',
    );
  });

  it('is when the first act that is told was done, where that was before the first that alarmed', () => {
    const { story } = told([typed('ls'), inSession(start('/tmp/x', 'bash'), 9), typed('id')]);
    expect(begunAt(story, AT + 120)).toBe(AT);
    expect(begunAt(story, AT - 30)).toBe(AT - 30);
  });

  it('is the incident’s own login, or not told', () => {
    expect(wheres(told([login('203.0.113.9'), typed('vi')]).story)).toEqual([
      'from another machine, 203.0.113.9, on pts/7, never before',
      'von einem anderen Rechner, 203.0.113.9, an pts/7, vorher nie',
    ]);
    expect(wheres(told([typed('vi')]).story)).toEqual(['the log does not tell', 'das Protokoll sagt es nicht']);
  });

  it('is inside or outside of the usual hours, where there are any', () => {
    const day = (n: number): Row[] =>
      Array.from({ length: 9 }, (_, h) => ({ ...typed('ls'), time: AT - 86_400 * n + 3600 * (h - 1) }));
    const past = [5, 4, 3, 2, 1].flatMap(day);
    const inside = told([typed('vi')], past).story;
    expect(inside.hours).toEqual({ from: 9, to: 18, outside: false });
    const outside = told([{ ...typed('vi'), time: AT + 16 * 3600 }], past).story;
    expect(both((l) => textOf(hoursOf(outside, 'alice')!, l))).toEqual([
      'outside the usual hours of alice (09–18)',
      'außerhalb der üblichen Stunden von alice (09–18)',
    ]);
    expect(both((l) => textOf(hoursOf(inside, 'alice')!, l))).toEqual([
      'within the usual hours of alice (09–18)',
      'in den üblichen Stunden von alice (09–18)',
    ]);
    expect(hoursOf(told([typed('vi')]).story, 'alice')).toBeUndefined();
  });
});
