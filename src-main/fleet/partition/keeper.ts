import { existsSync, rmSync } from 'node:fs';

import type { OwnedPartition } from './owner.ts';
import { copyState, type Snapshots } from './snapshots.ts';
import type { OpenedState } from './state-folder.ts';

export interface KeeperOptions {
  readonly folder: string;
  readonly owned: OwnedPartition;
  readonly snapshots: Snapshots;
  /** When a snapshot is due. */
  readonly every: { readonly lines: number; readonly minutes: number };
  readonly onFailed: (error: unknown) => void;
}

/** Keeps a partition's state on the servers: it says when that is due, copies the state at a block, and uploads the copy beside the reading. */
export class StateKeeper {
  readonly #options: KeeperOptions;
  #at = performance.now();
  #lines = 0;
  /** Snapshots that are to be made whatever came since: the newest cannot be read, or the last ones have what is to be gone. */
  #owed = 0;
  #uploading: Promise<void> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Whole seconds since the newest snapshot. */
  get age(): number {
    return Math.round((performance.now() - this.#at) / 1000);
  }

  /** Lines were read. */
  read(lines: number): void {
    this.#lines += lines;
  }

  /** At least this many snapshots are due at once. */
  owe(snapshots: number): void {
    this.#owed = Math.max(this.#owed, snapshots);
  }

  /** One is to be made now. */
  get isDue(): boolean {
    const { lines, minutes } = this.#options.every;
    if (this.#uploading) return false;
    if (this.#owed > 0) return true;
    if (this.#lines === 0) return false;
    return this.#lines >= lines || performance.now() - this.#at >= minutes * 60_000;
  }

  /** Whether there is anything that no snapshot has. */
  get hasUnkept(): boolean {
    return this.#lines > 0 || this.#owed > 0 || !this.#options.snapshots.hasNewest;
  }

  /** Copies the state at this block, and begins to upload the copy. @param told alerts up to this number need not be kept */
  async keep({ engine: { store }, taker }: OpenedState, told: number): Promise<void> {
    await this.settled();
    store.transaction(() => {
      store.outbox.forget(told);
    });
    const models = store.versions.list().map(({ folder }) => folder);
    const there = models.filter((folder) => existsSync(folder));
    const copied = await copyState(this.#options.folder, { seq: taker.position, at: taker.time }, there);
    this.#lines = 0;
    this.#owed = Math.max(0, this.#owed - 1);
    this.#at = performance.now();
    const { owned, snapshots, onFailed } = this.#options;
    const upload = async (): Promise<void> => {
      try {
        const { key, manifest } = await snapshots.upload(copied, owned.epoch);
        await owned.keep(key, copied.seq);
        await snapshots.settle(key, manifest);
      } finally {
        rmSync(copied.folder, { recursive: true, force: true });
        this.#uploading = undefined;
      }
    };
    this.#uploading = upload();
    this.#uploading.catch(onFailed);
  }

  /** Once nothing is being uploaded. @throws why an upload failed */
  async settled(): Promise<void> {
    await this.#uploading;
  }
}
