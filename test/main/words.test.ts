import { describe, expect, it } from 'vitest';

import { menuOf, type MenuEntry } from '../../src-main/desktop/menu.ts';
import { NotificationPolicy, type NotificationContent } from '../../src-main/desktop/notification-policy.ts';
import { statusLine, tooltipOf } from '../../src-main/desktop/tray-state.ts';
import { message } from '../../src-main/contract/story/messages.ts';
import { sessionLanguage } from '../../src-main/contract/story/session-language.ts';
import { wordsIn } from '../../src-main/desktop/words/words.ts';
import { alertEvent, desktop, NOON, row, status, tray } from './support/told.ts';

const labels = (entries: readonly MenuEntry[]): string[] =>
  entries.flatMap((entry) =>
    entry.kind === 'separator' ? [] : entry.kind === 'submenu' ? [entry.label, ...labels(entry.entries)] : entry.label,
  );

/** Every text of a table, made with something where it takes something. */
function textsOf(words: object): [string, string][] {
  return Object.entries(words).flatMap(([name, entry]: [string, unknown]) => {
    if (typeof entry === 'string') return [[name, entry] as [string, string]];
    if (typeof entry === 'object' && entry !== null) return textsOf(entry);
    const given: readonly unknown[] =
      name === 'about'
        ? [[['anna', 2]], 1, '–']
        : name === 'onDay'
          ? ['10:00', new Date(2026, 2, 3)]
          : name === 'stranger'
            ? [99.5, 'training']
            : [2, 3, 4];
    return [[name, (entry as (...values: readonly unknown[]) => string)(...given)]];
  });
}

describe('tray and notifications in German', () => {
  it('have every text in words of their own', () => {
    const [en, de] = [new Map(textsOf(wordsIn.en)), new Map(textsOf(wordsIn.de))];
    expect([...de.keys()]).toEqual([...en.keys()]);
    const same = [...en].filter(([name, text]) => de.get(name) === text).map(([name]) => name);
    expect(same).toEqual(['pause', '15-minutes', '1-hour']);
    const english = [...de].filter(([, text]) => /\b(?:the|is|are|of|alerts?|paused|going)\b/i.test(text));
    expect(english).toEqual([]);
  });

  it('say what the program told of itself', () => {
    const down = desktop({ worker: { state: 'down', cause: message('engine.exit', { code: 9 }), again: NOON } });
    expect(statusLine(tray({ status: null, desktop: down }), NOON, wordsIn.de)).toBe(
      'Die Auswertung ist stehen geblieben (Endwert 9); sie wird neu gestartet',
    );
    const full = desktop({ problem: message('store.full', { path: '/s/ubad.db' }) });
    expect(statusLine(tray({ status: null, desktop: full }), NOON, wordsIn.de)).toMatch(/^Der Datenträger ist voll/);
  });

  it('say what goes on', () => {
    const lastAlerts = [row({ id: 9, user: 'anna', severity: 83, state: 'open' })];
    const input = tray({ status: status({ openAlerts: 1, waitingAlerts: 4, lastAlerts }), needsSetup: true });
    expect(labels(menuOf(input, NOON, wordsIn.de))).toEqual([
      'Beobachtet 2 Benutzer · letztes Ereignis vor 8 s',
      '4 Alarme ohne Antwort, 1 dauert an',
      'anna: hoch (83), 10:00, dauert an',
      'Pause',
      '15 min (bis 10:15)',
      '1 h (bis 11:00)',
      'Bis morgen (bis 08:00)',
      'Modell: bereit',
      'Prüfung ⚠',
      'Einstellungen',
      'Bildschirm sperren',
      'Beenden',
    ]);
    expect(tooltipOf(input, NOON, wordsIn.de)).toBe(
      'ubad: Beobachtet 2 Benutzer · letztes Ereignis vor 8 s · 4 Alarme ohne Antwort, 1 dauert an',
    );
  });

  it('notify with the story’s own words', () => {
    const shown = (policy: NotificationPolicy, changes: Parameters<typeof alertEvent>[0]): NotificationContent[] =>
      policy
        .alertEvent(alertEvent(changes), NOON, false)
        .flatMap((order) => (order.do === 'show' ? [order.content] : []));
    const policy = new NotificationPolicy([], [], 'de');
    const lastTime = NOON / 1000 - 2 * 86_400;
    const [note] = shown(policy, { id: 1, lastTime });
    expect(note!.title).toBe('alice: Ein Programm wurde gestartet, das nicht üblich ist — hoch (83)');
    expect(note!.body).toBe('Auffälliger als 99,6 % der letzten 30 Tage, um 10:00 am 23. November; üblich 08–18.');
    const digest = [2, 3, 4].flatMap((id) => shown(policy, { id })).at(-1);
    expect(digest).toMatchObject({ title: '4 neue Alarme in einer Minute' });
  });
});

it.each([
  [{}, 'en'],
  [{ LANG: 'C.UTF-8', LANGUAGE: 'de' }, 'en'],
  [{ LANG: 'de_DE.UTF-8' }, 'de'],
  [{ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'en_GB.UTF-8' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'de_AT' }, 'de'],
  [{ LANG: 'fr_FR.UTF-8', LANGUAGE: 'fr:de:en' }, 'de'],
  [{ LANG: 'fr_FR.UTF-8' }, 'en'],
] as const)('a session of %j speaks %s', (env, language) => {
  expect(sessionLanguage({ ...env })).toBe(language);
});
