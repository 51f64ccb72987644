import type { Fact } from './facts-of.ts';
import { places } from './place.ts';
import { programClasses } from './program-class.ts';

/** New facts of a family a week, as expected of this subject now. */
export type RateOf = (family: string) => number;

/** How surprising what is new in one row is, nats. */
export interface RowSurprise {
  /** −ln of the chance that it comes by itself. 0: all of it follows from a program that is new. */
  readonly alone: number;
  /** By group: −ln of the chance that a new program has this parent, place or connection, and no other. */
  readonly given: (readonly [group: string, surprise: number])[];
  /** The program that is new. */
  readonly program: string | undefined;
}

/** A new fact, and −ln of the chance that it comes by itself. */
type New = Fact & { readonly surprise: number };

/** What of a program may be a class: what it is for, or the place that anybody may write to. */
const classes = [...programClasses, ...places.filter((place) => place !== 'none')];

/**
 * A program that is new brings more that is new: its parent, its children, its connections. What such a thing tells is not that
 * it is new, but which of all it could have been.
 * @param facts new ones of one row, most surprising first
 * @param isNew whether a program of this name is new since a short time
 */
export function surpriseOf(facts: readonly New[], isNew: (program: string) => boolean, rateOf: RateOf): RowSurprise {
  const given: [string, number][] = [];
  const among = (fact: Fact, siblings: readonly string[]): void => {
    const all = siblings.reduce((sum, family) => sum + rateOf(family), 0);
    given.push([fact.group, -Math.log(Math.min(1, rateOf(fact.family) / all))]);
  };
  const program = facts.find(({ group }) => group === 'place');
  let alone = program?.surprise ?? 0;
  for (const fact of facts) {
    if (fact.group === 'place') continue;
    const [kind = '', kindOf = ''] = fact.family.split(' ', 2);
    const ofNew = program !== undefined || (fact.program !== undefined && isNew(fact.program));
    if (kind === 'pair') {
      const [parent, child] = fact.family.slice('pair '.length).split(' > ') as [string, string];
      if (fact.startedBy !== undefined && isNew(fact.startedBy)) {
        alone = 0;
        among(
          fact,
          classes.map((one) => `pair ${parent} > ${one}`),
        );
      } else if (ofNew)
        among(
          fact,
          classes.map((one) => `pair ${one} > ${child}`),
        );
      else alone = Math.max(alone, fact.surprise);
    } else if (kind === 'child') {
      if (!ofNew && !(fact.startedBy !== undefined && isNew(fact.startedBy))) alone = Math.max(alone, fact.surprise);
    } else if (ofNew && (kind === 'root' || kind === 'connection' || kind === 'port' || kind === 'file')) {
      among(fact, programsOf(kindOf));
    } else if (ofNew && kind === 'deleted') among(fact, classes.flatMap(programsOf));
    else if (!(ofNew && kind === 'command')) alone = Math.max(alone, fact.surprise);
  }
  const name = program?.program ?? facts.find((fact) => fact.group === 'command')?.program;
  return { alone, given, program: name };
}

/** A program, a command, a connection, a port, a place to log in from: kinds of family that tell that a thing is new. */
const things = new Set(['program', 'command', 'connection', 'port', 'from']);
export const isThing = (family: string): boolean => things.has(family.split(' ', 1)[0]!);

/** Rows of one moment that count, most surprising first. */
const COUNTED = 3;
/** Nats by which a further row has to be rarer than a new thing is as a rule. */
const RARER = 1;

/**
 * What is new in one moment, taken together. New things come in clusters, so each row after the most surprising one counts by
 * what it is rarer than any new thing; what is told of a new program counts once for each group.
 * @param usual nats: how surprising it is that anything new comes
 */
export function together(rows: readonly RowSurprise[], usual: () => number): number {
  const given = new Map<string, number>();
  for (const row of rows)
    for (const [group, surprise] of row.given) given.set(group, Math.max(given.get(group) ?? 0, surprise));
  const ofPrograms = new Map<string, number>();
  const alone: number[] = [];
  for (const { alone: one, program } of rows) {
    if (one === 0) continue;
    if (program === undefined) alone.push(one);
    else ofPrograms.set(program, Math.max(ofPrograms.get(program) ?? 0, one));
  }
  const [first = 0, ...others] = [...alone, ...ofPrograms.values()].sort((a, b) => b - a).slice(0, COUNTED);
  let sum = first;
  if (others.length > 0) {
    const least = usual() + RARER;
    for (const one of others) sum += Math.max(0, one - least);
  }
  for (const surprise of given.values()) sum += surprise;
  return sum;
}

const programsOf = (kind: string): string[] => places.map((place) => `program ${place} ${kind}`);
