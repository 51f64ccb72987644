import { isUnseen } from '../../contract/visible-text.ts';

/**
 * A word of a log as one word of a shell, quoted where that is needed.
 * @returns undefined for what no person could check before they paste it, with what cannot be seen or too long, and for what would
 *   be taken for an option
 */
export function quoted(word: string): string | undefined {
  if (/^$|^-/.test(word) || word.length > LONGEST || Array.from(word).some(isUnseen)) return undefined;
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const LONGEST = 1000;

/** A command with words of a log in the places of `{0}`, `{1}`…; undefined where one of them cannot be quoted. */
export function commandOf(template: string, ...words: readonly (string | undefined)[]): string | undefined {
  const safe = words.map((word) => (word === undefined ? undefined : quoted(word)));
  if (safe.includes(undefined)) return undefined;
  return template.replace(/\{(\d)\}/g, (_, at: string) => safe[Number(at)]!);
}
