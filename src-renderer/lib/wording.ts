import type { AlertRow, ScopeParts, Told } from '../../src-main/contract/alerts.ts';
import { piecesOf, type StoryLanguage } from '../../src-main/contract/story/tell.ts';

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

/** What a rule holds for, in the language of `name`. */
export function scopeWording({ action, program, hours }: ScopeParts, name: Naming): string {
  const parts = [
    action && wordingOf({ text: action.label, words: action }, name),
    program !== undefined && `${name('scope.program', 'program')} ${program}`,
    hours && `${name('scope.from', 'between')} ${hours[0]}:00 ${name('scope.to', 'and')} ${hours[1]}:00`,
  ];
  return parts.filter((part) => typeof part === 'string').join(', ');
}

/** What heads a row; the engine's sentence without the user's name, which has its own place, where that is not known. */
export function reasonOf(
  { sentence, headline, user }: Pick<AlertRow, 'sentence' | 'headline' | 'user'>,
  language: StoryLanguage,
  name: Naming,
): string {
  if (!headline) return sentence.startsWith(`${user}: `) ? sentence.slice(user.length + 2) : sentence;
  return piecesOf(headline, language)
    .map(({ text, is }) => (is === 'label' ? wordingOf({ text, words: { label: text } }, name) : text))
    .join('');
}
