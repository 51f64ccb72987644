import { random } from '../random.ts';
import { figureNames, RankedUnits, type FigureName, type UnitScore } from './figures.ts';
import { interval95 } from './interval.ts';

/** One figure of two versions. */
export interface Difference {
  readonly a: number;
  readonly b: number;
  /** b − a. */
  readonly difference: number;
  /** Where the difference lies in 95 % of the resamples that have positives and negatives; null for a single user. */
  readonly interval95: readonly [low: number, high: number] | null;
}

export interface Comparison {
  /** Those whose units both versions have, by name. */
  readonly users: readonly string[];
  readonly figures: Readonly<Record<FigureName, Difference>>;
}

export interface CompareOptions {
  readonly seed: number;
  /** At least 1. */
  readonly resamples: number;
}

/**
 * How two versions differ on the users that both have scored, by the paired bootstrap: units of one user are alike, so
 * it is users that are drawn again, with replacement, and the same ones for both versions. The order of units is of no
 * account. Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapters 8 and 13.
 * @returns undefined when those users have no positive or no negative unit in one of the versions
 */
export function compareUnits(
  a: readonly UnitScore[],
  b: readonly UnitScore[],
  { seed, resamples }: CompareOptions,
): Comparison | undefined {
  const inB = new Set(b.map(({ user }) => user));
  const users = [...new Set(a.map(({ user }) => user))].filter((user) => inB.has(user)).sort();
  const common = new Set(users);
  const versions = [a, b].map(
    (units) =>
      new RankedUnits(
        units.filter(({ user }) => common.has(user)),
        users,
      ),
  );
  const figuresOf = (weights: readonly number[]) => versions.map((version) => version.figures(weights));
  const [ofA, ofB] = figuresOf(users.map(() => 1));
  if (!ofA || !ofB) return undefined;
  const differences = new Map(figureNames.map((name): [FigureName, number[]] => [name, []]));
  const next = random(seed);
  for (let resample = 0; resample < resamples && users.length > 1; resample++) {
    const [drawnA, drawnB] = figuresOf(drawn(users.length, next));
    if (!drawnA || !drawnB) continue;
    for (const [name, values] of differences) values.push(drawnB[name] - drawnA[name]);
  }
  const compared = (name: FigureName): Difference => {
    const values = differences.get(name)!;
    return { a: ofA[name], b: ofB[name], difference: ofB[name] - ofA[name], interval95: interval95(values) ?? null };
  };
  return {
    users,
    figures: Object.fromEntries(figureNames.map((name) => [name, compared(name)])) as Comparison['figures'],
  };
}

/** How often each of `count` users comes when `count` are drawn with replacement. */
function drawn(count: number, next: () => number): number[] {
  const weights = new Array<number>(count).fill(0);
  for (let draw = 0; draw < count; draw++) weights[Math.floor(next() * count)]!++;
  return weights;
}
