import type { Checkpoint } from '../contract/batch.ts';
import type { SourceState } from '../contract/desktop.ts';
import { message } from '../contract/story/messages.ts';
import { diskLogEvent } from './engine-log-events.ts';
import type { Engine, OpenedEngine } from '../engine/engine.ts';
import type { UserMessage } from '../engine/options.ts';
import { isCorruption, StoreBroken, StoreFull, type StoreProblem } from '../engine/store/problem.ts';
import { DamageLook, type DamageLookOptions } from '../engine/store/look-for-damage.ts';
import { pauseFor } from '../system/pause-for.ts';
import type { FollowOptions } from '../source/follow.ts';
import { TrainingStopped } from '../training/train-in-thread.ts';
import { ingest, RETRY_MS, untilDone } from './ingest.ts';

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
      await pauseFor(options.retryMs ?? RETRY_MS, signal);
    } else return problem;
  }
  return undefined;
}

/** @returns whether the database proved damaged: to be opened again */
async function readInto(engine: Engine, outer: IngestLoopOptions): Promise<boolean> {
  const { log, onNotice, onStored, tidy, retryMs = RETRY_MS } = outer;
  const damaged = new AbortController();
  const signal = AbortSignal.any([outer.signal, damaged.signal]);
  const look = new DamageLook({
    ...outer.look,
    store: engine.store,
    now: () => engine.now(),
    onDamage: (error) => {
      damaged.abort(error);
    },
  });
  const attempts = { signal, retryMs, onProblem: problemTeller(onNotice, retryMs) };
  const untilStored = (work: () => Promise<void> | void): Promise<void> => untilDone(() => problemOf(work), attempts);
  try {
    let from: Checkpoint | undefined;
    await untilStored(() => {
      from = engine.checkpoint(log);
    });
    await untilStored(() => engine.trainDue());
    await ingest({
      ...outer,
      ...attempts,
      from,
      store: (batch) =>
        problemOf(() => {
          engine.ingest(batch);
        }),
      onStored: async ({ lines }) => {
        onStored?.(engine, lines.length);
        await untilStored(() => engine.trainDue());
        await untilStored(() => tidy?.(engine));
      },
      onGap: (text) => {
        onNotice(text, { what: 'log-gap' });
      },
    });
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

/** What of the disk hinders it. @throws what is no matter of the disk, or damage */
async function problemOf(work: () => Promise<void> | void): Promise<StoreFull | StoreBroken | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof TrainingStopped) return undefined;
    if (!(error instanceof StoreFull || error instanceof StoreBroken) || isCorruption(error)) throw error;
    return error;
  }
}

const problemTeller =
  (onNotice: UserMessage, retryMs: number) =>
  (problem: StoreFull | StoreBroken | null): void => {
    if (problem === null) onNotice(message('store.goes-on'), { what: 'stored-again' });
    else onNotice(message('store.again', { what: problem.message, n: retryMs / 1000 }), diskLogEvent(problem));
  };
