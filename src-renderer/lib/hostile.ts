import { isUnseen } from '../../src-main/contract/visible-text.ts';

/** What a log says is somebody's choice of bytes: it is shown as what it is, and can neither hide nor reorder anything. */

const NAMES: Readonly<Record<number, string>> = { 0x09: '→', 0x0a: '↵', 0x0d: '␍', 0x1b: '␛', 0x7f: '␡' };

export interface Piece {
  readonly text: string;
  /** It stands for a character that cannot be seen. */
  readonly unseen: boolean;
}

/** A text in pieces, where each character that cannot be seen is told by a sign or its code point. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = '';
  for (const character of text) {
    if (!isUnseen(character)) {
      plain += character;
      continue;
    }
    if (plain !== '') pieces.push({ text: plain, unseen: false });
    plain = '';
    const code = character.codePointAt(0)!;
    pieces.push({ text: NAMES[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`, unseen: true });
  }
  if (plain !== '') pieces.push({ text: plain, unseen: false });
  return pieces;
}

/** The same as one text, for names that assistive programs read and for titles. */
export const seenText = (text: string): string =>
  piecesOf(text)
    .map((piece) => (piece.unseen ? `‹${piece.text}›` : piece.text))
    .join('');

/** Its beginning, never cut within a character. @returns the text itself where it is short enough */
export function beginningOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
