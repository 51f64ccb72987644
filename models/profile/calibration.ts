import { SHORTEST } from '../window.ts';

/** Where a detector's anomaly score of normal windows lies, and how wide it spreads. */
export interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** z-scores are kept between these: one detector's outrage must not silence the others' doubts. */
export const LEAST_Z = -3;
export const MOST_Z = 8;
/** The doubt of this many independent windows widens the spread: few windows never show their whole range. */
const DOUBT = 10;

/**
 * The scale of anomaly scores measured on windows that the detector had not learned.
 * @param values at least two
 * @param independent how many of the values do not overlap
 */
export function scaleOf(values: readonly number[], independent: number): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const widened = variance * (1 + DOUBT / Math.max(1, independent));
  return { mean, deviation: Math.max(Math.sqrt(widened), 1e-9, Math.abs(mean) * 1e-6) };
}

/** How many deviations above normal: −3…8. */
export function zOf(value: number, { mean, deviation }: Scale): number {
  return Math.min(MOST_Z, Math.max(LEAST_Z, (value - mean) / deviation));
}

/** Of several detectors none counts beyond this, however sure it is. */
const MOST_VOTE = 5;

/** What a detector's z counts among the votes of that many. */
export const voteOf = (z: number, voters: number): number => (voters > 1 ? Math.min(MOST_VOTE, z) : z);

/** A window of fewer actions is judged by another scale: this many sizes are measured, the ones between are interpolated. */
export const KNOTS = 5;

/** Window sizes, ascending, at which scales are measured; the last is `length`. */
export function knotsOf(length: number): number[] {
  const shortest = Math.min(SHORTEST, length);
  return Array.from({ length: KNOTS }, (_, k) => Math.round(shortest + (k / (KNOTS - 1)) * (length - shortest)));
}

/** Scales by the number of actions in the window, one for each of `knotsOf`. */
export type ScaleBySize = readonly Scale[];

/** The scale of every window size: index 0…length. Between knots linear; below the first as at the first. */
export function scalesBySize(scales: ScaleBySize, length: number): readonly Scale[] {
  const knots = knotsOf(length);
  return Array.from({ length: length + 1 }, (_, size) => {
    const above = knots.findIndex((knot) => size <= knot);
    if (above <= 0) return scales[0]!;
    const [a, b] = [scales[above - 1]!, scales[above]!];
    const share = (size - knots[above - 1]!) / (knots[above]! - knots[above - 1]!);
    return {
      mean: a.mean + share * (b.mean - a.mean),
      deviation: a.deviation + share * (b.deviation - a.deviation),
    };
  });
}
