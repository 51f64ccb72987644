import { watch, type FSWatcher } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { linkTarget } from './folder.ts';

/** Without inotify the poll is all there is: it comes so often then. */
const POLL_ALONE_MS = 1000;

interface Watched {
  readonly watcher: FSWatcher;
  /** Device and inode of the folder, for one that was replaced has the same name; and the files' names. */
  readonly key: string;
}

/**
 * Waits until something may have happened to a file: by inotify on its folder and, behind a symbolic link, on the
 * target's, with a slow poll as a safety net. Costs nothing while nothing happens.
 */
export class ChangeWatcher {
  readonly #path: string;
  readonly #pollMs: number;
  readonly #signal: AbortSignal;
  readonly #onWarning: (note: string | undefined) => void;
  readonly #watched = new Map<string, Watched>();
  #changed = false;
  #wake: (() => void) | undefined;

  /** @param onWarning says why changes are noticed late, and undefined when they no longer are */
  constructor(path: string, pollMs: number, signal: AbortSignal, onWarning: (note: string | undefined) => void) {
    this.#path = path;
    this.#pollMs = pollMs;
    this.#signal = signal;
    this.#onWarning = onWarning;
    signal.addEventListener('abort', this.#onAbort);
  }

  /** Returns at the next change, after the poll's time, or when aborted; at once when something changed since the last call. */
  async wait(): Promise<void> {
    const isWatched = await this.#watchFolders();
    if (!this.#changed && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, isWatched ? this.#pollMs : Math.min(POLL_ALONE_MS, this.#pollMs));
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
    for (const folder of [...this.#watched.keys()]) this.#unwatch(folder);
  }

  readonly #onAbort = (): void => {
    this.#wake?.();
  };

  /** @returns whether every folder is watched that has to be */
  async #watchFolders(): Promise<boolean> {
    // Also where the target is missing: it may just have been renamed.
    const target = await linkTarget(this.#path).catch(() => this.#path);
    const wanted = Map.groupBy(new Set([target, this.#path]), dirname);
    for (const folder of [...this.#watched.keys()]) if (!wanted.has(folder)) this.#unwatch(folder);
    let all = true;
    for (const [folder, paths] of wanted)
      all =
        (await this.#watch(
          folder,
          paths.map((path) => basename(path)),
        )) && all;
    return all;
  }

  async #watch(folder: string, names: readonly string[]): Promise<boolean> {
    try {
      const { dev, ino } = await stat(folder, { bigint: true });
      const key = JSON.stringify([`${dev}:${ino}`, ...names]);
      if (this.#watched.get(folder)?.key === key) return true;
      this.#unwatch(folder);
      if (this.#signal.aborted) return false;
      const watcher = watch(folder, (_, changed) => {
        // Other logs live in the folder too; its own name comes when it is moved or deleted.
        if (changed === null || changed === basename(folder) || names.some((name) => changed.startsWith(name)))
          this.#change();
      });
      watcher.on('error', (error) => {
        this.#unwatch(folder);
        this.#warn(folder, error);
        this.#change();
      });
      this.#watched.set(folder, { watcher, key });
      // What happened before the watch began is looked for at once.
      this.#changed = true;
      this.#onWarning(undefined);
      return true;
    } catch (error) {
      this.#unwatch(folder);
      this.#warn(folder, error);
      return false;
    }
  }

  #unwatch(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }

  #change(): void {
    this.#changed = true;
    this.#wake?.();
  }

  #warn(folder: string, error: unknown): void {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    // A folder that is not there is no problem of watching: the log's state tells.
    if (code === 'ENOENT' || code === 'ENOTDIR') return;
    const remedy = code === 'ENOSPC' ? '; more watches: sudo sysctl fs.inotify.max_user_watches=524288' : '';
    this.#onWarning(`changes of ${folder} cannot be watched (${code}), looking every second instead${remedy}`);
  }
}
