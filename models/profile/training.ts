import type { Detector, DetectorKind, TrainingOptions } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { weightsOf, type Algorithm } from '../algorithm.ts';
import { detectorKinds } from '../kinds.ts';
import { Window } from '../window.ts';
import { percentilesOf, scaleOf, zOf, type Scale } from './calibration.ts';

/** Every so many actions of the training span a window is scored for calibration. */
const STRIDE = 10;
/** Windows that end in the first part of the span are not used: there everything is new. */
const SKIP = 0.15;

/** A trained detector and what its strangeness means. */
export interface Member {
  readonly kind: DetectorKind;
  readonly detector: Detector;
  /** Of windows that it had not learned. */
  readonly window: Scale;
  /** Of single actions that it had not learned, where it judges those. */
  readonly action: Scale | undefined;
  readonly weight: number;
}

export interface Ensemble {
  readonly members: readonly Member[];
  /** Scale of the weighted sum of the members' z. */
  readonly fused: Scale;
  /** `percentilesOf` the fused z of windows that were not learned. */
  readonly percentiles: readonly number[];
}

/** Strangeness at the positions of a training span that could be scored without having been learned. */
interface HeldOut {
  readonly windows: ReadonlyMap<number, number>;
  readonly actions: readonly number[];
}

/** Actions that are needed for each detector of the algorithm to be trained and calibrated. */
export function actionsNeeded(algorithm: Algorithm): number {
  return Math.max(...kindsOf(algorithm).map(({ needs, folds }) => Math.ceil((needs * folds) / (folds - 1))));
}

function kindsOf(algorithm: Algorithm): DetectorKind[] {
  return detectorKinds.filter(({ name }) => weightsOf[algorithm][name] !== undefined);
}

/**
 * Trains and calibrates the detectors of an algorithm. Calibration is by contiguous cross-validation: each fold is
 * scored by a detector that learned the others, so that "normal" is what an unseen normal day looks like.
 * Yields progress 0…1 after each slice.
 * @throws RangeError when there are fewer than `actionsNeeded`
 */
export function* trainEnsemble(
  past: readonly Encoded[],
  algorithm: Algorithm,
  options: TrainingOptions,
): Generator<number, Ensemble> {
  const kinds = kindsOf(algorithm);
  const heldOut: HeldOut[] = [];
  const detectors: Detector[] = [];
  const parts = kinds.reduce((sum, { folds }) => sum + folds + 1, 0);
  let done = 0;
  for (const kind of kinds) {
    const share = { start: done / parts, length: kind.folds / parts };
    heldOut.push(yield* within(share.start, share.length, scoreHeldOut(kind, past, options)));
    detectors.push(yield* within(share.start + share.length, 1 / parts, kind.train(past, options)));
    done += kind.folds + 1;
  }
  return calibrate(kinds, detectors, heldOut, weightsOf[algorithm], options.windowLength);
}

/** Progress of a part as progress of the whole. */
function* within<T>(start: number, length: number, part: Generator<number, T>): Generator<number, T> {
  for (;;) {
    const { done, value } = part.next();
    if (done) return value;
    yield start + value * length;
  }
}

function* scoreHeldOut(
  kind: DetectorKind,
  past: readonly Encoded[],
  options: TrainingOptions,
): Generator<number, HeldOut> {
  const windows = new Map<number, number>();
  const actions: number[] = [];
  const first = Math.floor(SKIP * past.length);
  for (let fold = 0; fold < kind.folds; fold++) {
    const from = Math.floor((fold * past.length) / kind.folds);
    const to = Math.floor(((fold + 1) * past.length) / kind.folds);
    const rest = [...past.slice(0, from), ...past.slice(to)];
    const detector = yield* within(fold / kind.folds, 1 / kind.folds, kind.train(rest, options));
    const watch = detector.watch();
    const window = new Window(options.windowLength);
    for (let i = from; i < to; i++) {
      window.push(past[i]!);
      const seen = watch.see(window);
      if (i < first || window.filled < window.length) continue;
      if (seen.action !== undefined) actions.push(seen.action);
      if (i % STRIDE === 0) windows.set(i, seen.window);
    }
  }
  return { windows, actions };
}

function calibrate(
  kinds: readonly DetectorKind[],
  detectors: readonly Detector[],
  heldOut: readonly HeldOut[],
  weights: Readonly<Record<string, number>>,
  windowLength: number,
): Ensemble {
  const independent = (count: number): number => (count * STRIDE) / windowLength;
  const members = kinds.map((kind, k): Member => {
    const { windows, actions } = heldOut[k]!;
    return {
      kind,
      detector: detectors[k]!,
      window: scaleOf([...windows.values()], independent(windows.size)),
      action: actions.length > 1 ? scaleOf(actions, actions.length) : undefined,
      weight: weights[kind.name]!,
    };
  });
  const common = [...heldOut[0]!.windows.keys()].filter((i) => heldOut.every(({ windows }) => windows.has(i)));
  const sums = common.map((i) =>
    members.reduce((sum, member, k) => sum + member.weight * zOf(heldOut[k]!.windows.get(i)!, member.window), 0),
  );
  const fused = scaleOf(sums, independent(sums.length));
  return { members, fused, percentiles: percentilesOf(sums.map((sum) => zOf(sum, fused))) };
}
