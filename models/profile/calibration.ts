/** Where a detector's strangeness of normal windows lies, and how wide it spreads. */
export interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** z-scores are kept between these: one detector's outrage must not silence the others' doubts. */
const LEAST_Z = -3;
const MOST_Z = 8;
/** So many independent windows' worth of doubt widen the spread: few windows never show their whole range. */
const DOUBT = 10;

/**
 * The scale of strangeness measured on windows that the detector had not learned.
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

/** Quantiles 0, 1/100, … 1 of the values, for "stranger than … of this user's normal windows". */
export function percentilesOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from({ length: 101 }, (_, p) => sorted[Math.round((p / 100) * (sorted.length - 1))] ?? 0);
}
