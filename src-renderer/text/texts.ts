import { de } from './de.ts';
import { en } from './en.ts';

/** A text, or its forms by plural: `{n}` chooses. */
export type Entry = string | Readonly<{ one: string; other: string }>;
export type Key = keyof typeof en;
export type Catalogue = Readonly<Record<Key, Entry>>;
export type Language = 'en' | 'de';

export const texts: Readonly<Record<Language, Catalogue>> = { en, de };
