import type { Action, ColumnKind, QueryLearning } from '../../../models/action.ts';
import { ownValue } from '../../../models/features/fields.ts';
import { guessKind } from '../../../models/features/kinds.ts';
import { finite, maybe, object, record, text, tuple, type Shape } from '../../../models/saved.ts';
import type { ScopeParts } from '../../contract/story/rules.ts';
import { ruleText } from '../../contract/story/rules.ts';
import type { ScopeKind } from '../../contract/story/scope-kinds.ts';
import { farAddressOf, programOf } from '../answer/entity.ts';
import { factOf } from '../answer/fact.ts';
import { labelOf, short } from '../explanation/describe.ts';
import { rowKind } from '../narrative/act.ts';

type Learning = ReadonlyMap<string, QueryLearning>;

/**
 * What a person's word about a user applies to: all that is given must fit. At least one is.
 */
export interface Scope {
  /** This action: the query and the values by which it is told from others. */
  readonly action?: { readonly query: string; readonly values: Readonly<Record<string, string>> };
  /** Whatever this program does: its path or its name. */
  readonly program?: string;
  /** Whatever has this machine at its other side. */
  readonly address?: string;
  /** Whatever this query tells. */
  readonly query?: string;
  /** Local hours, from the first up to before the second; over midnight where the first is larger. 0…24. */
  readonly hours?: readonly [from: number, to: number];
}

const hour: Shape<number> = (value): value is number => finite(value) && value >= 0 && value <= 24;

/** Whether a value is a scope, whoever wrote it. */
export const isScope = object({
  action: maybe(object({ query: text, values: record(text) })),
  program: maybe(text),
  address: maybe(text),
  query: maybe(text),
  hours: maybe(tuple(hour, hour)),
});

/** A scope is shown in this many characters. */
const SHOWN = 300;

/** The scope of this kind that fits an action; undefined where the action has nothing of the kind. */
export function scopeOf(action: Action, kind: ScopeKind, learning: Learning): Scope | undefined {
  switch (kind) {
    case 'action': {
      const values = valuesOf(action, learning);
      // Nothing tells it from others: it would be the whole query.
      return Object.keys(values).length === 0 ? undefined : { action: { query: action.query, values } };
    }
    case 'program': {
      const program = programOf(action);
      return program === undefined ? undefined : { program };
    }
    case 'address': {
      const address = farAddressOf(action);
      return address === undefined ? undefined : { address };
    }
    case 'query':
      return { query: action.query };
    case 'hour': {
      const hour = hourOf(action.time);
      return { hours: [hour, hour + 1] };
    }
  }
}

/** The scope that all of these kinds make together; undefined where the action has nothing of one of them. */
export function scopeOfKinds(action: Action, kinds: readonly ScopeKind[], learning: Learning): Scope | undefined {
  const scopes = kinds.map((kind) => scopeOf(action, kind, learning));
  return scopes.includes(undefined) ? undefined : (Object.assign({}, ...scopes) as Scope);
}

/** Whether a scope applies to an action. An empty scope applies to nothing. */
export function fits(scope: Scope, action: Action, learning: Learning): boolean {
  const { action: wanted, program, address, query, hours } = scope;
  if (!wanted && program === undefined && address === undefined && query === undefined && !hours) return false;
  if (wanted && !isSame(wanted, action, learning)) return false;
  if (program !== undefined && !isBy(program, action)) return false;
  if (address !== undefined && farAddressOf(action) !== address) return false;
  if (query !== undefined && action.query !== query) return false;
  return !hours || isWithin(hourOf(action.time), hours);
}

/** What it holds for, as a sentence of the command line. @param user whose actions it is about */
export const scopeText = (scope: Scope, learning: Learning, user: string): string =>
  short(ruleText(partsOf(scope, learning), short(user), 'en'), SHOWN);

/** The same taken apart, with what the pack calls the query. */
export function partsOf({ action, query, program, address, hours }: Scope, learning: Learning): ScopeParts {
  return {
    ...(action && { act: factOf(action, learning) }),
    ...(program !== undefined && { program: short(program, SHOWN) }),
    ...(address !== undefined && { address: short(address, SHOWN) }),
    ...(query !== undefined && { query: { kind: rowKind({ query, columns: {} }), label: labelOf(query, learning) } }),
    ...(hours && { hours }),
  };
}

/** Columns and the values by which the action is told from others. How much of something there was tells no fact from another. */
function valuesOf({ query, columns }: Action, learning: Learning): Record<string, string> {
  const told = Object.entries(columns).flatMap(([column, value]) => {
    const kind = kindOf(query, column, value, learning);
    const own = kind === 'quantity' ? undefined : ownValue(kind, value);
    return own === undefined ? [] : [[column, own] as const];
  });
  return Object.fromEntries(told.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function kindOf(query: string, column: string, value: string, learning: Learning): ColumnKind {
  const known = learning.get(query);
  return known ? (known.columns[column] ?? 'identity') : guessKind(column, value);
}

function isSame({ query, values }: NonNullable<Scope['action']>, action: Action, learning: Learning): boolean {
  if (query !== action.query) return false;
  const own = valuesOf(action, learning);
  // Rules of older versions hold amounts too.
  const wanted = Object.keys(values).filter((name) => Object.hasOwn(own, name) || !isAmount(query, name, learning));
  return wanted.length === Object.keys(own).length && wanted.every((name) => own[name] === values[name]);
}

const isAmount = (query: string, column: string, learning: Learning): boolean =>
  learning.get(query)?.columns[column] === 'quantity';

const nameOf = (program: string): string => program.slice(program.lastIndexOf('/') + 1);

/** A path fits itself and commands of its name; a bare name fits every path of that name. */
function isBy(program: string, action: Action): boolean {
  const own = programOf(action);
  if (own === undefined || own === program) return own !== undefined;
  return nameOf(own) === nameOf(program) && !(own.startsWith('/') && program.startsWith('/'));
}

export const hourOf = (time: number): number => new Date(time * 1000).getHours();

/** Whether an hour is from the first up to before the second; over midnight where the first is larger. */
export function isWithin(hour: number, [from, to]: readonly [number, number]): boolean {
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}
