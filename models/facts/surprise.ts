import type { Fact } from './facts-of.ts';
import { places } from './place.ts';
import { programClasses } from './program-class.ts';

/** New facts of a family a week, as expected of this subject now. */
export type RateOf = (family: string) => number;

/** Something new that follows from a program, where that is new. */
export interface Follows {
  /** Of what tells of the same thing only the most surprising counts. */
  readonly group: string;
  /** −ln of the chance that it comes by itself. */
  readonly alone: number;
  /** The program that it tells of, by name; by its alias, where the row does not tell its name. */
  readonly of: string;
  readonly byAlias: boolean;
  /** −ln of the chance that a new program has this parent, place or connection, and no other. */
  readonly ifNew: number;
  /** Who started it, by name; and −ln of the chance that a new program starts this, and nothing else. */
  readonly by: string | undefined;
  readonly ifStarted: number | undefined;
}

/** What is new in one row. */
export interface RowSurprise {
  /** −ln of the chance that it comes by itself: a new program, or what follows from none. */
  readonly alone: number;
  /** The program that is new. */
  readonly program: string | undefined;
  /** What rows that do not tell its name call it: the file that runs it, or the container's engine. */
  readonly alias: string | undefined;
  readonly follows: Follows[];
}

/** A new fact, and −ln of the chance that it comes by itself. */
type New = Fact & { readonly surprise: number };

/** What of a program may be a class: what it is for, or the place that anybody may write to. */
const classes = [...programClasses, ...places.filter((place) => place !== 'none')];

/**
 * A program that is new brings more that is new: its parent, its children, its connections. What such a thing tells is not that
 * it is new, but which of all it could have been.
 * @param facts new ones of one row
 */
export function surpriseOf(facts: readonly New[], rateOf: RateOf): RowSurprise {
  const among = (fact: Fact, siblings: readonly string[]): number => {
    const all = siblings.reduce((sum, family) => sum + rateOf(family), 0);
    return -Math.log(Math.min(1, rateOf(fact.family) / all));
  };
  const follows: Follows[] = [];
  let alone = 0;
  for (const fact of facts) {
    const { group, surprise, program: of, startedBy: by } = fact;
    const ifNew = of === undefined || group === 'place' ? undefined : ifProgramIsNew(fact, among);
    if (of === undefined || ifNew === undefined) alone = Math.max(alone, surprise);
    else
      follows.push({
        group,
        alone: surprise,
        of,
        byAlias: fact.byAlias === true,
        ifNew,
        by,
        ifStarted: ifParentIsNew(fact, among),
      });
  }
  const { program, alias } = facts.find(({ group }) => group === 'place' || group === 'command') ?? {};
  return { alone, program, alias, follows };
}

type Among = (fact: Fact, siblings: readonly string[]) => number;

/** −ln of the share that a fact has among those of a new program of its kind. 0: it says nothing more. Undefined: it follows from none. */
function ifProgramIsNew(fact: Fact, among: Among): number | undefined {
  const [kind = '', kindOf = ''] = fact.family.split(' ', 2);
  if (kind === 'pair') {
    const [, child] = endsOf(fact);
    return among(
      fact,
      classes.map((one) => `pair ${one} > ${child}`),
    );
  }
  if (kind === 'root' || kind === 'connection' || kind === 'port' || kind === 'file')
    return among(fact, programsOf(kindOf));
  if (kind === 'deleted') return among(fact, classes.flatMap(programsOf));
  return kind === 'child' ? 0 : undefined;
}

/** The same of what a new program starts. */
function ifParentIsNew(fact: Fact, among: Among): number | undefined {
  if (fact.startedBy === undefined) return undefined;
  if (!fact.family.startsWith('pair ')) return 0;
  const [parent] = endsOf(fact);
  return among(
    fact,
    classes.map((one) => `pair ${parent} > ${one}`),
  );
}

const endsOf = ({ family }: Fact): [string, string] => family.slice('pair '.length).split(' > ') as [string, string];

const programsOf = (kind: string): string[] => places.map((place) => `program ${place} ${kind}`);

/** A program, a command, a connection, a port, a place to log in from: kinds of family that tell that a thing is new. */
const things = new Set(['program', 'command', 'connection', 'port', 'from']);
export const isThing = (family: string): boolean => things.has(family.split(' ', 1)[0]!);

/** Rows of one moment that count, most surprising first. */
const COUNTED = 3;
/** Nats by which a further row has to be rarer than a new thing is as a rule. */
const RARER = 1;

/**
 * What is new in one moment, taken together, in whatever order the log tells it. New things come in clusters, so each row after
 * the most surprising one counts by what it is rarer than any new thing is; what is told of a new program counts once for each group.
 * @param usual nats: how surprising it is that anything new comes
 */
export function together(rows: readonly RowSurprise[], usual: () => number): number {
  if (rows.length === 0) return 0;
  const { causes, given } = causesOf(rows);
  const [first = 0, ...others] = causes.sort((a, b) => b - a).slice(0, COUNTED);
  let sum = first;
  if (others.length > 0) {
    const least = usual() + RARER;
    for (const one of others) sum += Math.max(0, one - least);
  }
  for (const surprise of given) sum += surprise;
  return sum;
}

/**
 * How many things somebody did that are new: what follows from a new program is one with it, and all that a known program starts or
 * connects to, and did not before, is one thing.
 */
export function countOfThings(rows: readonly RowSurprise[]): number {
  const programs = new Programs(rows);
  const things = new Set<string | number>();
  rows.forEach(({ alone, program, follows }, at) => {
    if (follows.some(({ by }) => programs.started(by, program))) return;
    const [first] = follows;
    if (alone > 0 || follows.some((one) => !programs.isNew(one))) things.add(program ?? first?.by ?? first?.of ?? at);
  });
  return things.size;
}

/** The surprise of what comes by itself, above 0; and of what is told of new programs, once for each group. */
function causesOf(rows: readonly RowSurprise[]): { readonly causes: number[]; readonly given: Iterable<number> } {
  const programs = new Programs(rows);
  const given = new Map<string, number>();
  const causes = new Map<string | number, number>();
  rows.forEach((row, at) => {
    let { alone } = row;
    const isStarted = row.follows.some(({ by }) => programs.started(by, row.program));
    if (isStarted) alone = 0;
    for (const one of row.follows) {
      const started = programs.started(one.by, row.program);
      const surprise = started ? one.ifStarted : programs.isNew(one) ? one.ifNew : undefined;
      if (surprise === undefined) alone = Math.max(alone, one.alone);
      else given.set(one.group, Math.max(given.get(one.group) ?? 0, surprise));
    }
    const cause = row.program ?? at;
    causes.set(cause, Math.max(causes.get(cause) ?? 0, alone));
  });
  return { causes: [...causes.values()].filter((alone) => alone > 0), given: given.values() };
}

/** The programs that are new in one moment. */
class Programs {
  readonly #names = new Set<string>();
  readonly #aliases = new Set<string>();
  /** By a new program's name: who started it. */
  readonly #startedBy = new Map<string, string | undefined>();

  constructor(rows: readonly RowSurprise[]) {
    for (const { program, alias, follows } of rows) {
      if (program === undefined) continue;
      this.#names.add(program);
      if (alias !== undefined) this.#aliases.add(alias);
      const by = follows.find((one) => one.by !== undefined)?.by;
      if (by !== undefined || !this.#startedBy.has(program)) this.#startedBy.set(program, by);
    }
  }

  isNew({ of, byAlias }: Pick<Follows, 'of' | 'byAlias'>): boolean {
    return this.#names.has(of) || (byAlias && this.#aliases.has(of));
  }

  /** Whether who started a program is new, and was not started by that program itself. */
  started(by: string | undefined, program: string | undefined): boolean {
    if (by === undefined || !this.#startedBy.has(by)) return false;
    const seen = new Set<string>();
    for (let one: string | undefined = by; one !== undefined && !seen.has(one); one = this.#startedBy.get(one)) {
      if (one === program) return false;
      seen.add(one);
    }
    return true;
  }
}
