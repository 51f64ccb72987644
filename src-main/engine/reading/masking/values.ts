import { isSecretName } from './names.ts';
import { looksRandom, SHORTEST } from './random-looking.ts';

/** What stands in a secret's place, wherever it was and however long. */
export const MASK = '***';

const random = new RegExp(`[A-Za-z0-9+/_-]{${SHORTEST},}={0,2}`, 'g');
const authority = /[^/?#"'\s]*/y;
const EQUALS = 0x3d;
const COLON = 0x3a;
/** `name:secret@host`, also as an option's value. */
const userAtHost = /^((?:-{1,2}[\w-]+=)?["']?[\w.+-]+:)[^\s@/]+@/;

/** A word, and whether it ends where a secret would begin: `Authorization:` */
export interface Shown {
  readonly text: string;
  readonly isOpen: boolean;
}

/** Masks what a word holds in itself. One pass for each of its rules. */
export function withoutValues(word: string): Shown {
  const { text, isOpen } = withoutNamed(word);
  return { text: withoutRandom(withoutUser(text)), isOpen };
}

/** `name=secret` and `name:secret` where the name tells; in the query of a URL up to the next parameter. */
export function withoutNamed(word: string): Shown {
  const isUrl = word.includes('://');
  let text = '';
  let done = 0;
  let floor = 0;
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at);
    if (code !== EQUALS && code !== COLON) continue;
    const name = nameBefore(word, at, floor);
    floor = at + 1;
    if (name === '' || !isSecretName(name) || (code === COLON && word.startsWith('//', at + 1))) continue;
    if (floor === word.length) return { text: text + word.slice(done), isOpen: true };
    text += word.slice(done, floor) + MASK;
    done = isUrl ? word.indexOf('&', floor) : -1;
    if (done < 0) return { text: text + closing(word, at), isOpen: false };
    floor = at = done;
  }
  return { text: text + word.slice(done), isOpen: false };
}

/** The quote that ends a word, where it began before the value. */
function closing(word: string, at: number): string {
  const last = word.at(-1)!;
  return (last === '"' || last === "'") && word.slice(0, at).includes(last) ? last : '';
}

function nameBefore(word: string, at: number, floor: number): string {
  let end = at;
  while (end > floor && isEscape(word.charCodeAt(end - 1))) end--;
  let start = end;
  while (start > floor && isNamed(word.charCodeAt(start - 1))) start--;
  return word.slice(start, end);
}

/** Quotes and backslashes. */
const isEscape = (code: number): boolean => code === 0x22 || code === 0x27 || code === 0x5c;

const named = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w.-]/.test(String.fromCharCode(code))));
const isNamed = (code: number): boolean => named[code] === 1;

/** The password of `scheme://user:password@host`, also where it holds what it should not. */
function withoutUser(word: string): string {
  const last = word.lastIndexOf('@');
  if (last < 0) return word;
  let begin = word.indexOf('://');
  if (begin < 0) return word.replace(userAtHost, `$1${MASK}@`);
  let text = '';
  let done = 0;
  for (; begin >= 0; begin = word.indexOf('://', authority.lastIndex)) {
    authority.lastIndex = begin + 3;
    const host = authority.exec(word)![0];
    authority.lastIndex = begin + 3 + host.length;
    const colon = host.indexOf(':');
    const isPort = !host.includes('@') && /^\d*$/.test(host.slice(colon + 1));
    if (colon < 0 || isPort) continue;
    const from = begin + 3 + colon + 1;
    const to = host.includes('@') ? word.lastIndexOf('@', pathEnd(word, authority.lastIndex)) : last;
    if (to < from) continue;
    text += word.slice(done, from) + MASK;
    done = authority.lastIndex = to;
  }
  return text + word.slice(done);
}

function pathEnd(word: string, from: number): number {
  const at = word.slice(from).search(/[?#]/);
  return at < 0 ? word.length : from + at;
}

/** What looks drawn by chance; of a path, which begins with a slash, first its parts. */
export function withoutRandom(word: string): string {
  if (word.length < SHORTEST) return word;
  return word.replace(random, (run) => {
    if (!run.startsWith('/')) return looksRandom(run) ? MASK : partsOf(run);
    const parts = partsOf(run);
    return parts === run && looksRandom(run) ? MASK : parts;
  });
}

const partsOf = (run: string): string =>
  run.includes('/')
    ? run
        .split('/')
        .map((part) => (looksRandom(part) ? MASK : part))
        .join('/')
    : run;
