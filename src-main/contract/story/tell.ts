import { askedDe } from './asked-de.ts';
import { askedEn } from './asked-en.ts';
import { de } from './de.ts';
import { doctorDe } from './doctor-de.ts';
import { doctorEn } from './doctor-en.ts';
import { en } from './en.ts';
import { isMachine, machineOf } from '../subjects.ts';
import { messagesDe } from './messages-de.ts';
import { messagesEn } from './messages-en.ts';
import { reportDe } from './report-de.ts';
import { reportEn } from './report-en.ts';
import { rulesDe } from './rules-de.ts';
import { rulesEn } from './rules-en.ts';
import { setupDe } from './setup-de.ts';
import { setupEn } from './setup-en.ts';
import { stepsDe } from './steps-de.ts';
import { stepsEn } from './steps-en.ts';
import type { EntityRow, Phrase, Story } from './story.ts';
import { toolsDe } from './tools-de.ts';
import { toolsEn } from './tools-en.ts';

export const storyLanguages = ['en', 'de'] as const;
export type StoryLanguage = (typeof storyLanguages)[number];
type Entry = string | { readonly one: string; readonly other: string };
type Values = Phrase['values'];

const catalogues: Readonly<Record<StoryLanguage, Readonly<Record<string, Entry>>>> = {
  en: { ...en, ...rulesEn, ...stepsEn, ...reportEn, ...doctorEn, ...setupEn, ...toolsEn, ...messagesEn, ...askedEn },
  de: { ...de, ...rulesDe, ...stepsDe, ...reportDe, ...doctorDe, ...setupDe, ...toolsDe, ...messagesDe, ...askedDe },
};

/** A part of a text: our own words, a word of the log, or what the pack calls a query, which may be worded again. */
export interface Piece {
  readonly text: string;
  readonly is: 'words' | 'value' | 'label';
  /** Of a value: its place in the phrase. */
  readonly place?: string;
}

/** A phrase in pieces, so that a page can set the log's own words apart. Empty for a phrase that is not known. */
export function piecesOf({ id, values }: Phrase, language: StoryLanguage): Piece[] {
  const catalogue = catalogues[language];
  const entry = Object.hasOwn(catalogue, id) ? catalogue[id]! : '';
  const text = typeof entry === 'string' ? entry : values.n === 1 ? entry.one : entry.other;
  const pieces: Piece[] = [];
  for (const [at, part] of text.split(/\{(\w+)\}/).entries()) {
    if (part === '') continue;
    if (at % 2 === 0) pieces.push({ text: part, is: 'words' });
    else if (part === 'seen') pieces.push({ text: seenText(values, language), is: 'words' });
    else if (part === 'inSession') {
      if (Object.hasOwn(values, 'session')) pieces.push(...piecesOf({ id: 'where.in', values }, language));
    } else if (part.endsWith('Is')) {
      const is = toolText(Object.hasOwn(values, part) ? values[part] : undefined, language);
      if (is !== '') pieces.push({ text: ` (${is})`, is: 'words' });
    } else {
      const value = Object.hasOwn(values, part) ? String(values[part]) : '';
      pieces.push(part === 'label' ? { text: value, is: 'label' } : { text: value, is: 'value', place: part });
    }
  }
  return pieces;
}

/** The same as one text. It may quote a log: it goes through the door of whatever shows it. */
export const textOf = (phrase: Phrase, language: StoryLanguage): string =>
  piecesOf(phrase, language)
    .map(({ text }) => text)
    .join('');

const say = (id: keyof typeof en, language: StoryLanguage, values: Values = {}): string =>
  textOf({ id, values }, language);

/** What a program is for; empty where no table says so. "named.…": only its name says so. */
function toolText(tool: string | number | undefined, language: StoryLanguage): string {
  if (tool === undefined) return '';
  const [, named] = /^named\.(.+)$/.exec(String(tool)) ?? [];
  const what = textOf({ id: `tool.${named ?? tool}`, values: {} }, language);
  return named === undefined || what === '' ? what : textOf({ id: 'tool.named', values: { what } }, language);
}

/** `days` of the user's past were looked at; none are known of a story that an older version made. */
function seenText({ seen = 0, days = 0 }: Values, language: StoryLanguage): string {
  if (seen !== 0) return say('seen.times', language, { n: seen });
  return days === 0 ? say('seen.never', language) : say('seen.not', language, { n: days });
}

/** What heads an alert, without anything of the log: for notifications, which desktops keep. */
export const briefText = (act: string, language: StoryLanguage): string =>
  textOf({ id: `brief.${act}`, values: {} }, language) || say('brief.other', language);

/** Seen more often than this before, an act is usual: it heads no alert. */
const USUAL_FROM = 20;

/** The user has done it so often before that it says nothing; or it is the end of something. */
export const isUsual = ({ act, seen }: Pick<EntityRow, 'act' | 'seen'>): boolean =>
  seen > USUAL_FROM || act === 'ended';

/** What shows what somebody else has made: a document, a page, a message. Words of `tool.…`. */
const SHOWS: ReadonlySet<string> = new Set(['office', 'document', 'view', 'browser', 'mail']);

/** It came of what shows documents or pages: the user may have opened one, and have meant nothing of what it then did. */
export const mayBeUnmeant = ({ headline: { values } }: Pick<Story, 'headline'>): boolean =>
  Object.hasOwn(values, 'parentIs') && SHOWS.has(String(values.parentIs));

/** What is new about a row, and to whom. @param days of the user's past that was looked at */
export function noveltyOf({ act, seen, newFrom }: EntityRow, days: number): Phrase {
  if (act === 'ended') return { id: 'new.end', values: {} };
  if (seen === 0) return days > 0 ? { id: 'seen.not', values: { n: days } } : { id: 'seen.never', values: {} };
  if (newFrom !== undefined) return { id: 'new.from', values: { parent: newFrom } };
  return seen > USUAL_FROM ? { id: 'new.usual', values: { n: seen } } : { id: 'seen.times', values: { n: seen } };
}

const two = (hour: number): string => String(hour).padStart(2, '0');

/** Whether it was within the user's usual hours; undefined where no hours are usual. */
export function hoursOf({ hours }: Pick<Story, 'hours'>, whose: string): Phrase | undefined {
  if (!hours) return undefined;
  const { from, to, outside } = hours;
  return {
    id: outside ? 'hours.outside' : 'hours.inside',
    values: { user: plainName(whose), from: two(from), to: two(to) },
  };
}

/** When it began: with the first act that is told, which may lie before the first that alarmed. @param firstTime of that one, Unix seconds */
export const begunAt = ({ rows }: Pick<Story, 'rows'>, firstTime: number): number =>
  Math.min(firstTime, ...rows.map(({ first }) => first));

/** @param user of whom it is told: of a machine nobody is told either */
export const whereOf = ({ where }: Pick<Story, 'where'>, user: string): Phrase =>
  where ?? { id: isMachine(user) ? 'where.machine' : 'where.unknown', values: {} };

/** A machine goes by its own name. */
export const plainName = (user: string): string => (isMachine(user) ? user.slice(machineOf('').length) : user);

/** From these severities on: how far the alarm line lies behind. */
const FAR = 70;
const CLEARLY = 58;
const LINE = 50;

const farText = (severity: number): string =>
  severity < LINE ? 'below' : severity < CLEARLY ? 'just' : severity < FAR ? 'clearly' : 'far';

/** What the severity is made of: how far beyond the user's line, and the kind of act. @param severity 0…100; null where no model says what the line was */
export function severityPhrases(
  { act, weight }: Pick<Story, 'act' | 'weight'>,
  whose: string,
  severity: number | null,
  language: StoryLanguage,
): Phrase[] {
  const user = plainName(whose);
  const beyond =
    severity === null
      ? { id: 'severity.unknown', values: { user } }
      : { id: `severity.${farText(severity)}`, values: { severity, user } };
  const kind = textOf({ id: `kind.${act}`, values: {} }, language);
  return [
    beyond,
    kind === '' ? { id: 'severity.mix', values: { user } } : { id: 'severity.act', values: { kind, weight } },
  ];
}
