import { random } from '../random.ts';
import { interval95 } from './interval.ts';

/** A labelled stretch of a log with the score it got. Higher is stranger. */
export interface Scored {
  readonly score: number;
  /** 1 another's or an attack, 0 normal. */
  readonly label: 0 | 1;
}

/**
 * Area under the ROC curve: the chance that a random positive scores higher than a random negative; ties count half.
 * Undefined without both kinds.
 */
export function rocAuc(units: readonly Scored[]): number | undefined {
  const sorted = [...units].sort((a, b) => a.score - b.score);
  const positives = sorted.filter(({ label }) => label === 1).length;
  const negatives = sorted.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  let ranks = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end]!.score === sorted[start]!.score) end++;
    const rank = (start + end + 1) / 2;
    for (let i = start; i < end; i++) if (sorted[i]!.label === 1) ranks += rank;
    start = end;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Resamples behind an interval. */
const RESAMPLES = 200;

/**
 * The 95 % interval of the ROC-AUC over all sets together, by the bootstrap over whole sets: units of one user are
 * alike, so it is users that are drawn again, not units. Undefined with fewer than two sets.
 */
export function rocAucInterval(sets: readonly (readonly Scored[])[], seed: number): [number, number] | undefined {
  if (sets.length < 2) return undefined;
  const next = random(seed);
  const aucs: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    const auc = rocAuc(sets.flatMap(() => sets[Math.floor(next() * sets.length)]!));
    if (auc !== undefined) aucs.push(auc);
  }
  return interval95(aucs);
}

/** Average precision (sklearn's): precision at each threshold, weighted by the recall it adds. */
export function averagePrecision(units: readonly Scored[]): number | undefined {
  const sorted = [...units].sort((a, b) => b.score - a.score);
  const positives = sorted.filter(({ label }) => label === 1).length;
  if (positives === 0) return undefined;
  let found = 0;
  let recall = 0;
  let sum = 0;
  sorted.forEach(({ label, score }, i) => {
    found += label;
    if (sorted[i + 1]?.score === score) return;
    sum += (found / positives - recall) * (found / (i + 1));
    recall = found / positives;
  });
  return sum;
}

/** Share of positives above the lowest threshold that at most a share `rate` of the negatives exceeds. */
export function detectionAt(units: readonly Scored[], rate: number): number | undefined {
  const negatives = units.filter(({ label }) => label === 0).map(({ score }) => score);
  const positives = units.filter(({ label }) => label === 1);
  if (positives.length === 0 || negatives.length === 0) return undefined;
  negatives.sort((a, b) => b - a);
  const limit = negatives[Math.floor(rate * negatives.length + 1e-9)] ?? -Infinity;
  return positives.filter(({ score }) => score > limit).length / positives.length;
}

/** Share of the units of one label that score at least `threshold`. */
export function shareAbove(units: readonly Scored[], label: 0 | 1, threshold: number): number | undefined {
  const own = units.filter((unit) => unit.label === label);
  return own.length === 0 ? undefined : own.filter(({ score }) => score >= threshold).length / own.length;
}
