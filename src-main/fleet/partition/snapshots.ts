import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';

import { JetStreamApiError, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';

import { placeModels } from '../../engine/backup/database.ts';
import { syncFolder } from '../../system/whole-file.ts';
import { untilAnswered } from '../wire/exact-publisher.ts';
import { FORM, manifestRecord, read, type ManifestRecord } from '../wire/messages.ts';
import { numbered } from '../wire/subjects.ts';

/** A message holds 1 MiB at most, with its headers. */
const CHUNK = 512 * 1024;
/** Of an entry that says that it is gone. */
const OPERATION = 'KV-Operation';
const NO_MESSAGE = 10_037;
/** Files that are on their way at once. */
const AT_ONCE = 16;

type File = ManifestRecord['files'][number];

/** A copy of a partition's files, made while nothing is written: what is uploaded of it may take its time. */
export interface Copied {
  readonly seq: number;
  /** When the server stored that block, Unix seconds. */
  readonly at: number;
  /** Folder of the copy of the database: deleted once it is uploaded. */
  readonly folder: string;
  /** Folders of models, each never changed after it was made. */
  readonly models: readonly string[];
}

/** Copies the database of a state folder. Nothing may be written to it meanwhile. */
export async function copyState(
  state: string,
  { seq, at }: Pick<Copied, 'seq' | 'at'>,
  models: readonly string[],
): Promise<Copied> {
  const folder = join(dirname(state), `${basename(state)}.copy`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(join(state, 'ubad.db'), { readOnly: true });
  try {
    await backup(db, join(folder, 'ubad.db'));
  } finally {
    db.close();
  }
  return { seq, at, folder, models };
}

/** Keeps a partition's snapshots in a bucket: chunks by what they hold, and after all of them the list of them. */
export class Snapshots {
  readonly #bucket: KV;
  readonly #name: string;
  readonly #manager: JetStreamManager;
  readonly #partition: number;
  readonly #signal: AbortSignal;
  /** Of the newest snapshot and of the one before: what may be used again, and what may not be deleted. */
  #newest: ManifestRecord | undefined;
  #newestKey: string | null = null;
  #isDirect: Promise<boolean> | undefined;

  constructor(bucket: KV, name: string, manager: JetStreamManager, partition: number, signal: AbortSignal) {
    this.#bucket = bucket;
    this.#name = name;
    this.#manager = manager;
    this.#partition = partition;
    this.#signal = signal;
  }

  /**
   * Makes a state folder of the newest snapshot that is whole.
   * @param key the newest; @param state must not exist
   * @returns the snapshot's sequence and what was wrong with newer ones; undefined where none is whole
   */
  async restore(
    key: string,
    state: string,
  ): Promise<{ readonly seq: number; readonly passedOver: number } | undefined> {
    let passedOver = 0;
    for (let next: string | null = key; next !== null && passedOver < 2; passedOver++) {
      const manifest = await this.#manifest(next);
      if (manifest && (await this.#restore(manifest, state))) {
        this.#newest = manifest;
        this.#newestKey = next;
        return { seq: manifest.seq, passedOver };
      }
      next = manifest?.before ?? null;
    }
    return undefined;
  }

  /** Knows what is there without restoring it: chunks of it are used again. @returns undefined where it cannot be read */
  async know(key: string): Promise<Pick<ManifestRecord, 'seq' | 'at'> | undefined> {
    this.#newest = await this.#manifest(key);
    this.#newestKey = this.#newest ? key : null;
    return this.#newest;
  }

  /** How many of the two that are kept were made before a block. */
  olderThan(seq: number): number {
    if (!this.#newest) return 0;
    const before = Number(/^\d+\.m\.(\d+)-/.exec(this.#newest.before ?? '')?.[1] ?? seq);
    return (this.#newest.seq < seq ? 1 : 0) + (before < seq ? 1 : 0);
  }

  /** Whether there is one that can be built on. */
  get hasNewest(): boolean {
    return this.#newest !== undefined;
  }

  /** Uploads a copy. @returns its key, which is to be written down before `settle` */
  async upload({ seq, at, folder, models }: Copied, epoch: number): Promise<{ key: string; manifest: ManifestRecord }> {
    const known = new Map(this.#newest?.files.map((file) => [file.path, file]));
    const chunks = new Set([...known.values()].flatMap((file) => file.chunks.map(({ key }) => key)));
    const wanted = [{ path: 'ubad.db', from: join(folder, 'ubad.db') }];
    for (const model of models)
      for (const name of readdirSync(model))
        wanted.push({ path: `models/${basename(model)}/${name}`, from: join(model, name) });
    const files: File[] = [];
    const left = [...wanted.entries()];
    const putAll = async (): Promise<void> => {
      for (let next = left.shift(); next; next = left.shift()) {
        const [at, { path, from }] = next;
        // A model's files never change.
        const there = path === 'ubad.db' ? undefined : known.get(path);
        files[at] = there ?? (await this.#put(path, from, epoch, known, chunks));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, putAll));
    const head = { form: FORM, partition: this.#partition, seq, epoch, at } as const;
    const manifest: ManifestRecord = { ...head, before: this.#newestKey, files };
    const key = `${numbered(this.#partition)}.m.${seq}-${epoch}-${randomUUID()}`;
    await this.#write(key, JSON.stringify(manifest));
    return { key, manifest };
  }

  /** The snapshot of this key is written down as the newest: what only snapshots before the last two needed is deleted. */
  async settle(key: string, manifest: ManifestRecord): Promise<void> {
    const [before, beforeKey] = [this.#newest, this.#newestKey];
    this.#newest = manifest;
    this.#newestKey = key;
    const oldKey = before?.before ?? null;
    const old = oldKey === null ? undefined : await this.#manifest(oldKey);
    if (!old || oldKey === null || oldKey === beforeKey) return;
    const needed = new Set([manifest, before!].flatMap(({ files }) => files).flatMap((file) => keysOf(file)));
    await this.#purge(oldKey);
    for (const file of old.files) for (const chunk of keysOf(file)) if (!needed.has(chunk)) await this.#purge(chunk);
  }

  async #put(
    path: string,
    from: string,
    epoch: number,
    known: ReadonlyMap<string, File>,
    there: Set<string>,
  ): Promise<File> {
    const before = new Map(known.get(path)?.chunks.map((chunk) => [chunk.sha, chunk]));
    const chunks: File['chunks'] = [];
    const file = await open(from);
    try {
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK);
        if (bytesRead === 0) break;
        const bytes = buffer.subarray(0, bytesRead);
        const sha = createHash('sha256').update(bytes).digest('hex');
        const same = before.get(sha);
        if (same && there.has(same.key)) {
          chunks.push(same);
          continue;
        }
        // By epoch: what an earlier owner deletes late is nothing that this one wrote.
        const key = `${numbered(this.#partition)}.c.${epoch}.${sha}`;
        await this.#write(key, bytes);
        const chunk = { key, sha, bytes: bytesRead };
        before.set(sha, chunk);
        there.add(key);
        chunks.push(chunk);
      }
    } finally {
      await file.close();
    }
    return { path, chunks };
  }

  async #restore({ files }: ManifestRecord, state: string): Promise<boolean> {
    const folder = `${state}.restoring`;
    rmSync(folder, { recursive: true, force: true });
    for (const place of new Set(files.map(({ path }) => dirname(join(folder, path)))))
      mkdirSync(place, { recursive: true, mode: 0o700 });
    const left = [...files];
    // Each waits for the server and for the disk: one after the other, a partition of eight users took seconds.
    const fetchAll = async (): Promise<boolean> => {
      for (let file = left.shift(); file; file = left.shift()) {
        if (await this.#fetch(file, join(folder, file.path))) continue;
        left.length = 0;
        return false;
      }
      return true;
    };
    if ((await Promise.all(Array.from({ length: AT_ONCE }, fetchAll))).includes(false)) return false;
    if (!existsSync(join(folder, 'ubad.db'))) return false;
    // The paths of whoever made it: on one machine they would lead to another worker's files.
    placeModels(join(folder, 'ubad.db'), join(state, 'models'));
    renameSync(folder, state);
    syncFolder(dirname(state));
    return true;
  }

  /** Makes a file of its chunks, on the disk. @returns whether all of them are there and whole */
  async #fetch({ chunks }: File, to: string): Promise<boolean> {
    const file = await open(to, 'wx', 0o600);
    try {
      for (const { key, sha } of chunks) {
        const bytes = await this.#chunk(key, sha);
        if (!bytes) return false;
        await file.writeFile(bytes);
      }
      await file.sync();
      return true;
    } finally {
      await file.close();
    }
  }

  /** What a chunk holds; undefined where it is not there, or not whole. */
  async #chunk(key: string, sha: string): Promise<Uint8Array | undefined> {
    const isWhole = (bytes: Uint8Array): boolean => createHash('sha256').update(bytes).digest('hex') === sha;
    // As bytes, from any copy: the leader's own answer is JSON. A copy that is behind may not have it yet.
    this.#isDirect ??= untilAnswered(this.#signal, () => this.#manager.streams.info(this.#stream)).then(
      ({ config }) => config.allow_direct,
    );
    if (await this.#isDirect) {
      const found = await this.#manager.direct.getMessage(this.#stream, this.#at(key)).catch(() => null);
      if (found && isWhole(found.data)) return found.data;
    }
    const bytes = (await this.#fromLeader(key))?.data;
    return bytes && isWhole(bytes) ? bytes : undefined;
  }

  /** What the leader has: a copy that is behind would be taken for the word of all. */
  #fromLeader(key: string): Promise<StoredMsg | undefined> {
    return untilAnswered(this.#signal, async () => {
      try {
        const found = await this.#manager.streams.getMessage(this.#stream, this.#at(key));
        return found && !found.header.has(OPERATION) ? found : undefined;
      } catch (error) {
        if (error instanceof JetStreamApiError && error.code === NO_MESSAGE) return undefined;
        throw error;
      }
    });
  }

  get #stream(): string {
    return `KV_${this.#name}`;
  }

  #at(key: string): { readonly last_by_subj: string } {
    return { last_by_subj: `$KV.${this.#name}.${key}` };
  }

  async #manifest(key: string): Promise<ManifestRecord | undefined> {
    const found = await this.#fromLeader(key);
    const manifest = found && read(manifestRecord, found.string());
    return manifest?.partition === this.#partition ? manifest : undefined;
  }

  async #write(key: string, value: string | Uint8Array): Promise<void> {
    await untilAnswered(this.#signal, () => this.#bucket.put(key, value));
  }

  async #purge(key: string): Promise<void> {
    // From the stream itself: the bucket would keep a marker of each.
    const filter = `$KV.${this.#name}.${key}`;
    await untilAnswered(this.#signal, () => this.#manager.streams.purge(this.#stream, { filter }));
  }
}

const keysOf = (file: File): string[] => file.chunks.map(({ key }) => key);
