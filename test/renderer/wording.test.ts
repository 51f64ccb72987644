import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Told } from '../../src-main/contract/alerts.ts';
import { tellAction, tellNamed } from '../../src-main/engine/explanation/describe.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { partsOf, type Scope } from '../../src-main/engine/feedback/scope.ts';
import { reasonOf, scopeWording, wordingOf, type Naming } from '../../src-renderer/lib/wording.ts';
import { texts, type Key, type Language } from '../../src-renderer/text/texts.ts';

const { learning } = defaultPack();
const queries = [...learning.values()];
/** What a model can say of the packs that ship: each field, in each of the ways in which its value may be widened. */
const fields = queries.flatMap(({ query, columns }) =>
  Object.entries(columns)
    .filter(([, kind]) => kind !== 'identity')
    .map(([column]) => ({ query, column })),
);
const ways = [undefined, 'dir', 'top', 'net', 'class', 'verb'] as const;

const inLanguage =
  (language: Language): Naming =>
  (name, otherwise) =>
    Object.hasOwn(texts[language], name) ? (texts[language][name as Key] as string) : otherwise;
const english = (told: Told): string => wordingOf(told, inLanguage('en'));
const german = (told: Told): string => wordingOf(told, inLanguage('de'));

it('has words for every query and every field of the packs that ship', () => {
  const names = [...queries.map(({ label }) => `label.${label}`), ...fields.map(({ column }) => `column.${column}`)];
  expect([...new Set(names)].filter((name) => !Object.hasOwn(texts.en, name))).toEqual([]);
});

it('says in English what the engine says', () => {
  for (const field of fields) {
    for (const wider of ways) {
      const told = tellNamed({ ...field, value: 'x', ...(wider !== undefined && { wider }) }, learning);
      expect(english(told)).toBe(told.text);
    }
  }
  for (const { query } of queries) {
    const rare = tellNamed({ query }, learning);
    expect(english(rare)).toBe(rare.text);
  }
  fc.assert(
    fc.property(fc.constantFrom(...queries), fc.stringMatching(/^[a-z/.]{1,12}$/), ({ query, columns }, value) => {
      const action = { query, columns: Object.fromEntries(Object.keys(columns).map((c) => [c, value])) };
      for (const course of [{}, { change: 'removed' as const }, { again: true }]) {
        const told = tellAction({ ...action, ...course }, learning);
        expect(english(told)).toBe(told.text);
      }
    }),
  );
});

it('says it in German, and leaves the log’s own values as they are', () => {
  const action = { query: 'process_start', columns: { path: '/usr/bin/nc' } };
  expect(german(tellAction(action, learning))).toBe('Programmstart /usr/bin/nc');
  const logout = { query: 'logins', change: 'removed', columns: { tty: 'tty2', user: 'ann' } } as const;
  expect(german(tellAction(logout, learning))).toBe('Anmeldung, beendet: tty2 ann');
  expect(german(tellAction({ ...action, again: true }, learning))).toBe('Programmstart, geändert: /usr/bin/nc');
  const field = { query: 'process_start', column: 'path', value: '/usr/bin', wider: 'dir' };
  expect(german(tellNamed(field, learning))).toBe('Programmstart: Pfad in /usr/bin');
  expect(german(tellNamed({ query: 'process_start' }, learning))).toBe('Programmstart: etwas Seltenes');
  const foreseen = { query: 'process_start', columns: { path: '/usr/bin/git' } };
  expect(german(tellNamed(foreseen, learning))).toBe('Programmstart /usr/bin/git');
});

it('says what it has no words for as the engine does: of a pack of one’s own, of an older version, of a hostile log', () => {
  expect(german({ text: 'Program start /usr/bin/nc' })).toBe('Program start /usr/bin/nc');
  const own = { query: 'my_own_query', columns: { thing: 'x' } };
  expect(german(tellAction(own, learning))).toBe(tellAction(own, learning).text);
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(german({ text: '', words: { label: name, column: name, wider: name, value: name } })).toBe(
      `${name}: ${name.replaceAll('_', ' ')} ${name} ${name}`,
    );
  }
});

it('gives a row what heads it as its reason, and what the engine says without the name where that is not known', () => {
  const naming = inLanguage('de');
  const row = { user: 'alice', sentence: 'alice: the last 50 actions are rare.' };
  const headline = { id: 'head.other', values: { label: 'Program start', name: '/tmp/«x»', seen: 0 } };
  expect(reasonOf({ ...row, headline }, 'de', naming)).toBe('Programmstart: /tmp/«x», vorher nie');
  expect(reasonOf({ ...row, headline: null }, 'de', naming)).toBe('the last 50 actions are rare.');
  expect(reasonOf({ ...row, sentence: 'something else', headline: null }, 'de', naming)).toBe('something else');
});

it('says what a rule holds for, with what the pack calls its queries in the reader’s language', () => {
  const scope: Scope = { query: 'process_start', hours: [2, 3] };
  const holds = partsOf(scope, learning);
  expect(scopeWording(holds, 'alice', 'en', inLanguage('en'))).toBe('Program start: any, between 02:00 and 03:00');
  expect(scopeWording(holds, 'alice', 'de', inLanguage('de'))).toBe('Programmstart: alles, zwischen 02:00 und 03:00');
});
