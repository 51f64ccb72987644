import type { DetectorKind, TrainingOptions } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { SHORTEST, Window } from '../window.ts';

/** Positions in the first part of a training span are not scored: there everything is new. */
const SKIP = 0.15;

/**
 * What a kind of detector made of a training span, each position scored by a detector that had not learned it.
 * All shapes [actions]; NaN where nothing was scored.
 */
export interface HeldOut {
  /** Anomaly score of the window that ends there, windows as they come. */
  readonly windows: Float64Array;
  /** Actions in that window. */
  readonly filled: Uint16Array;
  /** Actions since the last pause or the start of the fold. */
  readonly since: Uint32Array;
  /** Anomaly score of the action alone. */
  readonly actions: Float64Array;
  /** … with all its sides added up. */
  readonly amounts: Float64Array;
  /** Anomaly score of windows that began again every `windowLength` actions, as after a pause; of fewer actions than that. */
  readonly short: Float64Array;
  /** Mean loss of what each fold's detector did not learn, by slice of its training, over the folds; empty where it tells none. */
  readonly curve: readonly number[];
}

/** Actions in the window of `HeldOut.short` at a position. */
export const shortSize = (position: number, windowLength: number): number => (position % windowLength) + 1;

/** `HeldOut` of one fold: all shapes [actions of the fold]. */
export interface HeldOutFold extends HeldOut {
  /** Where the fold begins in the training span. */
  readonly from: number;
}

type Scores = Omit<HeldOut, 'curve'>;

const unscored = (length: number): Scores => ({
  windows: new Float64Array(length).fill(NaN),
  filled: new Uint16Array(length),
  since: new Uint32Array(length),
  actions: new Float64Array(length).fill(NaN),
  amounts: new Float64Array(length).fill(NaN),
  short: new Float64Array(length).fill(NaN),
});

/**
 * One fold of a contiguous cross-validation, scored by a detector that learned the others. Knows of no other fold: they may be
 * scored at once. Yields progress 0…1.
 */
export function* scoreFold(
  kind: DetectorKind,
  fold: number,
  past: readonly Encoded[],
  options: TrainingOptions,
): Generator<number, HeldOutFold> {
  const from = Math.floor((fold * past.length) / kind.folds);
  const to = Math.floor(((fold + 1) * past.length) / kind.folds);
  const rest = [...past.slice(0, from), ...past.slice(to)];
  const detector = yield* kind.train(rest, options, past.slice(from, to));
  const scores = unscored(to - from);
  const first = Math.max(Math.floor(SKIP * past.length), from + SHORTEST);
  const { windowLength } = options;
  const [natural, short] = [new Window(windowLength), new Window(windowLength)];
  const [watch, other] = [detector.watch(), detector.watch()];
  for (let i = from; i < to; i++) {
    natural.push(past[i]!);
    const seen = watch.see(natural);
    if (i % windowLength === 0) short.shorten();
    short.push(past[i]!);
    const shorter = other.see(short);
    if (i < first) continue;
    const at = i - from;
    scores.windows[at] = seen.window;
    scores.filled[at] = natural.filled;
    scores.since[at] = natural.since;
    if (short.filled === shortSize(i, windowLength)) scores.short[at] = shorter.window;
    if (seen.action === undefined) continue;
    scores.actions[at] = seen.action;
    scores.amounts[at] = seen.amount ?? seen.action;
  }
  return { from, ...scores, curve: detector.unseenCurve ?? [] };
}

/** The whole span. @param folds all of them, in order @param length actions of the span */
export function joinFolds(folds: readonly HeldOutFold[], length: number): HeldOut {
  const whole = unscored(length);
  for (const { from, ...fold } of folds) {
    whole.windows.set(fold.windows, from);
    whole.filled.set(fold.filled, from);
    whole.since.set(fold.since, from);
    whole.actions.set(fold.actions, from);
    whole.amounts.set(fold.amounts, from);
    whole.short.set(fold.short, from);
  }
  return { ...whole, curve: meanOf(folds.map(({ curve }) => curve)) };
}

/** Slice by slice; folds may differ by one. */
function meanOf(curves: readonly (readonly number[])[]): number[] {
  const length = Math.min(...curves.map((curve) => curve.length));
  return Array.from({ length }, (_, slice) => curves.reduce((sum, curve) => sum + curve[slice]!, 0) / curves.length);
}
