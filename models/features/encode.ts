import type { Action, QueryLearning } from '../action.ts';
import { ownValue, portClass, widerValues } from './fields.ts';
import { KeptValues, type Column, type ReadValue } from './kept-values.ts';
import { guessKind, unknownQuery } from './kinds.ts';
import type { Named } from './named.ts';
import { numberless, versionless } from './paths.ts';
import {
  nestedNames,
  packedNames,
  packNames,
  SEPARATOR,
  unpackNames,
  type NestedNames,
  type PackedNames,
} from './packed-names.ts';
import { Recency } from './recency.ts';
import { Vocabulary } from './vocabulary.ts';
import { list, maybe, object, text, whole, type Shape } from '../saved.ts';

/** What the detectors see of an action: numbers that are names, and a few small classes. */
export interface Encoded {
  /** Unix seconds. */
  readonly time: number;
  /** Number of (query, change). */
  readonly type: number;
  /** Number of (query, change, all column values that tell actions apart). */
  readonly token: number;
  /** Numbers of (query, column, value) and of the wider values; distinct. */
  readonly fields: readonly number[];
  /** Of each of `fields`, the number of its (query, column, width): its like, among which it may be common or rare. */
  readonly families: readonly number[];
  /** Index into `recencyClasses`. */
  readonly recency: number;
  /** Index into `portClasses` of the first port column, or −1. */
  readonly port: number;
  /** 0…10, from the pack. */
  readonly importance: number;
  /** Only what appears can be new to a user: the end of something was seen to begin. */
  readonly added: boolean;
  readonly baseline: boolean;
}

export interface SavedEncoder {
  readonly types: readonly string[];
  /** Models of earlier versions have the names as they are, or a list for each. */
  readonly tokens: PackedNames | NestedNames | readonly string[];
  readonly fields: readonly string[];
  readonly families: readonly string[];
  readonly recency: { readonly last: readonly number[]; readonly position: number };
  /** Models of earlier versions tell numbers in folders apart, or, where it is true, a folder that got a version from the same without. */
  readonly numberless?: true | 'versionless' | undefined;
}

const MOST_TYPES = 1000;
const MOST_TOKENS = 200_000;
const MOST_FIELDS = 200_000;
const MOST_FAMILIES = 10_000;

export const savedEncoder: Shape<SavedEncoder> = object({
  types: list(text, MOST_TYPES),
  tokens: (value): value is SavedEncoder['tokens'] =>
    list(text, MOST_TOKENS)(value) || packedNames(MOST_TOKENS)(value) || nestedNames(MOST_TOKENS)(value),
  fields: list(text, MOST_FIELDS),
  families: list(text, MOST_FAMILIES),
  recency: object({ last: list(whole(0, 2 ** 53), MOST_TOKENS + 1), position: whole(0, 2 ** 53) }),
  numberless: maybe((value): value is true | 'versionless' => value === true || value === 'versionless'),
});
/** A value is told from another by its first characters: a 1 MiB command line must not become a 1 MiB name. */
const VALUE_LENGTH = 200;

/**
 * Turns a user's actions, in their order, into what the detectors see. Its memory is the user's own:
 * the names met so far, and when each action was last seen.
 */
export class Encoder {
  readonly #learning: ReadonlyMap<string, QueryLearning>;
  readonly #types: Vocabulary;
  readonly #tokens: Vocabulary;
  readonly #fields: Vocabulary;
  readonly #families: Vocabulary;
  readonly #recency: Recency;
  readonly #numberless: SavedEncoder['numberless'];
  readonly #queries: Set<string>;
  /** Sorted columns of a query with their kinds, by query and column names: rows of one query have few shapes. */
  readonly #shapes = new Map<string, readonly Column[]>();
  readonly #kept = new KeptValues();

  constructor(learning: ReadonlyMap<string, QueryLearning>, saved?: SavedEncoder) {
    this.#learning = learning;
    this.#types = new Vocabulary(MOST_TYPES, saved?.types);
    this.#tokens = new Vocabulary(MOST_TOKENS, saved && namesOf(saved.tokens));
    this.#fields = new Vocabulary(MOST_FIELDS, saved?.fields);
    this.#families = new Vocabulary(MOST_FAMILIES, saved?.families);
    this.#recency = new Recency(saved?.recency.last, saved?.recency.position);
    this.#queries = new Set(saved?.types.map((type) => type.split(SEPARATOR, 1)[0]!));
    this.#numberless = saved === undefined ? 'versionless' : saved.numberless;
  }

  encode(action: Action): Encoded {
    const learning = this.#learning.get(action.query) ?? unknownQuery(action.query);
    let name = action.query + SEPARATOR + action.change;
    const type = this.#types.id(name);
    this.#queries.add(action.query);
    const [fields, families]: [number[], number[]] = [[], []];
    let port = -1;
    for (const column of this.#shape(learning, action.columns)) {
      const told = action.columns[column.name] ?? '';
      const known = column.kept.get(told);
      const read = known ?? this.#read(column, told, fields);
      if (known === undefined) this.#kept.keep(column, told, read);
      if (port < 0) port = read.port;
      name += read.name;
      for (let f = 0; f < read.fields.length; f++) {
        if (fields.includes(read.fields[f]!)) continue;
        fields.push(read.fields[f]!);
        families.push(read.families[f]!);
      }
    }
    const token = this.#tokens.id(name);
    return {
      time: action.time,
      type,
      token,
      fields,
      families,
      recency: this.#recency.see(token),
      port,
      importance: learning.importance,
      added: action.change !== 'removed',
      baseline: action.baseline ?? false,
    };
  }

  /** @param before numbers that the action has already, of which a full vocabulary's 0 is one */
  #read({ name, kind, family }: Column, told: string, before: readonly number[]): ReadValue {
    const text = plain(told.slice(0, VALUE_LENGTH));
    const value = kind === 'path' ? this.#folders(text) : text;
    const port = kind === 'port' ? portClass(value) : -1;
    const own = ownValue(kind, value);
    if (own === undefined) return { name: '', fields: [], families: [], port, isWhole: true };
    let isWhole = true;
    const [fields, families]: [number[], number[]] = [[], []];
    const add = (of: string, part: string): void => {
      const id = this.#fields.id(of + part);
      const isThere = fields.includes(id) || before.includes(id);
      if (id === 0 || isThere) isWhole = false;
      if (isThere) return;
      fields.push(id);
      families.push(this.#families.id(of));
    };
    add(family, own);
    for (const wider of widerValues(kind, value)) {
      const width = wider.slice(0, wider.indexOf(' ') + 1);
      add(family + SEPARATOR + width, wider.slice(width.length));
    }
    return { name: `${SEPARATOR}${name}=${own}`, fields, families, port, isWhole };
  }

  #folders(path: string): string {
    if (this.#numberless === undefined) return path;
    return this.#numberless === true ? numberless(path) : versionless(path);
  }

  /** Numbers in use by `Encoded.type`, `token` and `fields` are 1…these. */
  get sizes(): { types: number; tokens: number; fields: number } {
    return { types: this.#types.size, tokens: this.#tokens.size, fields: this.#fields.size };
  }

  /** Different queries met so far. */
  get queries(): number {
    return this.#queries.size;
  }

  /** What a field of a window is, in the log's own words; of a negative one, the token's action. */
  nameOf(field: number): Named {
    if (field < 0) {
      const [query, change, ...values] = this.#tokens.word(-field).split(SEPARATOR);
      const columns = Object.fromEntries(values.map(splitAtEqual));
      return { query: query!, ...(change === 'removed' && { ended: true }), columns };
    }
    const [query, named, widened] = this.#fields.word(field).split(SEPARATOR);
    const [column, value] = splitAtEqual(named ?? '');
    if (widened === undefined) return { query: query!, column, value };
    const wider = widened.split(' ', 1)[0]!;
    return { query: query!, column, value: widened.slice(wider.length + 1), wider };
  }

  /** What is known of an action of which only the type is. */
  typeOf(type: number): Named {
    const [query, change] = this.#types.word(type).split(SEPARATOR);
    return { query: query!, ...(change === 'removed' && { ended: true }), columns: {} };
  }

  save(): SavedEncoder {
    return {
      types: this.#types.words(),
      tokens: packNames(this.#tokens.words()),
      fields: this.#fields.words(),
      families: this.#families.words(),
      recency: this.#recency.save(),
      ...(this.#numberless !== undefined && { numberless: this.#numberless }),
    };
  }

  /** Which columns count, sorted, so that nothing depends on the order in which a row lists them. */
  #shape(learning: QueryLearning, columns: Readonly<Record<string, string>>): readonly Column[] {
    const names = Object.keys(columns);
    const key = `${learning.query}${SEPARATOR}${names.join(SEPARATOR)}`;
    let shape = this.#shapes.get(key);
    if (!shape) {
      const known = Object.keys(learning.columns).length > 0;
      shape = names
        .sort()
        .map((column) => {
          const kind = known ? learning.columns[column] : guessKind(column, columns[column] ?? '');
          const family = `${learning.query}${SEPARATOR}${column}=`;
          return { name: column, kind: kind ?? 'identity', family, kept: new Map<string, ReadValue>() };
        })
        .filter(({ kind }) => kind !== 'identity');
      if (this.#shapes.size < 10_000) this.#shapes.set(key, shape);
    }
    return shape;
  }
}

const namesOf = (tokens: SavedEncoder['tokens']): readonly string[] =>
  'shapes' in tokens ? unpackNames(tokens) : tokens;

function splitAtEqual(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A value that holds the separator must not pass for a name made of several. */
function plain(value: string): string {
  return value.includes(SEPARATOR) ? value.replaceAll(SEPARATOR, '\ufffd') : value;
}
