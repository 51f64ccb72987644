/** osquery.conf as text: a person's file is added to, never laid out again. */
import type { Phrase } from '../../contract/story/story.ts';
import { blanked, isObject, parseConfiguration as parse } from '../../osquery/json.ts';

/** A pack's name in the configuration, and the file that it is in. */
export interface PackEntry {
  readonly name: string;
  readonly file: string;
}

export type Added =
  /** `inserted` is what the new text has more than the old one; empty: it asks for all packs already. */
  | { readonly ok: true; readonly text: string; readonly inserted: string }
  | { readonly ok: false; readonly why: Why; readonly values?: Phrase['values'] };
type Why = 'not-our-json' | 'packs-no-object' | 'other-pack' | 'too-deep' | 'no-place';

/**
 * Adds packs to a configuration. osquery takes lines that begin with `#` or `//` for comments; they stay.
 * @returns why not, where that cannot be done without touching what is there
 */
export function addPacks(text: string, packs: readonly PackEntry[]): Added {
  const before = parse(text);
  if (before === undefined) return { ok: false, why: 'not-our-json' };
  const there = before.packs ?? {};
  if (!isObject(there)) return { ok: false, why: 'packs-no-object' };
  const taken = packs.find(({ name, file }) => there[name] !== undefined && there[name] !== file);
  if (taken) return { ok: false, why: 'other-pack', values: { name: taken.name } };
  const missing = packs.filter(({ name }) => there[name] === undefined);
  if (missing.length === 0) return { ok: true, text, inserted: '' };

  const places = openingBraces(text);
  const lines = missing.map(({ name, file }) => `\n    ${JSON.stringify(name)}: ${JSON.stringify(file)}`).join(',');
  const comma = (of: object): string => (Object.keys(of).length === 0 ? '' : ',');
  const [at, inserted] =
    before.packs === undefined
      ? [places.root, `\n  "packs": {${lines}\n  }${comma(before)}`]
      : [places.packs, `${lines}${comma(there)}`];
  const result = at === undefined ? text : text.slice(0, at + 1) + inserted + text.slice(at + 1);

  // What was written has to say exactly what was meant, whatever the text looked like.
  const meant = {
    ...before,
    packs: { ...there, ...Object.fromEntries(missing.map(({ name, file }) => [name, file])) },
  };
  try {
    if (sameJson(parse(result), meant)) return { ok: true, text: result, inserted };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, why: 'too-deep' };
  }
  return { ok: false, why: 'no-place' };
}

/** Takes back what `addPacks` inserted, from a text that may have changed since. Undefined: it is not there, or not once. */
export function withoutInserted(text: string, inserted: string): string | undefined {
  const at = text.indexOf(inserted);
  if (inserted === '' || at < 0 || text.includes(inserted, at + 1)) return undefined;
  const rest = text.slice(0, at) + text.slice(at + inserted.length);
  return parse(rest) === undefined ? undefined : rest;
}

/** Where the opening braces of the whole and of its "packs" are. @param text that osquery can read */
function openingBraces(text: string): { readonly root?: number; readonly packs?: number } {
  // Every place stays where it is.
  const blank = blanked(text);
  let depth = 0;
  let lastString = '';
  let root: number | undefined;
  for (const { 0: token, index } of blank.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token.startsWith('"')) lastString = token;
    else if (token === '{' || token === '[') {
      if (depth === 0) root = index;
      if (depth === 1 && token === '{' && lastString === '"packs"') return { root: root!, packs: index };
      depth++;
    } else depth--;
  }
  return root === undefined ? {} : { root };
}

/** Equal, whatever the order of keys. */
function sameJson(one: unknown, other: unknown): boolean {
  if (isObject(one) && isObject(other)) {
    const names = Object.keys(one);
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => name in other && sameJson(one[name], other[name]))
    );
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameJson(item, other[index]));
  }
  return one === other;
}
