import { randomUUID } from 'node:crypto';

import { JetStreamApiError } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';

import { untilAnswered } from '../wire/exact-publisher.ts';
import { FORM, ownerRecord, read, type OwnerRecord } from '../wire/messages.ts';
import { numbered } from '../wire/subjects.ts';
import { Fenced } from './tell-alerts.ts';

export const ownerKey = (partition: number): string => `p.${numbered(partition)}`;

const WRONG_LAST = 10_071;

/** An entry in the bucket of owners that is ours until somebody else writes it. */
export class OwnedPartition {
  readonly #bucket: KV;
  readonly #signal: AbortSignal;
  readonly #key: string;
  readonly epoch: number;
  #revision: number;
  #record: OwnerRecord;

  private constructor(bucket: KV, signal: AbortSignal, key: string, revision: number, record: OwnerRecord) {
    this.#bucket = bucket;
    this.#signal = signal;
    this.#key = key;
    this.epoch = revision;
    this.#revision = revision;
    this.#record = record;
  }

  /**
   * Claims a partition, whoever had it.
   * @param from the revision that the claim is made on: of what the claimer has seen
   * @throws Fenced when somebody else was faster
   */
  static async claim(
    bucket: KV,
    partition: number,
    owner: string,
    from: number,
    signal: AbortSignal,
  ): Promise<OwnedPartition> {
    const key = ownerKey(partition);
    const entry = await untilAnswered(signal, () => bucket.get(key));
    const [revision, known] = [entry?.revision ?? 0, entry ? read(ownerRecord, entry.string()) : undefined];
    if (revision !== from) throw new Fenced(`partition ${numbered(partition)} was claimed by somebody else`);
    const record: OwnerRecord = {
      form: FORM,
      owner,
      nonce: randomUUID(),
      seq: known?.seq ?? 0,
      snapshot: known?.snapshot ?? null,
      base: known?.base ?? 0,
    };
    const claimed = await write(bucket, key, record, revision, signal);
    return new OwnedPartition(bucket, signal, key, claimed, record);
  }

  /** Key of the newest snapshot; null: there is none. */
  get snapshot(): string | null {
    return this.#record.snapshot;
  }

  get seq(): number {
    return this.#record.seq;
  }

  /** Alerts up to this number are not made again by reading the stream. */
  get base(): number {
    return this.#record.base;
  }

  /** Numbers of alerts go on above this one. @throws Fenced when the partition is somebody else's now */
  async rebase(base: number): Promise<void> {
    await this.#write({ ...this.#record, nonce: randomUUID(), base });
  }

  /** There is a newer snapshot. @throws Fenced when the partition is somebody else's now */
  async keep(snapshot: string, seq: number): Promise<void> {
    await this.#write({ ...this.#record, nonce: randomUUID(), snapshot, seq });
  }

  /** Nobody owns it from now on. @throws Fenced when the partition is somebody else's now */
  async release(): Promise<void> {
    await this.#write({ ...this.#record, nonce: randomUUID(), owner: null });
  }

  async #write(record: OwnerRecord): Promise<void> {
    this.#revision = await write(this.#bucket, this.#key, record, this.#revision, this.#signal);
    this.#record = record;
  }
}

/** Compares and sets; by the nonce it knows its own write when the answer was lost. @returns the new revision */
async function write(
  bucket: KV,
  key: string,
  record: OwnerRecord,
  revision: number,
  signal: AbortSignal,
): Promise<number> {
  return untilAnswered(signal, async () => {
    try {
      return await bucket.put(key, JSON.stringify(record), { previousSeq: revision, timeout: 1000 });
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== WRONG_LAST) throw error;
      const now = await bucket.get(key);
      if (now && read(ownerRecord, now.string())?.nonce === record.nonce) return now.revision;
      throw new Fenced(`${key} was written by somebody else`);
    }
  });
}
