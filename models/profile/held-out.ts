import type { DetectorKind, TrainingOptions } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { SHORTEST, Window } from '../window.ts';
import { within } from './progress.ts';

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

/** Contiguous cross-validation: each fold is scored by a detector that learned the others. Yields progress 0…1. */
export function* scoreHeldOut(
  kind: DetectorKind,
  past: readonly Encoded[],
  options: TrainingOptions,
): Generator<number, HeldOut> {
  const unscored = (): Float64Array => new Float64Array(past.length).fill(NaN);
  const heldOut = {
    windows: unscored(),
    filled: new Uint16Array(past.length),
    since: new Uint32Array(past.length),
    actions: unscored(),
    amounts: unscored(),
    short: unscored(),
  };
  const curves: (readonly number[])[] = [];
  for (let fold = 0; fold < kind.folds; fold++) {
    const from = Math.floor((fold * past.length) / kind.folds);
    const to = Math.floor(((fold + 1) * past.length) / kind.folds);
    const rest = [...past.slice(0, from), ...past.slice(to)];
    const training = kind.train(rest, options, past.slice(from, to));
    const detector = yield* within(fold / kind.folds, 1 / kind.folds, training);
    curves.push(detector.unseenCurve ?? []);
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
      heldOut.windows[i] = seen.window;
      heldOut.filled[i] = natural.filled;
      heldOut.since[i] = natural.since;
      if (short.filled === shortSize(i, windowLength)) heldOut.short[i] = shorter.window;
      if (seen.action === undefined) continue;
      heldOut.actions[i] = seen.action;
      heldOut.amounts[i] = seen.amount ?? seen.action;
    }
  }
  return { ...heldOut, curve: meanOf(curves) };
}

/** Slice by slice; folds may differ by one. */
function meanOf(curves: readonly (readonly number[])[]): number[] {
  const length = Math.min(...curves.map((curve) => curve.length));
  return Array.from({ length }, (_, slice) => curves.reduce((sum, curve) => sum + curve[slice]!, 0) / curves.length);
}
