import { table } from '../../../src-main/cli/output.ts';
import { visibleJson } from '../../../src-main/contract/visible-text.ts';
import type { EngineStatus, AlertEvent } from '../../../src-main/contract/alerts.ts';
import type { DesktopState } from '../../../src-main/contract/desktop.ts';
import { menuOf, type MenuEntry } from '../../../src-main/desktop/menu.ts';
import { NotificationPolicy } from '../../../src-main/desktop/notification-policy.ts';
import { tooltipOf } from '../../../src-main/desktop/tray-state.ts';
import { textOf } from '../../../src-main/contract/story/tell.ts';
import { scopeKinds } from '../../../src-main/contract/story/scope-kinds.ts';
import { removalOf } from '../../../src-main/engine/answer/removals.ts';
import { explain } from '../../../src-main/engine/explanation/explain.ts';
import { actOf } from '../../../src-main/engine/narrative/act.ts';
import { Familiar } from '../../../src-main/engine/narrative/familiar.ts';
import { storyOf } from '../../../src-main/engine/narrative/story.ts';
import { escaped } from '../../../src-main/engine/report/html.ts';
import { plain } from '../../../src-main/engine/report/markdown.ts';
import { scopeOf, scopeText } from '../../../src-main/engine/feedback/scope.ts';
import { mustBeHarmless, type Target } from '../target.ts';

const labelsOf = (entries: readonly MenuEntry[]): string[] =>
  entries.flatMap((entry) => {
    if (entry.kind === 'separator') return [];
    return entry.kind === 'submenu' ? [entry.label, ...labelsOf(entry.entries)] : [entry.label];
  });

function check(text: string): void {
  const row = {
    id: 1,
    user: text,
    band: 'high',
    severity: 60,
    count: 1,
    firstTime: 1.7e9,
    lastTime: 1.7e9,
    state: 'open',
    verdict: null,
  } as const;
  const status: EngineStatus = {
    users: [
      {
        name: text,
        actions: 1,
        lastSeen: 1.7e9,
        openAlerts: 1,
        waitingAlerts: 1,
        newAlerts: 1,
        model: { state: 'ready', version: 1 },
      },
    ],
    openAlerts: 1,
    waitingAlerts: 1,
    newAlerts: 1,
    lastAlerts: [{ ...row, sentence: text, headline: { id: text, values: { [text]: text } } }],
    lost: [],
    databaseBytes: 1,
    refused: [{ reason: text, count: 1 }],
  };
  const source = { state: 'unreadable', path: '/var/log/x', cause: text } as const;
  const desktop: DesktopState = {
    host: 'desktop',
    worker: { state: 'up' },
    source: null,
    problem: null,
    pausedUntil: null,
    snoozed: {},
    heldBack: [],
    example: null,
  };
  for (const state of [
    desktop,
    { ...desktop, source },
    { ...desktop, problem: text },
    { ...desktop, worker: { state: 'down', cause: text, again: 1 } as const },
  ]) {
    const input = { status, desktop: state, needsSetup: true, leaving: { mirror: 'alerts', tenant: text } as const };
    mustBeHarmless(tooltipOf(input, 1.7e12), 'the tooltip');
    for (const label of labelsOf(menuOf(input, 1.7e12))) mustBeHarmless(label, 'the menu');
  }
  const policy = new NotificationPolicy();
  for (let id = 0; id < 5; id++) {
    const alertEvent: AlertEvent = {
      ...row,
      id,
      change: 'opened',
      act: text,
      rank: { share: 0.9, of: 'training' },
      usual: null,
      here: true,
    };
    for (const order of policy.alertEvent(alertEvent, 1.7e12, false)) {
      if (order.do !== 'show') continue;
      mustBeHarmless(order.content.title, 'a title', 200);
      mustBeHarmless(order.content.body, 'a notification', 400);
      if (/[<>&]/.test(order.content.title + order.content.body)) throw new Error('markup in a notification');
    }
  }
  const action = {
    query: text,
    change: 'added',
    time: 1.7e9,
    columns: { path: text, cmdline: text, [text]: text },
  } as const;
  const strange = { ...action, id: 1, score: 3 };
  const window = { factors: [], rest: 0, votes: [], familiar: [], surprises: [], nearest: [] };
  const rank = { share: 0.9, of: 'training' } as const;
  const known = new Familiar();
  const acts = [actOf(strange, new Map()), actOf({ ...strange, id: 2, query: 'process_start' }, new Map())];
  const story = storyOf({ user: 'alice', acts, familiar: known, usual: null, since: 1 });
  for (const { phrase, chain } of story.rows)
    for (const part of [...chain, textOf(phrase, 'en')]) mustBeHarmless(part, 'a row of a story', 400);
  const { sentence } = explain({
    subject: text,
    window,
    actions: [strange],
    rank,
    chance: 0.1,
    learning: new Map(),
    story,
  });
  mustBeHarmless(sentence, 'a sentence', 600);
  for (const kind of scopeKinds) {
    const scope = scopeOf(action, kind, new Map());
    if (scope) mustBeHarmless(scopeText(scope, new Map(), text), 'a scope', 1000);
  }
  const key = { key_file: text, comment: text };
  const act = actOf({ id: 1, time: 0, query: 'authorized_keys', columns: key }, new Map());
  const step = removalOf({ act, columns: key, host: text }, text);
  if (step?.command) mustBeHarmless(step.command, 'a command', 20_000);
  mustBeHarmless(escaped(text), 'a report', Infinity);
  if (/[<>"']/.test(escaped(text))) throw new Error('A text of a log is markup in a report.');
  mustBeHarmless(plain(text), 'a report', Infinity);
  mustBeHarmless(table([text], [[text]]).join(''), 'a table', Infinity);
  const json = visibleJson({ [text]: text });
  mustBeHarmless(json.replaceAll('\n', ''), 'JSON', Infinity);
  if (JSON.stringify(JSON.parse(json)) !== JSON.stringify({ [text]: text }))
    throw new Error('JSON says something else');
}

/** A text of the log in everything that a person is shown. */
export const texts: Target = {
  name: 'texts',
  reaches: /src-main\/(desktop|contract\/story|engine\/(explanation|feedback\/scope|narrative)|cli)/,
  seeds: [
    'alice',
    '/usr/bin/nc -e /bin/sh',
    '<b>bold</b> & more',
    '\u001b[31mred',
    'a\u202eb',
    '{"a":1}',
    'host:desk',
    'x'.repeat(500),
  ],
  words: [
    '\u001b',
    '\u009b',
    '\u202e',
    '\u2066',
    '\u200b',
    '\u00ad',
    '\u{e0001}',
    '\u2028',
    '<a href="x">',
    '&#x202e;',
    '\n',
    '\t',
    'user:',
    '__proto__',
  ],
  check,
};
