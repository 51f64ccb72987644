import { algorithms, laterOf, weightsOf, type Algorithm } from '../algorithm.ts';
import type { Detector, DetectorKind, TrainingOptions } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { detectorKinds } from '../kinds.ts';
import { calibrate, memberScales, spreadOf, type Calibration, type MemberScales } from './calibrate.ts';
import { joinFolds, scoreFold, type HeldOut, type HeldOutFold } from './held-out.ts';
import { within } from './progress.ts';

/** A trained detector and what its anomaly score means. */
export interface Member extends MemberScales {
  readonly kind: DetectorKind;
  readonly detector: Detector;
}

export interface Ensemble {
  readonly members: readonly Member[];
  /** By algorithm, for each whose detectors are all members. */
  readonly calibrations: Readonly<Partial<Record<Algorithm, Calibration>>>;
  /** What is told of the training that made it; none where it was loaded. */
  readonly heldOut?: ToldOfHeldOut;
}

/** By detector, how what it had not learned looked to it. */
export interface ToldOfHeldOut {
  /** Mean loss after each slice of a training like its own, of the fold that this one left out; the mean over the folds. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** As `spreadOf`. */
  readonly spreads: Readonly<Record<string, readonly number[]>>;
}

/** Actions that are needed for each detector of the algorithm to be trained and calibrated. */
export function actionsNeeded(algorithm: Algorithm): number {
  return Math.max(...kindsOf(algorithm).map(({ needs, folds }) => Math.ceil((needs * folds) / (folds - 1))));
}

export function kindsOf(algorithm: Algorithm): DetectorKind[] {
  return detectorKinds.filter(({ name }) => weightsOf[algorithm][name] !== undefined);
}

/** A fold of a detector's cross-validation. */
export interface FoldOf {
  readonly kind: DetectorKind;
  readonly fold: number;
}

/** All that a training of the algorithm scores: those of a detector follow each other. */
export const foldsOf = (algorithm: Algorithm): FoldOf[] =>
  kindsOf(algorithm).flatMap((kind) => Array.from({ length: kind.folds }, (_, fold) => ({ kind, fold })));

/** One that was scored, and its place in `foldsOf`. */
export interface ScoredFold {
  readonly place: number;
  readonly scored: HeldOutFold;
}

/** Somebody who scores folds of the same training at the same time, as another thread may. Numbers are places in `foldsOf`. */
export interface FoldsElsewhere {
  /** Takes a fold for who asks; false where it was taken elsewhere, and is or will be scored there. */
  claim(place: number): boolean;
  /** What was scored elsewhere; undefined where it was not yet. */
  scored(place: number): HeldOutFold | undefined;
  /** Says that nothing is left to do but to wait for what was taken elsewhere: what is yielded next does. */
  wait(): void;
}

/**
 * Scores folds of a training that runs elsewhere, from the last of each detector on, while `claim` gives it any; yields each.
 */
export function* scoreFoldsFor(
  past: readonly Encoded[],
  algorithm: Algorithm,
  options: TrainingOptions,
  claim: (place: number) => boolean,
): Generator<ScoredFold> {
  const all = foldsOf(algorithm);
  for (const kind of kindsOf(algorithm)) {
    for (let fold = kind.folds - 1; fold >= 0; fold--) {
      const place = all.findIndex((one) => one.kind === kind && one.fold === fold);
      if (!claim(place)) continue;
      const scoring = scoreFold(kind, fold, past, options);
      let step = scoring.next();
      while (!step.done) step = scoring.next();
      yield { place, scored: step.value };
    }
  }
}

/**
 * Trains and calibrates the detectors of an algorithm. Calibration is by contiguous cross-validation, so that
 * "normal" is what an unseen normal day looks like. Yields progress 0…1 after each slice, by what the parts cost.
 * @param elsewhere scores folds meanwhile: what is yielded while one is waited for is the same as before
 * @throws RangeError when there are fewer than `actionsNeeded`
 */
export function* trainEnsemble(
  past: readonly Encoded[],
  algorithm: Algorithm,
  options: TrainingOptions,
  elsewhere?: FoldsElsewhere,
): Generator<number, Ensemble> {
  const kinds = kindsOf(algorithm);
  const all = foldsOf(algorithm);
  const scored = new Map<number, HeldOutFold>();
  const detectors: Detector[] = [];
  const whole = kinds.reduce((sum, { folds, cost }) => sum + (folds + 1) * cost, 0);
  let done = 0;
  const add = (place: number, fold: HeldOutFold | undefined): void => {
    if (fold) scored.set(place, fold);
    if (fold) done += all[place]!.kind.cost / whole;
  };
  const takeWhatIsThere = (): void => {
    for (const place of all.keys()) if (!scored.has(place)) add(place, elsewhere?.scored(place));
  };
  function* scoreOwn(kinds: readonly DetectorKind[]): Generator<number, void> {
    for (const [place, { kind, fold }] of all.entries()) {
      takeWhatIsThere();
      if (!kinds.includes(kind) || scored.has(place) || elsewhere?.claim(place) === false) continue;
      add(place, yield* within(done, kind.cost / whole, scoreFold(kind, fold, past, options)));
    }
  }
  for (const kind of kinds) {
    detectors.push(yield* within(done, kind.cost / whole, kind.train(past, options)));
    done += kind.cost / whole;
    yield* scoreOwn([kind]);
  }
  while (scored.size < all.length) {
    elsewhere?.wait();
    yield done;
    // Who took one may have failed.
    yield* scoreOwn(kinds);
  }
  const heldOut = new Map<string, HeldOut>(
    kinds.map((kind) => {
      const own = [...all.keys()].filter((place) => all[place]!.kind === kind);
      const folds = own.map((place) => scored.get(place)!);
      return [kind.name, joinFolds(folds, past.length)];
    }),
  );
  const members = kinds.map((kind, k): Member => {
    return { kind, detector: detectors[k]!, ...memberScales(heldOut.get(kind.name)!, options.windowLength) };
  });
  const possible = algorithms.filter((one) => kindsOf(one).every((kind) => kinds.includes(kind)));
  const times = past.map(({ time }) => time);
  const calibrations = Object.fromEntries(
    possible.map((one) => {
      const judging = members.filter(({ kind }) => weightsOf[one][kind.name] !== undefined);
      const measured = judging.map((member) => ({
        ...member,
        heldOut: heldOut.get(member.kind.name)!,
        weight: weightsOf[one][member.kind.name]!,
      }));
      return [one, calibrate(measured, times, options.windowLength, laterOf[one])];
    }),
  );
  return { members, calibrations, heldOut: toldOf(members, heldOut, options.windowLength) };
}

function toldOf(
  members: readonly Member[],
  heldOut: ReadonlyMap<string, HeldOut>,
  windowLength: number,
): ToldOfHeldOut {
  const told = <T>(tell: (own: HeldOut, member: Member) => readonly T[]): Record<string, readonly T[]> =>
    Object.fromEntries(
      members
        .map((member) => [member.kind.name, tell(heldOut.get(member.kind.name)!, member)] as const)
        .filter(([, values]) => values.length > 0),
    );
  return {
    curves: told(({ curve }) => curve),
    spreads: told((own, member) => spreadOf(own, member, windowLength)),
  };
}
