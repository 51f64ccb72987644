import type { Explanation } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { fieldsOf } from '../window.ts';

/** What a detector found, and how much it counts. */
export interface Voice {
  readonly detector: string;
  /** Of the window. */
  readonly z: number;
  /** What that is in the fused sum. */
  readonly counts: number;
  readonly weight: number;
  readonly explanation: Explanation;
}

/** One thing that made a window strange. */
export interface Factor {
  /** A field as in `Window`; undefined: the window's mix of types, recencies and ports. */
  readonly field: number | undefined;
  /** Of all that spoke against the window, 0…1. */
  readonly share: number;
  /** The same by detector and aspect, e.g. "lstm type" or "frequency rare"; sums to `share`. */
  readonly by: Readonly<Record<string, number>>;
}

export interface Explained {
  /** Largest share first. With `rest` their shares sum to 1, or to 0 where nothing spoke against the window. */
  readonly factors: readonly Factor[];
  readonly rest: number;
  /** What each detector said: z, and its part of all that spoke against the window or, negative, for it. */
  readonly votes: readonly { readonly detector: string; readonly z: number; readonly share: number }[];
  /** Fields that were found familiar, most familiar first; shares of all that was found familiar. */
  readonly familiar: readonly { readonly field: number; readonly share: number }[];
  readonly surprises: NonNullable<Explanation['surprises']>;
  readonly nearest: NonNullable<Explanation['nearest']>;
}

/** Factors are told one by one until they make this much of all that spoke against the window; few of them are told whatever they make. */
const NEARLY_ALL = 0.95;
const FEWEST_FACTORS = 8;
/** Familiar fields that are told one by one. */
const MOST_FAMILIAR = 3;

/**
 * What a field is about: the action, as a negative token, where only one action of the window has the field; else the
 * field itself. So a program, its name and its path are one thing.
 */
export function thingsOf(actions: readonly Encoded[]): ReadonlyMap<number, number> {
  const things = new Map<number, number>();
  for (const action of actions) {
    // Past the vocabulary an action has no name of its own.
    if (action.token === 0) continue;
    for (const field of fieldsOf(action)) {
      const before = things.get(field) ?? -action.token;
      things.set(field, before === -action.token ? before : field);
    }
  }
  return things;
}

/**
 * Why a window was strange. Each detector's part of the fused z, as far as it speaks against the window, is shared
 * out among its own reasons; reasons about the same thing are added up across detectors.
 * @param things of the window's actions
 */
export function fuseExplanations(voices: readonly Voice[], things: ReadonlyMap<number, number>): Explained {
  const against = voices.reduce((sum, { counts }) => sum + Math.max(0, counts), 0);
  const factors = new Map<number | undefined, Record<string, number>>();
  for (const { detector, counts, explanation } of voices) {
    const part = against > 0 ? Math.max(0, counts) / against : 0;
    const anomalous = explanation.reasons.filter(({ amount }) => amount > 0);
    const total = anomalous.reduce((sum, { amount }) => sum + amount, 0);
    if (part === 0) continue;
    // A detector may find a window strange for what is not in it: then it has no reasons to show.
    if (total === 0) add(factors, undefined, detector, part);
    for (const { field, aspect, amount } of anomalous) {
      const thing = field === undefined ? undefined : (things.get(field) ?? field);
      add(factors, thing, `${detector} ${aspect}`, (part * amount) / total);
    }
  }
  const all = [...factors]
    .map(([field, by]): Factor => ({ field, by, share: Object.values(by).reduce((sum, share) => sum + share, 0) }))
    .sort((a, b) => b.share - a.share || (a.field ?? 0) - (b.field ?? 0));
  const told = shortest(all, NEARLY_ALL, FEWEST_FACTORS);
  return {
    factors: told,
    rest: all.slice(told.length).reduce((sum, { share }) => sum + share, 0),
    votes: voices.map(({ detector, z, counts }) => ({ detector, z, share: against > 0 ? counts / against : 0 })),
    familiar: familiarOf(voices),
    surprises: voices.flatMap(({ explanation }) => explanation.surprises ?? []),
    nearest: voices.flatMap(({ explanation }) => explanation.nearest ?? []),
  };
}

/** As many of the first as make `share` together, and at least `fewest`. @param factors largest share first */
export function shortest<T extends { readonly share: number }>(
  factors: readonly T[],
  share: number,
  fewest: number,
): T[] {
  let sum = 0;
  const enough = factors.findIndex((factor) => (sum += factor.share) >= share);
  return factors.slice(0, enough < 0 ? undefined : Math.max(enough + 1, fewest));
}

function add(
  factors: Map<number | undefined, Record<string, number>>,
  field: number | undefined,
  by: string,
  share: number,
): void {
  const factor = factors.get(field) ?? {};
  factor[by] = (factor[by] ?? 0) + share;
  factors.set(field, factor);
}

function familiarOf(voices: readonly Voice[]): Explained['familiar'] {
  const amounts = new Map<number, number>();
  for (const { weight, explanation } of voices) {
    const familiar = explanation.reasons.filter(({ amount }) => amount < 0);
    const total = familiar.reduce((sum, { amount }) => sum + amount, 0);
    for (const { field, amount } of familiar) {
      if (field !== undefined) amounts.set(field, (amounts.get(field) ?? 0) + (weight * amount) / total);
    }
  }
  const total = [...amounts.values()].reduce((sum, amount) => sum + amount, 0);
  return [...amounts]
    .map(([field, amount]) => ({ field, share: amount / total }))
    .sort((a, b) => b.share - a.share || a.field - b.field)
    .slice(0, MOST_FAMILIAR);
}
