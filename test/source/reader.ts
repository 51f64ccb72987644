import type { Batch, Checkpoint } from '../../src-main/contract/batch.ts';
import type { SourceState } from '../../src-main/contract/desktop.ts';
import { follow, type FollowOptions } from '../../src-main/source/follow.ts';

/** A reader of a log that can be stopped and started again where it was. */
export class Reader {
  readonly texts: string[] = [];
  readonly numbers: number[] = [];
  readonly refused: Batch['refused'][number][] = [];
  readonly states: SourceState[] = [];
  readonly gaps: string[] = [];
  at: Checkpoint | undefined;
  retryForMs: number | undefined;
  readonly #path: string;
  readonly #options: Partial<FollowOptions>;
  #stop = new AbortController();
  #done: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(path: string, options: Partial<FollowOptions> = {}) {
    this.#path = path;
    this.#options = options;
    this.start();
  }

  start(): void {
    this.#stop = new AbortController();
    this.#done = this.#run(this.#stop.signal).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    if (this.#failure) throw this.#failure as Error;
  }

  /** Waits until this many lines have come; fails loudly when they do not. */
  async until(count: number): Promise<void> {
    const deadline = performance.now() + 6000;
    while (this.texts.length < count) {
      if (this.#failure) throw this.#failure as Error;
      if (performance.now() > deadline)
        throw new Error(`${this.texts.length} of ${count} lines came: ${this.texts.slice(-3).join(' | ')}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const from = this.at && { from: this.at };
    const source = follow(this.#path, {
      signal,
      startAt: 'beginning',
      pollMs: 50,
      maxBatchLines: 3,
      onState: (state) => this.states.push(state),
      onGap: (gap) => this.gaps.push(gap),
      ...this.#options,
      ...(this.retryForMs !== undefined && { retryForMs: this.retryForMs }),
      ...from,
    });
    for await (const { lines, refused, checkpoint } of source) {
      for (const { text, number } of lines) {
        this.texts.push(text);
        this.numbers.push(number);
      }
      this.refused.push(...refused);
      this.at = checkpoint;
    }
  }
}
