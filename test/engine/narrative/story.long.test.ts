import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isOften, tacticOf } from '../../../src-main/contract/story/tactics.ts';
import { ofAttack } from '../../../src-main/engine/narrative/tool-names.ts';
import type { EntityRow, Story } from '../../../src-main/contract/story/story.ts';
import {
  briefText,
  isUsual,
  noveltyOf,
  piecesOf,
  severityPhrases,
  textOf,
  whereOf,
} from '../../../src-main/contract/story/tell.ts';
import { de } from '../../../src-main/contract/story/de.ts';
import { en } from '../../../src-main/contract/story/en.ts';
import { explanationOf } from '../../../src-main/engine/explanation/explanation.ts';
import { storyOfIncident } from '../../../src-main/engine/narrative/tell-incident.ts';
import { incident, newStore } from '../store/store-at.ts';
import { ACTS, HOSTILE } from '../../terminal/hostile-store.ts';
import { AT, connect, learning, open, row, start, times, told, typed, type Row } from './tell.ts';

const login = (host: string, tty = 'pts/7'): Row => row('logins', { type: 'user', user: 'alice', tty, host });
const shown = ({ phrase, chain, count, seen }: EntityRow): unknown[] => [
  textOf(phrase, 'en'),
  chain.join(' → '),
  count,
  seen,
];
const both = (tell: (language: 'en' | 'de') => string): string[] => [tell('en'), tell('de')];

describe('the rows of a story', () => {
  it('are merged, with parent, program and what it touched, and how often that was seen', () => {
    const past = times(30, connect('/usr/bin/firefox', '198.18.0.1'));
    const { story } = told(
      [
        start('/tmp/m/xmrig', 'bash'),
        start('/tmp/m/xmrig', 'bash'),
        connect('/tmp/m/xmrig', '198.51.100.1', '3333'),
        open('/usr/bin/cp', '/etc/shadow'),
        ...times(4, connect('/usr/bin/firefox', '198.18.0.1')),
      ],
      past,
    );
    expect(story.rows.map(shown)).toEqual([
      [
        'xmrig (its name says: earns digital money with this computer’s power) in /tmp/m started',
        'bash → /tmp/m/xmrig',
        2,
        0,
      ],
      [
        'xmrig (its name says: earns digital money with this computer’s power) connected to 198.51.100.1:3333',
        'bash → /tmp/m/xmrig → 198.51.100.1:3333',
        1,
        0,
      ],
      ['cp (copies files) opened /etc/shadow', '/usr/bin/cp → /etc/shadow', 1, 0],
    ]);
    expect(story.rows.map(({ first, last }) => [first, last])).toEqual([
      [AT, AT + 60],
      [AT + 120, AT + 120],
      [AT + 180, AT + 180],
    ]);
    expect(story.usual.map(shown)).toEqual([
      ['firefox (shows web pages) connected to 198.18.0.1:443', '/usr/bin/firefox → 198.18.0.1:443', 4, 30],
    ]);
    expect([story.acts, story.days, story.more]).toEqual([8, 1, 0]);
  });

  it('tell a program that connects to many addresses once, however many they are', () => {
    const { story } = told(Array.from({ length: 37 }, (_, n) => connect('/usr/bin/rclone', `203.0.113.${n}`)));
    expect(story.rows.map(shown)).toEqual([
      ['rclone (fetches or sends files), 37 connections', '/usr/bin/rclone', 37, 0],
    ]);
    expect(textOf(story.rows[0]!.phrase, 'de')).toBe('rclone (holt oder schickt Dateien), 37 Verbindungen');
  });

  it('say what is new about each, and to whom', () => {
    const bash = start('/usr/bin/bash', 'xfce4-terminal');
    const { story } = told(
      [start('/usr/bin/bash', 'sshd'), typed('vi'), typed('ls'), { ...login(''), change: 'removed' }, bash],
      [...times(48, typed('ls')), typed('vi'), bash],
    );
    const all = [...story.rows, ...story.usual];
    expect(all.map((one) => [textOf(one.phrase, 'en'), ...both((l) => textOf(noveltyOf(one, story.days), l))])).toEqual(
      [
        ['bash (runs commands) started', 'never from sshd before', 'noch nie von sshd'],
        ['Command vi (changes files by hand)', 'once before', 'vorher einmal'],
        ['bash (runs commands) started', 'once before', 'vorher einmal'],
        ['Command ls (lists files)', 'usual, 48 times before', 'üblich, vorher 48-mal'],
        ['Login pts/7 alice ended', 'the end of it', 'das Ende davon'],
      ],
    );
    const never = told([typed('vi')], [typed('ls'), ...times(50, typed('ls'))]).story;
    expect(both((l) => textOf(noveltyOf(never.rows[0]!, never.days), l))).toEqual([
      'never in the 2 days before',
      'in den 2 Tagen davor nie',
    ]);
    const only = told([typed('vi')]).story;
    expect(textOf(noveltyOf(only.rows[0]!, only.days), 'en')).toBe('never before');
  });

  it('are the three rarest where somebody else’s habits head it', () => {
    const verbs = ['ls', 'cd', 'git', 'vim'];
    const past = verbs.flatMap((verb, n) => times(25 + n, typed(verb)));
    const { story } = told(
      verbs.flatMap((verb) => times(6, typed(verb))),
      past,
    );
    expect(story.act).toBe('habits');
    expect(story.rows.map(({ phrase }) => phrase.values.name)).toEqual(['ls', 'cd', 'git']);
  });
});

describe('tactics', () => {
  it('show only with the rows that made them, each once', () => {
    const { story } = told([
      typed('ls'),
      open('/usr/bin/cp', '/etc/shadow'),
      connect('/usr/bin/curl', '203.0.113.77'),
      row('authorized_keys', { comment: 'x@y', key_file: '/home/alice/.ssh/authorized_keys' }),
      row('crontab', { path: '/var/spool/cron/crontabs/alice', verb: '/usr/bin/upd' }),
    ]);
    const chips = story.tactics.map(({ act, rows }) => [tacticOf(act)!.name, tacticOf(act)!.id, rows]);
    expect(chips).toEqual([
      ['Credential Access', 'TA0006', [1]],
      ['Persistence', 'TA0003', [3, 4]],
      ['Exfiltration', 'TA0010', [1, 2]],
    ]);
    expect(told([typed('ls')]).story.tactics).toEqual([]);
    expect(told([typed('vi')], times(21, login('203.0.113.9'))).story.tactics).toEqual([]);
  });

  it('name their source', () => {
    expect(tacticOf('place')).toEqual({
      id: 'TA0002',
      name: 'Execution',
      technique: 'T1204.002',
      source: 'https://attack.mitre.org/techniques/T1204/002/',
    });
    expect(tacticOf('constructor')).toBeUndefined();
    // A tool of every day can be part of it; a program from /tmp often is.
    expect([isOften('place'), isOften('tool.archive')]).toEqual([true, false]);
    const { story } = told([start('/usr/bin/nmap', 'bash'), start('/tmp/x', 'bash')]);
    expect(story.tactics).toEqual([
      { act: 'place', rows: [1] },
      { act: 'tool.scan', rows: [0] },
    ]);
    const many = ['nmap', 'tar', 'curl', 'whoami', 'chmod'].map((name) => start(`/usr/bin/${name}`, 'bash'));
    expect(told(many).story.tactics.map(({ act }) => act)).toEqual(['tool.scan', 'tool.transfer', 'tool.archive']);
    // Of each that ATT&CK names, and only of programs that it names.
    expect(Object.keys(ofAttack).filter((tool) => tacticOf(`tool.${tool}`) === undefined)).toEqual([]);
    expect(told([start('/usr/bin/gunzip', 'bash')]).story.tactics).toEqual([]);
  });
});

describe('the severity', () => {
  const say = (story: Story, severity: number | null): string[] =>
    both((l) =>
      severityPhrases(story, 'alice', severity, l)
        .map((phrase) => textOf(phrase, l))
        .join(' '),
    );

  it('is told: how far beyond the line, and the kind of act', () => {
    const { story } = told([login('203.0.113.9')]);
    expect(say(story, 78)).toEqual([
      '78 of 100: the strangest stretch lies far beyond alice’s alarm line, which is at 50. What tells most is a login from another machine; such acts weigh 7 of 10.',
      '78 von 100: Der seltsamste Abschnitt liegt weit über der Alarmgrenze von alice, die bei 50 liegt. Am meisten sagt eine Anmeldung von einem anderen Rechner; solche Handlungen wiegen 7 von 10.',
    ]);
    expect(say(story, 60)[0]).toContain('clearly beyond');
    expect(say(story, 50)[0]).toContain('just reaches');
    expect(say(story, 40)[0]).toContain('lies higher now than it did then');
    expect(say(story, null)[0]).toContain('No model says any more how far');
  });

  it('is the mix where no act tells', () => {
    const { story } = told(times(30, typed('ls')), times(40, typed('ls')));
    expect(say(story, 60)[0]).toMatch(
      /No single act made it, but many together: somebody else may have been at work, or alice at something new\.$/,
    );
    expect(say(story, 60)[1]).toMatch(
      /sondern viele zusammen: Vielleicht war jemand anderes am Werk, oder alice bei etwas Neuem\.$/,
    );
  });
});

it('tells an incident from before there were stories by what is stored of it, and by its own rows where nothing is', () => {
  const store = newStore();
  const { since, subjectId } = told([start('/tmp/x', 'bash'), typed('vi')], times(3, typed('ls')), store);
  const why = {
    sentence: 'alice: odd',
    factors: [],
    rest: 1,
    votes: [],
    familiar: [],
    surprises: [],
    nearest: [],
    rank: { share: 0.99, of: 'training' },
    chance: 0.01,
    actions: [{ id: since + 1, time: AT, query: 'shell_verb', columns: { verb: 'vi' }, score: 5 }],
  };
  const [whole, bare] = store.transaction(() =>
    [since, 90_000].map((first) =>
      store.incidents.open({
        ...incident(subjectId, first, first + 1),
        explanation: first === since ? why : { ...why, actions: why.actions.map((one) => ({ ...one, id: first })) },
      }),
    ),
  );
  const storyOf = (id: number): Story => storyOfIncident({ store, learning }, store.incidents.byId(id)!)!;
  expect(textOf(storyOf(whole!).headline, 'en')).toBe(
    'A program in /tmp was started by bash (runs commands): x (ubad does not know it), never before',
  );
  expect(textOf(storyOf(bare!).headline, 'en')).toBe('A command was typed: vi (changes files by hand), once before');
  expect(explanationOf({ explanation: { ...why, story: storyOf(whole!) } })?.story).toEqual(storyOf(whole!));
});

describe('whatever the log says', () => {
  const value = fc.constantFrom('a', '/tmp/x', '/usr/bin/bash', '203.0.113.9', '443', '', HOSTILE, '__proto__');
  const queries = [...learning.values(), { query: HOSTILE, columns: { path: 'path' } }];
  const anyRow: fc.Arbitrary<Row> = fc.constantFrom(...queries).chain(({ query, columns }) =>
    fc.record({
      query: fc.constant(query),
      change: fc.constantFrom('added' as const, 'removed' as const),
      columns: fc.record(Object.fromEntries(Object.keys(columns).map((column) => [column, value]))),
    }),
  );
  const stories = fc
    .tuple(
      fc.array(anyRow, { minLength: 1, maxLength: 30 }),
      fc.array(anyRow, { maxLength: 40 }),
      fc.integer({ min: 1, max: 25 }),
    )
    .map(
      ([acts, past, often]) =>
        told(
          acts,
          past.flatMap((one) => times(often, one)),
        ).story,
    );

  it('no headline names what was seen more than 20 times, and equal rows never stand twice', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const rows = [...story.rows, ...story.usual];
        const looks = rows.map((one) =>
          JSON.stringify([textOf(one.phrase, 'en').replace(/\d+ connections?/, ''), one.chain]),
        );
        expect(new Set(looks).size).toBe(looks.length);
        if (story.act === 'habits') return;
        const { seen = 0 } = story.headline.values;
        expect(Number(seen)).toBeLessThanOrEqual(20);
        const kinds = story.act === 'sent' ? ['read'] : [story.act];
        if (story.act !== 'rare') expect(story.rows.some((one) => kinds.includes(one.act) && !isUsual(one))).toBe(true);
        for (const name of [story.headline.values.a, story.headline.values.b, story.headline.values.c])
          if (name !== undefined) expect(story.rows.some((one) => !isUsual(one))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is shown and harmless, in both languages, and in no notification', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const phrases = [
          story.headline,
          whereOf(story, 'alice'),
          ...[...story.rows, ...story.usual].flatMap((one) => [one.phrase, noveltyOf(one, 3)]),
        ];
        for (const language of ['en', 'de'] as const) {
          for (const phrase of phrases) {
            const text = textOf(phrase, language);
            expect(text).not.toMatch(/^$|\{\w+\}/);
            expect(text).not.toMatch(ACTS);
            expect(text).not.toContain('\n');
          }
        }
        for (const { chain } of story.rows) expect(chain.join('')).not.toMatch(ACTS);
        expect(briefText(story.act, 'en')).not.toMatch(/[/\d]|FORGED/);
      }),
      { numRuns: 60 },
    );
  });

  it('says nothing of a phrase, a kind or a value that it does not know', () => {
    expect(textOf({ id: 'constructor', values: {} }, 'en')).toBe('');
    expect(briefText('constructor', 'de')).toBe('Etwas, das nicht üblich ist');
    expect(textOf({ id: 'row.command', values: {} }, 'en')).toBe('Command ');
    expect(piecesOf({ id: 'row.other', values: { label: 'Login', name: '{label}' } }, 'en')).toEqual([
      { text: 'Login', is: 'label' },
      { text: ' ', is: 'words' },
      { text: '{label}', is: 'value', place: 'name' },
    ]);
  });
});

it('has the same places for values in both languages', () => {
  const places = (entry: string | { readonly one: string; readonly other: string }): string[] => {
    const forms = typeof entry === 'string' ? [entry] : [entry.one, entry.other];
    return [...new Set(forms.flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();
  };
  for (const [id, entry] of Object.entries(en))
    expect([id, places(de[id as keyof typeof de])]).toEqual([id, places(entry)]);
});
