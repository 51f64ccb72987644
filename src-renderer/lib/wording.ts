import type { AlertRow, Told } from '../../src-main/contract/alerts.ts';
import type { ScopeParts } from '../../src-main/contract/story/rules.ts';
import { rulePieces } from '../../src-main/contract/story/rules.ts';
import { piecesOf, type Piece, type StoryLanguage } from '../../src-main/contract/story/tell.ts';

/** The catalogue's text for a name that is made of data; `otherwise` where it has none. */
export type Naming = (name: string, otherwise: string) => string;

/** What something is called, in the language of `name`; in English where it cannot be taken apart. */
export function wordingOf({ text, words }: Told, name: Naming): string {
  if (!words) return text;
  const { label, how, column, wider, value = '', rare = false } = words;
  const thing = name(`label.${label}`, label);
  const called = how === undefined ? thing : `${thing}, ${name(`told.${how}`, how)}`;
  if (rare) return `${called}: ${name('told.rare', 'something rare')}`;
  if (column === undefined) return `${called}${how !== undefined && value !== '' ? ':' : ''} ${value}`.trim();
  const widened = wider === undefined ? '' : `${name(`wider.${wider}`, wider)} `;
  return `${called}: ${name(`column.${column}`, column.replaceAll('_', ' '))} ${widened}${value}`.trim();
}

/** What a rule holds for, in the language of `name`. @param user whose actions it is about */
export const scopeWording = (holds: ScopeParts, user: string, language: StoryLanguage, name: Naming): string =>
  worded(rulePieces(holds, user, language), name);

/** What heads a row; the engine's sentence without the user's name, which has its own place, where that is not known. */
export function reasonOf(
  { sentence, headline, user }: Pick<AlertRow, 'sentence' | 'headline' | 'user'>,
  language: StoryLanguage,
  name: Naming,
): string {
  if (!headline) return sentence.startsWith(`${user}: `) ? sentence.slice(user.length + 2) : sentence;
  return worded(piecesOf(headline, language), name);
}

/** Pieces as one text, with what the pack calls its queries in the language of `name`. */
const worded = (pieces: readonly Piece[], name: Naming): string =>
  pieces.map(({ text, is }) => (is === 'label' ? wordingOf({ text, words: { label: text } }, name) : text)).join('');
