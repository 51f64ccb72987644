import { watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';

/** Without inotify the poll is all there is: it comes so often then. */
const POLL_ALONE_MS = 1000;

/**
 * Waits until something in a file's folder may have changed: by inotify, with a slow poll as a safety net. Costs
 * nothing while nothing happens.
 */
export class Waiter {
  readonly #folder: string;
  readonly #pollMs: number;
  readonly #signal: AbortSignal;
  readonly #onNotice: (text: string) => void;
  #watcher: FSWatcher | undefined;
  #told = false;
  #changed = false;
  #wake: (() => void) | undefined;

  constructor(path: string, pollMs: number, signal: AbortSignal, onNotice: (text: string) => void) {
    this.#folder = dirname(path);
    this.#pollMs = pollMs;
    this.#signal = signal;
    this.#onNotice = onNotice;
    signal.addEventListener('abort', this.#onAbort);
    this.#watch();
  }

  /** Returns at the next change, after the poll's time, or when aborted; at once when something changed since the last call. */
  async wait(): Promise<void> {
    // The folder may not have been there, or may be another one now.
    if (!this.#watcher) this.#watch();
    if (!this.#changed && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#watcher ? this.#pollMs : Math.min(POLL_ALONE_MS, this.#pollMs));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#changed = false;
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  readonly #onAbort = (): void => {
    this.#wake?.();
  };

  #watch(): void {
    try {
      this.#watcher = watch(this.#folder, () => {
        this.#changed = true;
        this.#wake?.();
      });
      this.#watcher.on('error', (error) => {
        this.#fall(error);
      });
    } catch (error) {
      this.#fall(error);
    }
  }

  #fall(error: unknown): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (this.#told || code === 'ENOENT' || code === 'EACCES') return;
    this.#told = true;
    this.#onNotice(`changes of ${this.#folder} cannot be watched (${code}); looking every second instead`);
  }
}
