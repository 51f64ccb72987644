/**
 * What a reader cannot see, in one place: terminal, page, labels, notifications, metrics and exported JSON all ask here.
 * Whatever a log, a file or a backup says is somebody's choice of characters.
 */

/**
 * Control characters (C0, C1), format characters (direction, zero width, tags), line and paragraph separators, lone halves
 * of surrogate pairs, private and unassigned characters, all that Unicode lets a program ignore (fillers, variation
 * selectors, soft hyphen), and the blank of Braille: what stands in a character class of a pattern with the flag `u`.
 */
export const UNSEEN_CLASS = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800`;
const UNSEEN = new RegExp(`[${UNSEEN_CLASS}]`, 'u');
const EACH_UNSEEN = new RegExp(UNSEEN, 'gu');

/** @param character one code point */
export const isUnseen = (character: string): boolean => UNSEEN.test(character);

/** The text as one line, where U+FFFD stands for each character that cannot be seen. Its length in code points stays. */
export const visible = (text: string): string => text.replace(EACH_UNSEEN, '\ufffd');

/** … of a bounded length, with `…` where it was cut; never within a character. @param most UTF-16 units, 2 at least */
export function visibleStart(text: string, most: number): string {
  const shown = visible(text);
  if (shown.length <= most) return shown;
  return `${shown.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** JSON in which each character that cannot be seen is escaped. Parsed, it is the same value. @param indent as JSON.stringify takes it */
export const visibleJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(EACH_UNSEEN, (character) =>
    // Of JSON.stringify itself: inside a string it is escaped already.
    character === '\n' ? character : escaped(character),
  );

/** The text as one line, with `\\u…` for each character that cannot be seen. */
export const escapeUnseen = (text: string): string => text.replace(EACH_UNSEEN, escaped);

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
