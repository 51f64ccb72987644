import type { Told } from '../../src-main/contract/alerts.ts';
import type { ScopeParts } from '../../src-main/contract/story/rules.ts';
import { texts, type Key, type Language } from '../text/texts.ts';
import {
  agoText,
  bytesText,
  chanceText,
  isJustNow,
  lengthText,
  numberText,
  pluralOf,
  timeText,
  type NumberStyle,
  type TimeStyle,
} from './format.ts';
import { seenText } from './hostile.ts';
import { scopeWording, wordingOf } from './wording.ts';

const KEPT = 'ubad.language';
export type LanguageChoice = 'system' | Language;

const kept = (): LanguageChoice => {
  const choice = localStorage.getItem(KEPT);
  return choice === 'en' || choice === 'de' ? choice : 'system';
};

/** The window's language, and everything that is written in it. */
class Words {
  choice = $state<LanguageChoice>(kept());
  /** The catalogue in use. */
  readonly language: Language = $derived.by(() => {
    if (this.choice !== 'system') return this.choice;
    return navigator.languages.map((tag) => tag.split('-')[0]).find((tag) => tag === 'de' || tag === 'en') ?? 'en';
  });
  /** With the reader's region, where it is of that language: how numbers and dates look. */
  readonly locale: string = $derived(
    navigator.languages.find((tag) => tag.split('-')[0] === this.language) ?? this.language,
  );
  /** Unix seconds, for "3 minutes ago". */
  now = $state(Math.floor(Date.now() / 1000));

  choose(choice: LanguageChoice): void {
    this.choice = choice;
    localStorage.setItem(KEPT, choice);
  }

  /** Lets "3 minutes ago" go on. @returns how to stop */
  start(): () => void {
    const timer = setInterval(() => (this.now = Math.floor(Date.now() / 1000)), 10_000);
    return () => {
      clearInterval(timer);
    };
  }
}

export const words = new Words();

/** A text of the catalogue. `{name}` is replaced by a value; `{n}` also chooses the plural. Numbers are written as the reader does.
 *  Values may be a log's words: what cannot be seen in them is named. */
export function t(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  const entry: string | Readonly<Record<string, string>> = texts[words.language][key];
  const count = typeof values.n === 'number' ? values.n : 0;
  const text = typeof entry === 'string' ? entry : (entry[pluralOf(words.language, count)] ?? entry.other ?? key);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === 'number'
      ? number(value, Number.isInteger(value) ? 'whole' : 'one')
      : value === undefined
        ? whole
        : seenText(value);
  });
}

const isKey = (name: string): name is Key => Object.hasOwn(texts.en, name);

/** The text of a name that is made of data; what stands for it where the catalogue does not know it. */
export const named = (name: string, otherwise: string): string => (isKey(name) ? t(name) : otherwise);

/** What an action, or a field of one, is called. */
export const told = (one: Told): string => wordingOf(one, named);

/** What a rule holds for. */
export const scoped = (holds: ScopeParts, user: string): string => scopeWording(holds, user, words.language, named);

/** What the pack calls a query. */
export const labelled = (label: string): string => wordingOf({ text: label, words: { label } }, named);

export const number = (value: number, style?: NumberStyle): string => numberText(words.locale, value, style);
export const percent = (share: number): string => numberText(words.locale, share, 'percent');
export const chance = (value: number): string => chanceText(words.locale, value);
export const time = (seconds: number, style: TimeStyle): string => timeText(words.locale, seconds, style);
export const ago = (seconds: number): string =>
  isJustNow(seconds, words.now) ? t('time.just-now') : agoText(words.locale, seconds, Math.max(words.now, 0));
export const lasting = (seconds: number): string => lengthText(words.locale, seconds);
export const bytes = (count: number): string => bytesText(words.locale, count);

/** From when to when by the clock; within one minute: at which. Unix seconds. */
export function between(first: number, last: number): string {
  const [from, to] = [time(first, 'clock'), time(last, 'clock')];
  return from === to && last - first < 60 ? t('alert.at', { at: from }) : t('alert.between', { from, to });
}
