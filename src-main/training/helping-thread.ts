import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { foldsOf, type ScoredFold } from '../../models/profile/training.ts';
import type { HeldOutFold } from '../../models/profile/held-out.ts';
import type { TrainingHelper } from '../engine/models/train.ts';
import type { ThreadRequest } from './train-in-thread.ts';

/** What crosses to a thread that helps another: the same training, and which of its folds are taken. */
export interface HelpRequest extends ThreadRequest {
  /** Shape [folds], shared by both: `FREE`, `HERE` or `HELPER`. */
  readonly claims: Int32Array;
}

const [FREE, HERE, HELPER] = [0, 1, 2] as const;

/** For the thread that helps. */
export const claimFor = (claims: Int32Array, place: number): boolean =>
  Atomics.compareExchange(claims, place, FREE, HELPER) === FREE;

/**
 * Starts a thread that scores folds of a training beside the one that asks. Whoever takes a fold first scores it, and it comes
 * out the same: each is a training by itself. When the helper fails, what it had taken is free again.
 * @param thread the file that is both
 */
export function startHelper(thread: URL, request: ThreadRequest): TrainingHelper {
  const count = foldsOf(request.request.algorithm).length;
  const claims = new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(thread, { workerData: { ...request, claims } satisfies HelpRequest });
  const scored = new Map<number, HeldOutFold>();
  let [isWaiting, isOver] = [false, false];
  /** Ends the pause. */
  let wake = (): void => undefined;
  worker.on('message', (message: ScoredFold) => {
    scored.set(message.place, message.scored);
    wake();
  });
  // Told by nobody: the training goes on without it, and fails by itself where there is a reason to.
  worker.on('error', () => undefined);
  worker.on('exit', () => {
    isOver = true;
    for (let place = 0; place < count; place++)
      if (!scored.has(place)) Atomics.compareExchange(claims, place, HELPER, FREE);
    wake();
  });
  return {
    claim: (place) => Atomics.compareExchange(claims, place, FREE, HERE) === FREE,
    scored: (place) => scored.get(place),
    wait() {
      isWaiting = true;
    },
    async pause() {
      if (isWaiting && !isOver) await new Promise<void>((resolve) => (wake = resolve));
      else await setImmediate();
      isWaiting = false;
    },
  };
}
