import { askedEn } from './asked-en.ts';
import { doctorDe } from './doctor-de.ts';
import { doctorEn } from './doctor-en.ts';
import { messagesEn } from './messages-en.ts';
import type { Phrase } from './story.ts';
import { textOf, type StoryLanguage } from './tell.ts';

type Named<Key> = Key extends `message.${infer Name}` ? Name : never;
const table = { ...messagesEn, ...askedEn };
export type MessageId = Named<keyof typeof table>;

/** A sentence of the program in English, made of the table: `saidIn` knows it again. */
export const message = (id: MessageId, values: Phrase['values'] = {}): string =>
  textOf({ id: `message.${id}`, values }, 'en');

interface Form {
  readonly id: string;
  readonly pattern: RegExp;
  readonly places: readonly string[];
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
/** One with more words of its own is tried first: "{user}: {what}" fits nearly everything. */
const forms: readonly Form[] = Object.entries(table)
  .map(([id, text]) => ({ id, text, own: text.replace(/\{\w+\}/g, '').length }))
  .sort((a, b) => b.own - a.own)
  .map(({ id, text }) => {
    const parts = text.split(/\{(\w+)\}/);
    const pattern = parts.map((part, at) => (at % 2 === 0 ? literal(part) : '(.+?)')).join('');
    return { id, pattern: new RegExp(`^${pattern}$`, 's'), places: parts.filter((_, at) => at % 2 === 1) };
  });
/** Sentences of the doctor that stand behind a path: what a log seems to be. */
const seems = Object.entries(doctorEn)
  .filter(([id]) => /^doctor\.seems\.[\w-]+$/.test(id) && !id.endsWith('.do'))
  .map(([id]) => ({
    en: textOf({ id, values: {} }, 'en') + ' ' + doctorEn[`${id}.do` as keyof typeof doctorEn],
    de: textOf({ id, values: {} }, 'de') + ' ' + doctorDe[`${id}.do` as keyof typeof doctorDe],
  }));

/** Texts are a few sentences: what is longer is no message, and is not searched. */
const LONGEST = 4000;

/**
 * A message that was told in English, in the reader's language. What is no message of the table stays as it is: what the system
 * or a library says is in whatever language that speaks.
 */
export function saidIn(text: string, language: StoryLanguage): string {
  if (language === 'en' || text.length > LONGEST) return text;
  return said(text) ?? text;
}

function said(text: string): string | undefined {
  for (const { en, de } of seems)
    if (text.endsWith(en))
      return `${text.slice(0, -en.length).replace(/ holds no result of osquery\. $/, ' enthält kein Ergebnis von osquery. ')}${de}`;
  for (const { id, pattern, places } of forms) {
    const found = pattern.exec(text);
    if (!found) continue;
    const values: Record<string, string> = {};
    let isWhole = true;
    for (const [at, place] of places.entries()) {
      const value = found[at + 1]!;
      const inner = place === 'what' ? said(value) : value;
      if (inner === undefined) isWhole = false;
      else values[place] = inner;
    }
    if (isWhole) return textOf({ id, values }, 'de');
  }
  return undefined;
}

/** Each message by name, for the tests that hold them against each other. */
export const messageIds = Object.keys(table).map((id) => id.slice('message.'.length)) as MessageId[];
