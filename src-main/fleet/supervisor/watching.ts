import type { KV, KvWatchEntry } from '@nats-io/kv';

/** A bucket's entries as they are told, and when each was heard of last. */
export class Watching<T> {
  readonly #bucket: KV;
  readonly #read: (text: string) => T | undefined;
  readonly #onChange: () => void;
  readonly #entries = new Map<string, Heard<T>>();
  #stop: (() => void) | undefined;
  #heardAt = performance.now();

  /** @param read undefined for an entry that means nothing @param onChange an entry is another one than before */
  constructor(bucket: KV, read: (text: string) => T | undefined, onChange: () => void = () => undefined) {
    this.#bucket = bucket;
    this.#read = read;
    this.#onChange = onChange;
  }

  /** Begins to listen, or listens again. @returns once all that is there was told */
  async start(): Promise<void> {
    this.#stop?.();
    const entries = await this.#bucket.watch();
    this.#stop = () => {
      entries.stop();
    };
    this.#heardAt = performance.now();
    const size = (await this.#bucket.status()).values;
    await new Promise<void>((resolve) => {
      if (size === 0) resolve();
      let seen = 0;
      void this.#listen(entries, () => {
        if (++seen >= size) resolve();
      }).finally(resolve);
      setTimeout(resolve, MOST_MS).unref();
    });
  }

  stop(): void {
    this.#stop?.();
  }

  get entries(): ReadonlyMap<string, Heard<T>> {
    return this.#entries;
  }

  /** Milliseconds since anything was heard. */
  get silence(): number {
    return performance.now() - this.#heardAt;
  }

  async #listen(entries: AsyncIterable<KvWatchEntry>, onEntry: () => void): Promise<void> {
    try {
      for await (const entry of entries) {
        this.#take(entry);
        onEntry();
      }
    } catch {
      // Listened to again when nothing is heard for long.
    }
  }

  #take(entry: KvWatchEntry): void {
    this.#heardAt = performance.now();
    const { key, revision } = entry;
    const known = this.#entries.get(key);
    // Told again when it is listened to again: that is no sign of life.
    if (known && known.revision >= revision) return;
    const value = entry.operation === 'PUT' ? this.#read(entry.string()) : undefined;
    if (value === undefined) this.#entries.delete(key);
    else this.#entries.set(key, { value, revision, heardAt: performance.now() });
    this.#onChange();
  }
}

export interface Heard<T> {
  readonly value: T;
  readonly revision: number;
  /** By `performance.now`. */
  readonly heardAt: number;
}

const MOST_MS = 3000;
