import { expect, it } from 'vitest';

import { texts, type Entry, type Key } from '../../src-renderer/text/texts.ts';

const keys = Object.keys(texts.en) as Key[];
const formsOf = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : [entry.one, entry.other]);
const holes = (entry: Entry): string[] =>
  [...new Set(formsOf(entry).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)))].sort();

it('has every text in both languages, with the same values in it', () => {
  expect(Object.keys(texts.de).sort()).toEqual([...keys].sort());
  const unlike = keys.filter((key) => holes(texts.en[key]).join() !== holes(texts.de[key]).join());
  expect(unlike).toEqual([]);
});

it('has no empty text, and both forms where a number chooses', () => {
  for (const language of ['en', 'de'] as const) {
    const empty = keys.filter((key) => formsOf(texts[language][key]).some((text) => text.trim() === ''));
    expect(empty).toEqual([]);
    const uncounted = keys.filter(
      (key) =>
        typeof texts[language][key] !== 'string' &&
        !holes(texts[language][key]).includes('n') &&
        !key.startsWith('learned.'),
    );
    expect(uncounted).toEqual([]);
  }
});

it('is translated: few texts are the same in both languages', () => {
  const same = keys.filter((key) => JSON.stringify(texts.en[key]) === JSON.stringify(texts.de[key]));
  // Names of the languages and of models, and words that both have.
  expect(same.length).toBeLessThan(keys.length / 20);
});
