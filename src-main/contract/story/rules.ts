import type { Phrase } from './story.ts';
import { piecesOf, type Piece, type StoryLanguage } from './tell.ts';

/** What a rule holds for, taken apart: all that is given must fit. */
export interface ScopeParts {
  /** This fact, exactly: told by story/tell.ts. */
  readonly act?: Phrase;
  /** Its path or its name. */
  readonly program?: string;
  /** Of the other machine. */
  readonly address?: string;
  /** Whatever this query tells: what the pack calls it, and what kind of act it tells. */
  readonly query?: { readonly kind: string; readonly label: string };
  /** Local hours, from the first up to before the second. */
  readonly hours?: readonly [from: number, to: number];
}

/**
 * What a rule holds for, as a sentence in pieces: all that is given must fit.
 * @param user whose actions it is about
 */
export function rulePieces(
  { act, program, address, query, hours }: ScopeParts,
  user: string,
  language: StoryLanguage,
): Piece[] {
  const parts: Phrase[] = [];
  if (act) parts.push(act);
  if (program !== undefined) parts.push({ id: 'rule.program', values: { program, name: baseOf(program) } });
  if (address !== undefined) parts.push({ id: 'rule.address', values: { address } });
  if (query) {
    const id = query.kind === 'command' ? 'rule.query.command' : 'rule.query';
    parts.push({ id, values: { user, label: query.label } });
  }
  if (parts.length === 0 && hours) parts.push({ id: 'rule.anything', values: { user } });
  if (hours) parts.push({ id: 'rule.hours', values: { from: two(hours[0]), to: two(hours[1]) } });
  return parts.flatMap((part, at) => [
    ...(at > 0 ? [{ text: ', ', is: 'words' } as const] : []),
    ...piecesOf(part, language),
  ]);
}

/** The same as one text. It may quote a log: it goes through the door of whatever shows it. */
export const ruleText = (holds: ScopeParts, user: string, language: StoryLanguage): string =>
  rulePieces(holds, user, language)
    .map(({ text }) => text)
    .join('');

const two = (hour: number): string => String(hour).padStart(2, '0');
const baseOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1);
