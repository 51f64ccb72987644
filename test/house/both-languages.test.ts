import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

type Entry = string | { readonly one: string; readonly other: string };
type Catalogue = Readonly<Record<string, Entry>>;

const story = join(import.meta.dirname, '..', '..', 'src-main', 'contract', 'story');
/** Each catalogue of the story's folder, by what stands before its language: '' for en.ts. */
const names = readdirSync(story).flatMap((file) => /^((?:[\w-]+-)?)en\.ts$/.exec(file)?.[1] ?? []);

async function read(file: string): Promise<Catalogue> {
  const module = (await import(join(story, file))) as Record<string, Catalogue>;
  return Object.values(module)[0]!;
}
const forms = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : [entry.one, entry.other]);
const holes = (entry: Entry): string =>
  [
    ...new Set(
      forms(entry)
        .join(' ')
        .match(/\{\w+\}/g),
    ),
  ]
    .sort()
    .join();

/** What is the same in both: values alone. */
const isBare = (entry: Entry): boolean =>
  forms(entry).every((form) => !/\p{L}{2,}/u.test(form.replace(/\{\w+\}/g, '')));
/** Words that only English has; what is quoted is a name. */
const ENGLISH = /\b(?:the|is|of|which|and|it|with|from|this|that|were|are)\b/i;

describe.each(names.map((name) => ({ name })))('the catalogue $name', ({ name }) => {
  it('has each text in English and in German, with the same values and forms, and no English in German', async () => {
    const [en, de] = await Promise.all([read(`${name}en.ts`), read(`${name}de.ts`)]);
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
    const keys = Object.keys(en);
    expect(keys.filter((key) => holes(en[key]!) !== holes(de[key]!))).toEqual([]);
    expect(keys.filter((key) => typeof en[key] !== typeof de[key])).toEqual([]);
    expect(keys.filter((key) => JSON.stringify(en[key]) === JSON.stringify(de[key]) && !isBare(en[key]!))).toEqual([]);
    expect(
      keys.filter((key) => forms(de[key]!).some((form) => ENGLISH.test(form.replace(/„[^“]*“|\{\w+\}/g, '')))),
    ).toEqual([]);
  });
});

it('are several', () => {
  expect(names).toContain('doctor-');
  expect(names.length).toBeGreaterThan(5);
});
