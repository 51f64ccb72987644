import { Session, type Profiler } from 'node:inspector';

/**
 * Which parts of the program inputs reach: V8's own block counts, of this thread, for files whose path fits.
 * Asked for after many inputs at a time, it costs next to nothing.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #known = new Set<string>();
  readonly #wanted: RegExp;

  constructor(wanted: RegExp) {
    this.#wanted = wanted;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Blocks that were run since the last call and are not known: what they are called. */
  fresh(): string[] {
    const found: string[] = [];
    for (const { url, functions } of this.#take()) {
      if (!this.#wanted.test(url)) continue;
      for (const { ranges } of functions) {
        for (const { count, startOffset, endOffset } of ranges) {
          const block = `${url}:${startOffset}:${endOffset}`;
          if (count > 0 && !this.#known.has(block)) found.push(block);
        }
      }
    }
    return found;
  }

  know(blocks: readonly string[]): void {
    for (const block of blocks) this.#known.add(block);
  }

  get size(): number {
    return this.#known.size;
  }

  close(): void {
    this.#session.disconnect();
  }

  #take(): Profiler.ScriptCoverage[] {
    let result: Profiler.ScriptCoverage[] = [];
    // Posted to the own thread it is answered before it returns.
    this.#session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (!error) ({ result } = taken);
    });
    return result;
  }
}
