import { algorithms, laterOf, weightsOf, type Algorithm } from '../algorithm.ts';
import type { Detector, DetectorKind, TrainingOptions } from '../detector.ts';
import type { Encoded } from '../features/encode.ts';
import { detectorKinds } from '../kinds.ts';
import { calibrate, memberScales, spreadOf, type Calibration, type MemberScales } from './calibrate.ts';
import { scoreHeldOut, type HeldOut } from './held-out.ts';
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

/**
 * Trains and calibrates the detectors of an algorithm. Calibration is by contiguous cross-validation, so that
 * "normal" is what an unseen normal day looks like. Yields progress 0…1 after each slice, by what the parts cost.
 * @throws RangeError when there are fewer than `actionsNeeded`
 */
export function* trainEnsemble(
  past: readonly Encoded[],
  algorithm: Algorithm,
  options: TrainingOptions,
): Generator<number, Ensemble> {
  const kinds = kindsOf(algorithm);
  const heldOut = new Map<string, HeldOut>();
  const detectors: Detector[] = [];
  const whole = kinds.reduce((sum, { folds, cost }) => sum + (folds + 1) * cost, 0);
  let done = 0;
  for (const kind of kinds) {
    const length = (kind.folds * kind.cost) / whole;
    heldOut.set(kind.name, yield* within(done, length, scoreHeldOut(kind, past, options)));
    detectors.push(yield* within(done + length, kind.cost / whole, kind.train(past, options)));
    done += length + kind.cost / whole;
  }
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
