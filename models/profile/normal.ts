import { LEAST_Z, MOST_Z, zOf, type Scale } from './calibration.ts';

/**
 * How strange a user's normal behaviour looks to detectors that have not learned it: the strangest moment of each
 * stretch. A stretch is as many actions as a window holds; stretches do not overlap, so that they may be counted.
 */
export interface Normal {
  /** z, in order of time. */
  readonly maxima: readonly number[];
  /** Days in which they happened, nights and weekends included. */
  readonly days: number;
  /** What comes later alarms this many times as often as what was held out. Models of earlier versions do not say. */
  readonly later?: number | undefined;
}

/** Quantile of the maxima above which they are taken to thin out exponentially (Pickands 1975, shape 0). */
const TAIL_FROM = 0.8;
/** z by which the tail falls to 1/e, as long as nothing else is known; and how many excesses that opinion weighs. */
const PRIOR_SLOPE = 0.7;
const PRIOR_WEIGHT = 5;
/** `Normal.later` where it is not said. */
const LATER = 3;
/** An alarm line is never lower: below it, windows are not strange, whatever the budget allows. */
const LEAST_THRESHOLD = 2;
/** … nor higher: a user whose normal is wild still wants to hear of the strangest there is. */
const MOST_THRESHOLD = MOST_Z - 2;
/** Maxima that say how a tail falls; and slopes below which it only seems to. */
const ENOUGH = 20;
const [LEAST_SLOPE, LEAST_OTHER] = [0.2, 0.02];
/** What alarms is as strange as the line or stranger; a promise's line must be passed. */
const JUST = 1e-9;

/** Share of the user's normal stretches that are less strange than `z` throughout, 0…1. */
export function shareBelow({ maxima }: Normal, z: number): number {
  return maxima.filter((max) => max < z).length / Math.max(1, maxima.length);
}

/**
 * The chance that a normal stretch has a moment as strange as `z`: counted where there is enough to count, beyond
 * that an exponential tail.
 */
export function chanceOf(normal: Normal, z: number): number {
  return chanceIn(tailOf(normal), normal, z);
}

const chanceIn = ({ from, share, slope }: Tail, normal: Normal, z: number): number =>
  z <= from ? 1 - shareBelow(normal, z) : share * Math.exp(-(z - from) / slope);

/** Of normal stretches at most this share alarms: a promise that needs no distribution. */
export const PROMISE = 0.05;

/**
 * The line that at most a share `alpha` of normal stretches passes, whatever their distribution, if the next one is
 * exchangeable with those measured (Vovk, Gammerman & Shafer 2005): just above the ⌊α·(n + 1)⌋th largest of n.
 * Undefined where n is too small for any promise.
 */
export function conformalLine({ maxima }: Pick<Normal, 'maxima'>, alpha: number): number | undefined {
  const passed = Math.floor(alpha * (maxima.length + 1) + 1e-9);
  return passed < 1 ? undefined : [...maxima].sort((a, b) => b - a)[passed - 1]! + JUST;
}

/** Alarms a day that the line `z` will give on normal behaviour. */
export function alertsPerDayAt(normal: Normal, z: number): number {
  return laterIn(normal) * chanceIn(runTailOf(normal), normal, z) * stretchesPerDay(normal);
}

/**
 * The line, a z, above which normal behaviour alarms `budget` times a day, and at most a share `PROMISE` of the
 * stretches however large the budget: 2…6.
 */
export function alertThreshold(normal: Normal, budget: number): number {
  const { from, share, slope } = runTailOf(normal);
  const chance = budget / (laterIn(normal) * stretchesPerDay(normal));
  const line = chance < share ? from + slope * Math.log(share / chance) : from;
  const promised = conformalLine(normal, PROMISE) ?? -Infinity;
  return Math.min(MOST_THRESHOLD, Math.max(LEAST_THRESHOLD, line, promised));
}

const laterIn = ({ later = LATER }: Normal): number => later;

const stretchesPerDay = ({ maxima, days }: Normal): number => maxima.length / Math.max(days, 1 / 24);

interface Tail {
  /** z from which on it is one. */
  readonly from: number;
  /** Of all stretches, how many are in it. */
  readonly share: number;
  /** z by which it falls to 1/e. */
  readonly slope: number;
}

/** Of stretches: how likely one is. */
function tailOf({ maxima }: Normal): Tail {
  const sorted = [...maxima].sort((a, b) => a - b);
  const first = Math.min(sorted.length - 1, Math.floor(TAIL_FROM * sorted.length));
  const from = sorted[first] ?? 0;
  const share = Math.max(1, sorted.length - first) / Math.max(1, sorted.length);
  return { from, share, slope: slopeOf(sorted.slice(first + 1), from) };
}

/** Of runs: how likely one begins with a stretch. Strange stretches follow each other, and all of a run are one alert. */
function runTailOf(normal: Normal): Tail {
  const { maxima } = normal;
  const { from } = tailOf(normal);
  const runs = runsAbove(maxima, from);
  return { from, share: Math.max(1, runs.length) / Math.max(1, maxima.length), slope: slopeOf(runs, from) };
}

function slopeOf(tail: readonly number[], from: number): number {
  const excess = tail.reduce((sum, max) => sum + max - from, 0);
  return (PRIOR_SLOPE * PRIOR_WEIGHT + excess) / (PRIOR_WEIGHT + tail.length);
}

/** The strangest moment of each run of stretches above a z. */
function runsAbove(maxima: readonly number[], from: number): number[] {
  const runs: number[] = [];
  maxima.forEach((max, m) => {
    if (max < from) return;
    const goesOn = m > 0 && maxima[m - 1]! >= from;
    if (goesOn) runs.push(Math.max(max, runs.pop()!));
    else runs.push(max);
  });
  return runs;
}

/** Another measure on the scale of a first one, and from which z on it says anything. */
export interface OtherScale extends Scale {
  readonly from: number;
}

/**
 * Puts another measure on the scale of a first one: it passes any z in the tail e^−rarer times as often as that, so that both
 * together hardly alarm more than the first alone. Both tails are taken to fall exponentially; below its tail nothing is
 * known, and the other says nothing.
 * @param others maxima of the other measure over normal stretches @param maxima of the first, as z
 * @returns undefined where there are too few to tell
 */
export function scaleLike(others: readonly number[], maxima: readonly number[], rarer: number): OtherScale | undefined {
  if (Math.min(others.length, maxima.length) < ENOUGH) return undefined;
  const [other, first] = [fallOf(others, LEAST_OTHER), fallOf(maxima, LEAST_SLOPE)];
  const deviation = other.slope / first.slope;
  return { mean: other.from - (first.from - rarer * first.slope) * deviation, deviation, from: first.from };
}

/**
 * The same of a measure that alarms instead of the first: as rare, and at most a share `PROMISE` of the stretches passes a line that keeps
 * that promise by the first.
 */
export function scaleInstead(others: readonly number[], maxima: readonly number[]): OtherScale | undefined {
  const scale = scaleLike(others, maxima, 0);
  const [other, first] = [others, maxima].map((of) => conformalLine({ maxima: of }, PROMISE));
  if (!scale || other === undefined || first === undefined) return scale;
  const over = Math.max(0, zOf(other, scale) - first);
  return { ...scale, mean: scale.mean + over * scale.deviation };
}

/** z of the other measure; the least where that says nothing. */
export function otherZ(value: number, scale: OtherScale | undefined): number {
  const z = scale ? zOf(value, scale) : LEAST_Z;
  return scale && z >= scale.from ? z : LEAST_Z;
}

/** A window this strange tells that something may be wrong. */
export const DOUBTFUL = 1.5;
/** … and one this calm that whoever stayed before is gone. */
export const USER_IS_BACK = 0;

/** z of somebody who stays; the least where the last window is not strange: then nobody does any more. @param stretch its z */
export const stayZ = (value: number, scale: OtherScale | undefined, stretch: number): number =>
  stretch >= DOUBTFUL ? otherZ(value, scale) : LEAST_Z;

/** Where the highest fifth begins, and by how much it falls to 1/e. */
function fallOf(maxima: readonly number[], least: number): { from: number; slope: number } {
  const sorted = [...maxima].sort((a, b) => a - b);
  const first = Math.floor(TAIL_FROM * sorted.length);
  const from = sorted[first]!;
  const excesses = sorted.slice(first + 1).map((max) => max - from);
  return { from, slope: Math.max(least, excesses.reduce((sum, excess) => sum + excess, 0) / excesses.length) };
}
