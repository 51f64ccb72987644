import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

import { reportDe } from '../../../src-main/contract/story/report-de.ts';
import { reportEn } from '../../../src-main/contract/story/report-en.ts';
import { invented } from '../../../src-main/engine/answer/machine.ts';
import { fileOf, reportFormats } from '../../../src-main/engine/report/file.ts';
import { escaped } from '../../../src-main/engine/report/html.ts';
import { plain } from '../../../src-main/engine/report/markdown.ts';
import { NoReport, reportOf, type Report, type ReportOptions } from '../../../src-main/engine/report/report.ts';
import { ACTS, HOSTILE } from '../../terminal/hostile-store.ts';
import { incidentOf, type Made } from '../answer/incident-of.ts';
import { AT, connect, open, row, start, times, typed, type Row } from '../narrative/tell.ts';
import { newStore } from '../store/store-at.ts';

const options: ReportOptions = { language: 'en', severity: 78, machine: invented, version: '1.2.3', now: AT + 3600 };
const acts: readonly Row[] = [
  row('logins', { type: 'user', user: 'alice', tty: 'pts/7', host: '203.0.113.190' }),
  start('/tmp/m/xmrig', 'bash'),
  connect('/tmp/m/xmrig', '198.51.100.1', '3333'),
  open('/usr/bin/cat', '/home/alice/.ssh/id_ed25519'),
  row('authorized_keys', {
    uid: '1000',
    username: 'alice',
    comment: 'x@evil',
    key_file: '/home/alice/.ssh/authorized_keys',
  }),
  ...times(2, typed('ls')),
];
const made = (): Made => incidentOf(acts, times(30, typed('ls')));
const of = (of_: Made, changes: Partial<ReportOptions> = {}): Report =>
  reportOf(of_, of_.incident, { ...options, ...changes });
const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/alert-report.schema.json'), 'utf8'),
) as object;
const passes = new Ajv({
  allErrors: true,
  strictTypes: false,
  formats: {
    'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/,
    uri: (text: string) => URL.canParse(text),
  },
}).compile(schema);

describe('an incident report', () => {
  it('is what its schema says, with the rows and what was done about it', () => {
    const told = made();
    told.store.transaction(() => {
      told.store.doneSteps.set(told.incident.id, 'lock', AT + 60);
    });
    const report = JSON.parse(fileOf(of(told), 'json').text) as Report;
    expect([passes(report), passes.errors]).toEqual([true, null]);
    expect(report).toMatchObject({
      headline: 'An SSH key was added, with which its owner can log in: x@evil (/home/alice/.ssh/authorized_keys)',
      alert: { id: 1, user: 'alice', band: 'high', severity: 78, state: 'open', verdict: null },
      cut: false,
    });
    expect(report.raw.map(({ query }) => query)).toEqual([
      ...['logins', 'process_start', 'net_out', 'sensitive_open', 'authorized_keys', 'shell_verb', 'shell_verb'],
    ]);
    expect(report.raw[0]).toMatchObject({ host: 'desk', line: 31, action: 'added', columns: acts[0]!.columns });
    expect(report.steps.find(({ kind }) => kind === 'lock')).toMatchObject({
      done: expect.stringMatching(/^2026-11-25T10:01:00/) as string,
    });
    expect(Date.parse(report.made) / 1000).toBe(AT + 3600);
    expect(report.steps.some(({ command }) => command?.includes('x@evil'))).toBe(true);
  });

  it('is worded in German too, with the same facts', () => {
    const told = made();
    const [en, de] = [of(told), of(told, { language: 'de' })];
    expect(de.headline).toBe(
      'Ein SSH-Schlüssel kam dazu, mit dem sich sein Besitzer anmelden kann: x@evil (/home/alice/.ssh/authorized_keys)',
    );
    expect(de.raw).toEqual(en.raw);
    for (const format of ['html', 'md'] as const) expect(fileOf(de, format).text).not.toMatch(/What to do|When\b/);
    for (const name of Object.keys(reportEn) as (keyof typeof reportEn)[])
      expect(Object.hasOwn(reportDe, name)).toBe(true);
  });

  it('says that rows are left out where there were too many', () => {
    const long = incidentOf(Array.from({ length: 520 }, (_, n) => typed(`c${n}`)));
    const report = of(long);
    expect([report.raw.length, report.cut]).toEqual([500, true]);
    expect(fileOf(report, 'md').text).toContain(plain('There were more'));
  });

  it('names alerts that belong to it', () => {
    const store = newStore();
    const [, second] = [incidentOf(acts, [], store), incidentOf(acts.slice(0, 1), [], store)];
    expect(of(second).twins).toMatchObject([{ id: 1, user: 'alice', shared: 'the same address, 203.0.113.190' }]);
  });

  it('of an alert whose reason is damaged says so', () => {
    const told = made();
    expect(() => reportOf(told, { ...told.incident, explanation: { x: 1 } }, options)).toThrow(NoReport);
  });
});

describe('its page', () => {
  const page = (told: Made = made()): string => fileOf(of(told), 'html').text;

  it('allows its own style and nothing else, and asks for nothing', () => {
    const text = page();
    const style = /<style>([^]*?)<\/style>/.exec(text)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text)![1]).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    expect(text).not.toMatch(/<(script|img|link|iframe|object|form|a)\b|\bsrc=|url\(|@import|\son\w+=|\sstyle=/i);
  });

  it('begins with what happened and holds every row', () => {
    const text = page();
    expect(text.indexOf('New login from 203.0.113.190')).toBeLessThan(text.indexOf('<h2'));
    for (const { columns } of acts) for (const value of Object.values(columns)) expect(text).toContain(escaped(value));
  });
});

it.each(reportFormats)('is harmless as %s, whatever a log said', (format) => {
  const hostile = `${HOSTILE}</pre><script>alert(1)</script>\`\`\`\n# x [y](javascript:1) | <b>`;
  const told = incidentOf([
    start(`/tmp/${hostile}`, hostile),
    row('authorized_keys', { comment: hostile, key_file: hostile, username: hostile }),
    row(hostile, { [hostile]: hostile }),
  ]);
  const { text } = fileOf(of(told), format);
  expect(text).not.toMatch(ACTS);
  if (format === 'html') expect(text).not.toMatch(/<script|<b>/);
  if (format === 'json') expect((JSON.parse(text) as Report).raw[0]!.columns.path).toBe(`/tmp/${hostile}`);
  if (format !== 'md') return;
  // What is quoted is in fences that it cannot end; elsewhere it means nothing.
  const fences = text.split('\n').filter((line) => /^\s*`{3,}$/.test(line));
  expect(fences.length % 2).toBe(0);
  const outside = text.replace(/^(\s*)(`{3,})\n[^]*?\n\1\2$/gm, '');
  expect(outside).not.toMatch(/(^|[^\\])<b>|\]\(|^# x/m);
});

it('is Markdown in which the words of a log are words', () => {
  expect(plain('*a* _b_ [c](d) `e` <f> | # g ~h~ !')).toBe(
    '\\*a\\* \\_b\\_ \\[c\\]\\(d\\) \\`e\\` \\<f\\> \\| \\# g \\~h\\~ \\!',
  );
  const text = fileOf(of(made()), 'md').text;
  expect(text.split('\n')[0]).toBe('# Alert 1\\: alice');
  expect(text).toContain('- [ ] Lock the screen \\(only an example\\: nothing has to be run here\\)\n');
});
