import type { Encoded } from './features/encode.ts';
import type { MathEngine } from './math-engine.ts';
import type { Tuning } from './tuning.ts';
import type { Window } from './window.ts';

/** How strange a detector finds what it has just seen. Higher is stranger; the scale is the detector's own. */
export interface AnomalyScore {
  /** Of the window that ends with the latest action. */
  readonly window: number;
  /** Of the latest action alone, by its strangest side, where the detector can tell. */
  readonly action?: number;
  /** The same with all its sides added up; absent where that is no other number. */
  readonly amount?: number;
}

/** One stream of actions under a detector's eyes. Watching never changes the detector. */
export interface Watch {
  /** Called once after each `window.push`, in order. */
  see(window: Window): AnomalyScore;

  /** Why it found the window as strange as it did, from its own numbers. Takes milliseconds: only when asked for. */
  explain(window: Window): Explanation;
}

/** One thing that makes a window strange or familiar to a detector. */
export interface Reason {
  /** What it is about: a field as in `Window`; of an action as a whole the negative token. Undefined: the window's mix. */
  readonly field: number | undefined;
  /** Which side of it, in the detector's words, e.g. a head of the LSTM. */
  readonly aspect: string;
  /** On the detector's own scale. Positive: strange; negative: familiar. */
  readonly amount: number;
}

/** An action that came otherwise than foreseen. */
export interface Surprise {
  /** Place in the window, 0 the oldest. */
  readonly at: number;
  /** The chance that was given to what came, 0…1. */
  readonly probability: number;
  /** What was likeliest instead, likeliest first. `token` 0: none in particular. */
  readonly expected: readonly { readonly type: number; readonly token: number; readonly probability: number }[];
}

export interface Explanation {
  readonly reasons: readonly Reason[];
  /** Of a detector that foresees: the least foreseen actions, worst first. */
  readonly surprises?: readonly Surprise[];
  /** Of a detector that compares: the most similar normal windows. `similarity` 0…1; `from`: when it began, Unix seconds. */
  readonly nearest?: readonly { readonly from: number; readonly similarity: number }[];
}

/**
 * What is normal for one user, by one method. Knows nothing of files, clocks, users or alerts: numbers in, numbers
 * out. The same input, options and seed always give the same anomaly score. Another person's actions get a higher one than
 * the user's own, also at the same hours.
 */
export interface Detector {
  /** New eyes, which have seen nothing yet. */
  watch(): Watch;

  /**
   * Takes actions that were judged normal into what is normal, oldest first, in slices; yields progress 0…1.
   * Watches that are open go on with what was learned. `seed` as in `train`.
   */
  learn(accepted: readonly Encoded[], seed: number): Generator<number, void>;

  /** Takes what was there from the start (a query's first full result) as known, where that means something. */
  know?(action: Encoded): void;

  /** Mean loss of each slice of `train`, in the detector's own unit, in order; not of one that was loaded. */
  readonly curve?: readonly number[];

  /** … of `unseen` after each slice, where `train` was given any and the detector can tell. */
  readonly unseenCurve?: readonly number[];

  /** Everything needed to go on elsewhere, by file name. */
  save(): SavedDetector;
}

export type SavedDetector = Readonly<Record<string, string | Uint8Array>>;

export interface TrainingOptions {
  readonly seed: number;
  /** Actions in a window. */
  readonly windowLength: number;
  /** Who does the heavy arithmetic. */
  readonly math: MathEngine;
  /** How the two models are trained; as is usual when not given. One that is loaded goes on as it was trained. */
  readonly tuning?: Tuning;
}

/** A family of detectors: how to train a new one, and how to load a saved one. */
export interface DetectorKind {
  readonly name: string;
  /** Actions that `train` needs at least. */
  readonly needs: number;
  /** Parts that the training span is cut into for calibration. */
  readonly folds: number;
  /** What training costs beside that of the other kinds: for progress that tells the time left. */
  readonly cost: number;
  /**
   * Learns what is normal from past actions, oldest first, in slices; yields progress 0…1 after each, so that the
   * caller can score waiting actions in between.
   * @param unseen actions that it must not learn, to tell how well it foresees such: changes nothing of what is learned
   * @throws RangeError when `past` has fewer actions than `needs`
   */
  train(past: readonly Encoded[], options: TrainingOptions, unseen?: readonly Encoded[]): Generator<number, Detector>;
  /** @throws SyntaxError when the files are not what `save` wrote */
  load(saved: SavedDetector, options: TrainingOptions): Detector;
}

/** The named error of every kind's `train`. */
export function demandActions(kind: string, past: readonly Encoded[], needs: number): void {
  if (past.length < needs) throw new RangeError(`${kind}: ${past.length} actions to learn from, needs ${needs}`);
}
