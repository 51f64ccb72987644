import type { ColumnKind, QueryLearning } from '../../../models/action.ts';
import events from '../../../conf/user-behavior-events.json' with { type: 'json' };
import legacy from '../../../conf/legacy-2017.json' with { type: 'json' };
import modern from '../../../conf/user-behavior.json' with { type: 'json' };
import { fingerprintsOf, type Fingerprints } from './fingerprints.ts';

/** What the app knows of the queries whose results it reads. */
export interface Pack extends Fingerprints {
  readonly learning: ReadonlyMap<string, QueryLearning>;
  /** Queries of osquery's event tables: their rows carry their own time, and none of them is a first full result. */
  readonly evented: ReadonlySet<string>;
  /**
   * Queries for which a gap in osquery's counter means lost results: evented ones, and those that report `removed`.
   * Not those of which the pack has no SQL: the osqueryds of 2017 counted runs, not results.
   */
  readonly counted: ReadonlySet<string>;
}

export class BadPack extends Error {}

const kinds: readonly ColumnKind[] = ['word', 'path', 'command', 'address', 'port', 'quantity', 'identity'];
/** What osquery's tables of events are called. */
const eventTable = /\bFROM \w+_events\b/i;

/**
 * Reads packs, later ones over earlier ones.
 * @param packs parsed JSON by file name
 * @param scores importance by query, over the packs' own
 * @throws BadPack naming file, query and what to do
 */
export function readPack(
  packs: Readonly<Record<string, unknown>>,
  scores: Readonly<Record<string, number>> = {},
): Pack {
  const learning = new Map<string, QueryLearning>();
  const evented = new Set<string>();
  const counted = new Set<string>();
  for (const [file, pack] of Object.entries(packs)) {
    for (const [query, entry] of Object.entries(object(object(pack, file, 'the file').queries, file, 'queries'))) {
      const { learn, query: sql, removed } = object(entry, file, query);
      const { label, importance, columns } = object(learn, file, `${query}.learn`);
      if (typeof label !== 'string' || label === '') throw bad(file, query, 'learn.label must be a text');
      const weight = Object.hasOwn(scores, query) ? scores[query] : importance;
      if (typeof weight !== 'number' || !(weight >= 0 && weight <= 10)) {
        throw bad(file, query, 'learn.importance must be a number from 0 to 10');
      }
      const known = object(columns, file, `${query}.learn.columns`);
      for (const [column, kind] of Object.entries(known)) {
        if (!kinds.includes(kind as ColumnKind)) {
          throw bad(file, query, `column ${column} is «${String(kind)}»; use one of ${kinds.join(', ')}`);
        }
      }
      // Without a prototype: a row's column may be called `constructor`, and that is no kind.
      const kindOf = Object.assign(Object.create(null) as Record<string, ColumnKind>, known);
      learning.set(query, { query, label, importance: weight, columns: kindOf });
      if (typeof sql !== 'string') continue;
      if (eventTable.test(sql)) evented.add(query);
      if (removed !== false || eventTable.test(sql)) counted.add(query);
    }
  }
  return { learning, evented, counted, ...fingerprintsOf(learning) };
}

/** The packs that ship: the modern one, its evented tier, and what the pack of 2017 asked. */
export function defaultPack(scores: Readonly<Record<string, number>> = {}): Pack {
  return readPack(
    { 'legacy-2017.json': legacy, 'user-behavior.json': modern, 'user-behavior-events.json': events },
    scores,
  );
}

function object(value: unknown, file: string, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(file, where, 'must be a JSON object; compare it with the packs that ship');
  }
  return value as Record<string, unknown>;
}

const bad = (file: string, where: string, what: string): BadPack => new BadPack(`${file}: ${where}: ${what}`);
