import { setImmediate } from 'node:timers/promises';

import type { Action } from '../../../models/action.ts';
import type { SavedDetector, TrainingOptions } from '../../../models/detector.ts';
import type { Algorithm } from '../../../models/algorithm.ts';
import type { FoldsElsewhere } from '../../../models/profile/training.ts';
import { UserModel } from '../../../models/profile/user-model.ts';
import { trainedOn } from '../reading/fingerprints.ts';
import type { Pack } from '../reading/pack.ts';
import { FORMAT, type Manifest } from './manifest.ts';

export interface Trained {
  readonly model: UserModel;
  readonly manifest: Manifest;
}

export interface TrainingRequest {
  readonly subject: string;
  readonly algorithm: Algorithm;
  readonly pack: Pack;
  readonly options: TrainingOptions;
  /** Unix seconds. */
  readonly now: number;
  /** 0…1; called after each slice, between which whatever else waits gets its turn. */
  readonly onProgress?: (progress: number) => void;
  /** Ends it: nothing comes of it. */
  readonly signal?: AbortSignal;
  /** Another thread that does a part of it. */
  readonly helper?: TrainingHelper;
}

export interface TrainingHelper extends FoldsElsewhere {
  /** Gives others their turn; after `wait` resolves when the helper has done more. */
  pause(): Promise<void>;
}

/** A model as files, and what it says about itself: how a training hands over what it made. */
export interface TrainedFiles {
  readonly files: SavedDetector;
  readonly manifest: Manifest;
}

/** Somewhere to train: in this thread or in another. */
export type Train = (past: readonly Action[], request: TrainingRequest) => Promise<TrainedFiles>;

export const trainHere: Train = async (past, request) => {
  const { model, manifest } = await trainModel(past, request);
  return { files: model.save(), manifest };
};

/** Trains a user's model in slices. @throws RangeError when there are too few actions */
export async function trainModel(past: readonly Action[], request: TrainingRequest): Promise<Trained> {
  const { algorithm, pack, options, onProgress, signal, helper } = request;
  const training = UserModel.train(past, pack.learning, algorithm, options, helper);
  for (;;) {
    const { done, value } = training.next();
    if (done) return { model: value, manifest: manifestOf(value, past, request) };
    onProgress?.(value);
    signal?.throwIfAborted();
    await (helper?.pause() ?? setImmediate());
  }
}

function manifestOf(model: UserModel, past: readonly Action[], request: TrainingRequest): Manifest {
  const { subject, algorithm, pack, options, now } = request;
  return {
    format: FORMAT,
    subject,
    algorithm,
    packFingerprint: pack.fingerprint,
    trainedOn: trainedOn(past, pack),
    seed: options.seed,
    windowLength: options.windowLength,
    training: { actions: past.length, from: past[0]?.time ?? 0, to: past.at(-1)?.time ?? 0 },
    normal: model.normal,
    drift: model.drift,
    curves: model.curves,
    heldOutCurves: model.heldOut.curves,
    spreads: model.heldOut.spreads,
    words: model.words,
    ...(options.tuning && { tuning: options.tuning }),
    createdAt: now,
  };
}
