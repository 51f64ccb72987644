/**
 * The middle 95 % of what resamples gave: the percentile interval of the bootstrap.
 * Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.
 * @param values in any order; undefined when there are none
 */
export function interval95(values: readonly number[]): [low: number, high: number] | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number | undefined => sorted[Math.round(share * (sorted.length - 1))];
  const [low, high] = [at(0.025), at(0.975)];
  return low === undefined || high === undefined ? undefined : [low, high];
}
