import type { Checkpoint } from '../contract/batch.ts';
import type { SourceState } from '../contract/desktop.ts';
import { diskLogEvent } from './engine-log-events.ts';
import type { Engine, OpenedEngine } from '../engine/engine.ts';
import type { UserMessage } from '../engine/options.ts';
import { isCorruption, StoreBroken, StoreFull, type StoreProblem } from '../engine/store/problem.ts';
import { DamageLook, type DamageLookOptions } from '../engine/store/look-for-damage.ts';
import { pauseFor } from '../source/pause-for.ts';
import { follow, type FollowOptions } from '../source/follow.ts';
import { TrainingStopped } from '../training/train-in-thread.ts';

export interface IngestLoopOptions extends Pick<FollowOptions, 'maxBatchLines' | 'maxLineBytes' | 'pollMs'> {
  /** Absolute. */
  readonly log: string;
  readonly startAt: 'beginning' | 'end';
  readonly open: () => OpenedEngine;
  readonly signal: AbortSignal;
  /** A batch is stored. */
  readonly onStored?: (engine: Engine, lines: number) => void;
  /** What is done when there is time, after a batch: it may fail as the store does. */
  readonly tidy?: (engine: Engine) => void;
  readonly onState?: (state: SourceState) => void;
  /** A sentence for a person, and what of it may stand in the program's own log. */
  readonly onNotice: UserMessage;
  readonly retryMs?: number;
  /** How damage is looked for in the background: tests are in a hurry. */
  readonly look?: Pick<DamageLookOptions, 'firstMs' | 'pauseMs' | 'askAgainMs'>;
}

/** A full disk may have room again after this. */
const RETRY_MS = 5000;
/** A disk that damages a new database again and again is to be told, not to be filled with them. */
const MOST_DAMAGED = 3;

/**
 * Follows a log into an engine until `signal` is aborted. A full or failing disk is waited for. A damaged database is put
 * aside, a new one is made, and whatever the log and its rotated files still hold is read into it.
 * @returns why the store cannot be opened, where a person has to do something about it
 */
export async function ingestLoop(options: IngestLoopOptions): Promise<StoreProblem | undefined> {
  const { open, signal, onNotice } = options;
  let wasOpen = false;
  let damaged = 0;
  while (!signal.aborted) {
    const opened = open();
    if (opened.ok) {
      wasOpen = true;
      if (await readInto(opened.engine, options)) continue;
      return undefined;
    }
    const { problem } = opened;
    if (problem.kind === 'corrupt' && damaged++ < MOST_DAMAGED)
      onNotice(problem.message, { what: 'store-not-opened', why: problem.kind });
    else if (problem.kind === 'unusable' && wasOpen) {
      onNotice(problem.message, { what: 'store-not-opened', why: problem.kind });
      await pause(options);
    } else return problem;
  }
  return undefined;
}

/** @returns whether the database proved damaged: to be opened again */
async function readInto(engine: Engine, outer: IngestLoopOptions): Promise<boolean> {
  const { log, onNotice, onStored, tidy } = outer;
  const damaged = new AbortController();
  const signal = AbortSignal.any([outer.signal, damaged.signal]);
  const options = { ...outer, signal };
  const look = new DamageLook({
    ...outer.look,
    store: engine.store,
    now: () => engine.now(),
    onDamage: (error) => {
      damaged.abort(error);
    },
  });
  try {
    let from: Checkpoint | undefined;
    await untilDone(() => {
      from = engine.checkpoint(log);
    }, options);
    await untilDone(() => engine.trainDue(), options);
    for await (const batch of sourceOf(log, from, options)) {
      await untilDone(() => {
        engine.ingest(batch);
      }, options);
      if (signal.aborted) break;
      onStored?.(engine, batch.lines.length);
      await untilDone(() => engine.trainDue(), options);
      await untilDone(() => tidy?.(engine), options);
    }
    if (damaged.signal.aborted) throw damaged.signal.reason;
    return false;
  } catch (error) {
    if (!isCorruption(error)) throw error;
    onNotice((error as Error).message, { what: 'not-stored', why: 'corrupt' });
    return true;
  } finally {
    look.stop();
    engine.close();
  }
}

const sourceOf = (log: string, from: Checkpoint | undefined, options: IngestLoopOptions): ReturnType<typeof follow> =>
  follow(log, {
    ...options,
    ...(from && { from }),
    onGap: (text) => {
      options.onNotice(text, { what: 'log-gap' });
    },
  });

/** Does it when the disk lets it; gives up when told to stop. @throws what is no matter of the disk, or damage */
async function untilDone(work: () => Promise<void> | void, options: IngestLoopOptions): Promise<void> {
  const { signal, onNotice, retryMs = RETRY_MS } = options;
  for (let hasFailed = false; ; hasFailed = true) {
    try {
      await work();
      if (hasFailed) onNotice('Storing goes on again.', { what: 'stored-again' });
      return;
    } catch (error) {
      if (error instanceof TrainingStopped) return;
      if (!(error instanceof StoreFull || error instanceof StoreBroken) || isCorruption(error)) throw error;
      onNotice(
        `${error.message} Trying again every ${retryMs / 1000} s; nothing is lost meanwhile.`,
        diskLogEvent(error),
      );
      await pause(options);
      if (signal.aborted) return;
    }
  }
}

/** Waits for the next attempt, or until told to stop. */
const pause = ({ signal, retryMs = RETRY_MS }: IngestLoopOptions): Promise<void> => pauseFor(retryMs, signal);
