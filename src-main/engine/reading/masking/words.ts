import { SHORTEST, SHORTEST_MIXED } from './random-looking.ts';

/** A word of a command line: where it stands in the text, and what is worth a closer look in it. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** It holds a quote or a backslash. */
  readonly isQuoted: boolean;
  /** It holds one of `=`, `:`, `@`. */
  readonly hasValue: boolean;
  /** It holds as many letters, digits and `+/_-` in a row as a key has. */
  readonly isLong: boolean;
}

const OTHER = 0;
const SPACE = 1;
const QUOTE = 2;
const BACKSLASH = 3;
const VALUE = 4;
const SLASH = 5;
const KEY = 6;
/** A run that begins with a slash is a path, and only its parts are looked at. */
const PATH = -Infinity;
const BLANK = 0x20;
const SINGLE = 0x27;
const HYPHEN = 0x2d;
const COLON = 0x3a;
const AT = 0x40;
/** The kinds of the ASCII characters. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => kindOf(String.fromCharCode(code)));

/**
 * Splits as a shell does, as far as a log shows it: at white space outside of quotes. What a shell expands or runs is
 * not looked into, and a quote that was cut before its end reaches to the end. One pass.
 */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let [start, quote, run, part] = [-1, 0, 0, 0];
  let [isQuoted, hasValue, isLong] = [false, false, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? kinds[code]! : kindOf(text[at]!);
    if (kind === SPACE && quote === 0) {
      if (start >= 0) words.push({ start, end: at, isQuoted, hasValue, isLong });
      start = -1;
      continue;
    }
    if (start < 0) {
      [start, run, part] = [at, 0, 0];
      isQuoted = hasValue = isLong = false;
    }
    if (kind >= SLASH) {
      run = kind === SLASH && run === 0 ? PATH : run + 1;
      part = kind === KEY ? part + 1 : 0;
      isLong ||= part >= SHORTEST || run >= SHORTEST_MIXED;
      continue;
    }
    run = part = 0;
    if (kind === VALUE) hasValue = true;
    else if (kind === BACKSLASH) {
      isQuoted = true;
      // In single quotes it is a character like any other.
      if (quote !== SINGLE) at++;
    } else if (kind === QUOTE) {
      isQuoted = true;
      if (quote === 0) quote = code;
      else if (quote === code) quote = 0;
    }
  }
  if (start >= 0) words.push({ start, end: text.length, isQuoted, hasValue, isLong });
  return words;
}

/**
 * Whether none of the words of a text is worth a closer look, which is so for most: without making them.
 * @param isNotable of an option, and of a word with a colon or an option's `=`
 */
export function arePlain(text: string, isNotable: (word: string, text: string) => boolean): boolean {
  let [start, run, part] = [-1, 0, 0];
  let isAsked = false;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : BLANK;
    const kind = code < 128 ? kinds[code]! : kindOf(text[at]!);
    if (kind === SPACE) {
      if (isAsked && isNotable(text.slice(start, at), text)) return false;
      [start, run, part] = [-1, 0, 0];
      isAsked = false;
      continue;
    }
    if (start < 0) {
      start = at;
      isAsked = code === HYPHEN;
    }
    if (kind >= SLASH) {
      run = kind === SLASH && run === 0 ? PATH : run + 1;
      part = kind === KEY ? part + 1 : 0;
      if (part >= SHORTEST || run >= SHORTEST_MIXED) return false;
      continue;
    }
    run = part = 0;
    if (kind === QUOTE || kind === BACKSLASH || code === AT) return false;
    if (kind !== VALUE) continue;
    if (code !== COLON && text.charCodeAt(start) !== HYPHEN) return false;
    isAsked = true;
  }
  return true;
}

/** Where a quoted part with white space in it begins: there is a command of its own, a header, or another text; −1 without one. */
export function innerText(word: string): number {
  const at = word.search(/["']/);
  return at >= 0 && /\s/.test(word) ? at : -1;
}

/** Also the spaces of other scripts: what separates words for a reader may end a secret. */
function kindOf(char: string): number {
  if (/\s/.test(char)) return SPACE;
  if (/[A-Za-z0-9+_-]/.test(char)) return KEY;
  if (char === '/') return SLASH;
  if (char === '"' || char === "'") return QUOTE;
  if (char === '\\') return BACKSLASH;
  return char === '=' || char === ':' || char === '@' ? VALUE : OTHER;
}
