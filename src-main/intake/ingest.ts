import type { Batch, Checkpoint } from '../contract/batch.ts';
import { follow, type FollowOptions } from '../source/follow.ts';
import { pauseFor } from '../system/pause-for.ts';

export interface AttemptOptions<Problem> {
  readonly signal: AbortSignal;
  /** What hinders it, at each attempt; null: it goes on again. */
  readonly onProblem: (problem: Problem | null) => void;
  readonly retryMs?: number | undefined;
}

export interface IngestOptions<Problem>
  extends
    AttemptOptions<Problem>,
    Pick<FollowOptions, 'startAt' | 'maxBatchLines' | 'maxLineBytes' | 'pollMs' | 'onState' | 'onGap'> {
  /** Absolute. */
  readonly log: string;
  /** What is committed of it. */
  readonly from: Checkpoint | null | undefined;
  /** What brings the lines; default: whatever is written to the log. */
  readonly read?: typeof follow | undefined;
  /** Stores a batch, all of it or none. @returns what hinders it and may pass */
  readonly store: (batch: Batch) => Promise<Problem | undefined>;
  /** It is stored; the next is read when this is done. */
  readonly onStored: (batch: Batch) => Promise<void> | void;
}

/** A full disk may have room again after this. */
export const RETRY_MS = 5000;

/**
 * The one loop that brings a log to an engine, here or in the worker. The next batch is read
 * when the one before is committed: that is the backpressure. What hinders storing is waited for, and nothing is read meanwhile. Ends with the signal.
 */
export async function ingest<Problem>(options: IngestOptions<Problem>): Promise<void> {
  const { log, from, read = follow, store, onStored, ...following } = options;
  for await (const batch of read(log, { ...following, ...(from && { from }) })) {
    await untilDone(() => store(batch), options);
    if (options.signal.aborted) return;
    await onStored(batch);
  }
}

/** Tries until nothing hinders it, or until told to stop. */
export async function untilDone<Problem>(
  attempt: () => Promise<Problem | undefined>,
  { signal, onProblem, retryMs = RETRY_MS }: AttemptOptions<Problem>,
): Promise<void> {
  for (let hasFailed = false; ; hasFailed = true) {
    const problem = await attempt();
    if (problem === undefined) {
      if (hasFailed) onProblem(null);
      return;
    }
    onProblem(problem);
    await pauseFor(retryMs, signal);
    if (signal.aborted) return;
  }
}
