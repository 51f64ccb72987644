import type { Action, QueryLearning } from '../../../models/action.ts';
import { ownValue } from '../../../models/features/fields.ts';
import { guessKind } from '../../../models/features/kinds.ts';
import { finite, maybe, object, record, text, tuple, type Shape } from '../../../models/saved.ts';
import type { ScopeParts } from '../../contract/alerts.ts';
import { labelOf, short } from '../explanation/describe.ts';

type Learning = ReadonlyMap<string, QueryLearning>;

/**
 * What a person's word about a user applies to: all that is given must fit. At least one is.
 */
export interface Scope {
  /** This action: the query and the values by which it is told from others. */
  readonly action?: { readonly query: string; readonly values: Readonly<Record<string, string>> };
  /** Whatever this program does or is started by: its path or its name. */
  readonly program?: string;
  /** Local hours, from the first up to before the second; over midnight where the first is larger. 0…24. */
  readonly hours?: readonly [from: number, to: number];
}

const hour: Shape<number> = (value): value is number => finite(value) && value >= 0 && value <= 24;

/** Whether a value is a scope, whoever wrote it. */
export const isScope = object({
  action: maybe(object({ query: text, values: record(text) })),
  program: maybe(text),
  hours: maybe(tuple(hour, hour)),
});

/** A scope is shown in so many characters. */
const SHOWN = 300;

/** The ways in which a scope is made from an action. */
export const scopeKinds = ['action', 'program', 'hour'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** The scope of this kind that fits an action; undefined where the action has nothing of the kind. */
export function scopeOf(action: Action, kind: ScopeKind, learning: Learning): Scope | undefined {
  switch (kind) {
    case 'action':
      return { action: { query: action.query, values: valuesOf(action, learning) } };
    case 'program': {
      const program = programOf(action, learning);
      return program === undefined ? undefined : { program };
    }
    case 'hour': {
      const hour = hourOf(action.time);
      return { hours: [hour, hour + 1] };
    }
  }
}

/** Whether a scope applies to an action. An empty scope applies to nothing. */
export function fits({ action: wanted, program, hours }: Scope, action: Action, learning: Learning): boolean {
  if (!wanted && program === undefined && !hours) return false;
  if (wanted && !isSame(wanted, action, learning)) return false;
  if (program !== undefined && !isBy(program, action, learning)) return false;
  return !hours || isWithin(hourOf(action.time), hours);
}

/** "program /usr/bin/nc", "between 2 and 3 o'clock": for people. */
export function scopeText({ action, program, hours }: Scope): string {
  const parts = [
    action && `${action.query} ${Object.values(action.values).join(' ')}`,
    program !== undefined && `program ${program}`,
    hours && `between ${hours[0]}:00 and ${hours[1]}:00`,
  ];
  return short(parts.filter((part) => typeof part === 'string').join(', '), SHOWN);
}

/** The same taken apart, with what the pack calls the query. */
export const partsOf = ({ action, ...parts }: Scope, learning: Learning): ScopeParts => ({
  ...parts,
  ...(action && {
    action: { label: labelOf(action.query, learning), value: Object.values(action.values).join(' ') },
  }),
});

/** Columns and the values by which the action is told from others. */
function valuesOf({ query, columns }: Action, learning: Learning): Record<string, string> {
  const known = learning.get(query);
  const told = Object.entries(columns).flatMap(([column, value]) => {
    const kind = known ? (known.columns[column] ?? 'identity') : guessKind(column, value);
    const own = ownValue(kind, value);
    return own === undefined ? [] : [[column, own] as const];
  });
  return Object.fromEntries(told.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isSame({ query, values }: NonNullable<Scope['action']>, action: Action, learning: Learning): boolean {
  if (query !== action.query) return false;
  const own = valuesOf(action, learning);
  const names = Object.keys(own);
  return names.length === Object.keys(values).length && names.every((name) => own[name] === values[name]);
}

/** Values that name programs: paths, and the first words of command lines. */
function programsOf({ query, columns }: Action, learning: Learning): string[] {
  const known = learning.get(query);
  return Object.entries(columns).flatMap(([column, value]) => {
    const kind = known ? (known.columns[column] ?? 'identity') : guessKind(column, value);
    if (kind === 'path') return [value];
    return kind === 'command' || column === 'verb' ? [value.trimStart().split(/\s/, 1)[0]!] : [];
  });
}

function programOf(action: Action, learning: Learning): string | undefined {
  const programs = programsOf(action, learning).filter((program) => program !== '');
  return programs.find((program) => program.startsWith('/')) ?? programs[0];
}

const nameOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1);

/** A path fits itself and commands of its name; a bare name fits every path of that name. */
function isBy(program: string, action: Action, learning: Learning): boolean {
  return programsOf(action, learning).some((one) => {
    if (one === program) return true;
    return nameOf(one) === nameOf(program) && !(one.startsWith('/') && program.startsWith('/'));
  });
}

export const hourOf = (time: number): number => new Date(time * 1000).getHours();

/** Whether an hour is from the first up to before the second; over midnight where the first is larger. */
export function isWithin(hour: number, [from, to]: readonly [number, number]): boolean {
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}
