import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

import type { Action } from '../../models/action.ts';
import type { Algorithm } from '../../models/algorithm.ts';
import type { SavedDetector } from '../../models/detector.ts';
import type { MathEngineName } from '../../models/math-engine.ts';
import type { Manifest } from '../engine/models/manifest.ts';
import type { Train, TrainingRequest } from '../engine/models/train.ts';

/** What crosses to the thread: plain data. */
export interface ThreadRequest {
  readonly past: readonly Action[];
  readonly request: Omit<TrainingRequest, 'options' | 'onProgress' | 'signal' | 'helper'> & {
    readonly options: Omit<TrainingRequest['options'], 'math'>;
  };
  /** The thread makes it ready for itself. */
  readonly math: MathEngineName;
  /** Whether a second thread does a part of it. */
  readonly helped: boolean;
}

export type ThreadMessage =
  { readonly progress: number } | { readonly files: SavedDetector; readonly manifest: Manifest };

/** Beside this file in a checkout, beside the bundle in what is built; threads are given the file that is unpacked. */
const thread = new URL(
  import.meta.url.endsWith('.ts') ? './training-thread.ts' : './training-thread.mjs',
  import.meta.url.replace('/app.asar/', '/app.asar.unpacked/'),
);

/** A training that was told to stop; nothing came of it. */
export class TrainingStopped extends Error {
  override readonly name = 'TrainingStopped';
}

/** Whether there is a core for a second thread, and enough to do: the LSTM is trained four times, all else in a moment. */
const isHelpful = (algorithm: Algorithm): boolean => availableParallelism() > 1 && algorithm !== 'ocsvm';

/**
 * Trains in a thread of its own: signals and progress get through meanwhile, and its memory is given back.
 * @param signal ends a training at once, which then rejects with TrainingStopped
 * @param threads 2: a second one does what it can of it, where the machine has a core for it
 */
export const trainUntil =
  (signal: AbortSignal | undefined, threads: 1 | 2 = 1): Train =>
  (past, { onProgress, options, signal: own, helper: _, ...rest }) =>
    new Promise((resolve, reject) => {
      const { math, ...sent } = options;
      const request = { ...rest, options: sent };
      const helped = threads > 1 && isHelpful(rest.algorithm) && math.name !== 'tfjs';
      const workerData: ThreadRequest = { past, request, math: math.name, helped };
      const worker = new Worker(thread, { workerData });
      const ending = signal && own ? AbortSignal.any([signal, own]) : (signal ?? own);
      const stop = (): void => {
        reject(new TrainingStopped('the training was stopped'));
        void worker.terminate();
      };
      if (ending?.aborted) stop();
      ending?.addEventListener('abort', stop, { once: true });
      worker.on('message', (message: ThreadMessage) => {
        if ('progress' in message) onProgress?.(message.progress);
        else resolve(message);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        ending?.removeEventListener('abort', stop);
        reject(new Error(`the training thread ended with code ${code} and no model`));
      });
    });

export const trainInThread: Train = trainUntil(undefined, 2);
