import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Lines after which there is enough garbage to be worth a collection. */
const WORTH = 1000;
const QUIET_MS = 2000;

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * V8 keeps the memory of a busy minute for as long as a process then idles. This gives it back when things have become
 * quiet after much work: a watch that waits should cost nothing.
 */
export class MemoryKeeper {
  #worked = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param lines read since the last call; a training counts as many */
  worked(lines: number): void {
    this.#worked += lines;
    clearTimeout(this.#timer);
    if (this.#worked < WORTH) return;
    this.#timer = setTimeout(() => {
      this.#worked = 0;
      collector()({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    }, QUIET_MS).unref();
  }

  trained(): void {
    this.worked(WORTH);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** The collector, which a running process can reach only this way. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
