import type { readerCalls } from '../contract/contract.ts';
import type { SourceState } from '../contract/desktop.ts';
import { AskFailed, type Client } from '../contract/ipc.ts';
import { pauseFor } from '../system/pause-for.ts';
import type { follow } from '../source/follow.ts';
import { ingest, RETRY_MS } from './ingest.ts';

export interface IngestorOptions {
  readonly engine: Pick<Client<typeof readerCalls>, 'checkpoint' | 'ingest'>;
  /** Resolves when the engine can be asked, or when the signal is aborted. */
  readonly whenUp: (signal: AbortSignal) => Promise<void>;
  readonly onSource: (state: SourceState) => void;
  /** Why nothing can be stored just now; null: it can. */
  readonly onProblem: (problem: string | null) => void;
  readonly onNotice: (text: string) => void;
  /** A batch was stored. */
  readonly onStored: () => void;
  readonly retryMs?: number;
  /** What brings the lines; default: whatever is written to the log. */
  readonly read?: typeof follow;
}

/**
 * Follows the log and hands its batches to the worker. After the end of either side reading goes on at the checkpoint that the
 * worker committed.
 */
export class Ingestor {
  readonly #options: IngestorOptions;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: IngestorOptions) {
    this.#options = options;
  }

  /** Reads this log from now on, instead of the one before. @param path absolute */
  async start(path: string): Promise<void> {
    this.#stop.abort();
    // In place before anything is waited for: of two starts at once the last one reads, alone.
    const before = this.#running;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#running = before.then(() => this.#run(path, signal));
    await before;
  }

  /** Resolves when nothing is read or asked any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(path: string, signal: AbortSignal): Promise<void> {
    const { whenUp, onProblem } = this.#options;
    for (;;) {
      await whenUp(signal);
      if (signal.aborted) return;
      try {
        await this.#read(path, signal);
      } catch (error) {
        // A worker that died is waited for; the tray tells of it already.
        if (error instanceof AskFailed && error.code === 'worker-down') continue;
        onProblem(error instanceof Error ? error.message : String(error));
        await pauseFor(this.#options.retryMs ?? RETRY_MS, signal);
      }
    }
  }

  async #read(path: string, signal: AbortSignal): Promise<void> {
    const { engine, onSource, onNotice, onProblem, onStored, read, retryMs } = this.#options;
    const from = await engine.checkpoint(path);
    onProblem(null);
    await ingest({
      log: path,
      from,
      read,
      signal,
      retryMs,
      onProblem,
      startAt: 'beginning',
      store: async (batch) => {
        const ingested = await engine.ingest(batch);
        return ingested.stored ? undefined : ingested.problem;
      },
      onStored,
      onState: onSource,
      onGap: onNotice,
    });
  }
}
