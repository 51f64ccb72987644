import { randomUUID } from 'node:crypto';

import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

import { pauseFor } from '../../system/pause-for.ts';
import { ownerKey } from '../partition/owner.ts';
import type { PartitionEnd, PartitionStatus } from '../partition/partition.ts';
import { passes } from '../wire/exact-publisher.ts';
import { FORM, leaseRecord, ownerRecord, read, type LeaseRecord, type OwnerRecord } from '../wire/messages.ts';
import { openBucket } from '../wire/streams.ts';
import { numbered, type Subjects } from '../wire/subjects.ts';
import { claimsOf, type LiveWorker } from './claims.ts';
import { Watching } from './watching.ts';

/** A partition at work, here or in another process. */
export interface Running {
  readonly ended: Promise<PartitionEnd>;
  readonly status: PartitionStatus | undefined;
  stop(): Promise<void>;
  abandon(): void;
}

/** Puts a partition to work. @param from revision of the owners' entry on which it is to be claimed */
export type Start = (partition: number, owner: string, from: number) => Running;

export interface SupervisorOptions {
  readonly nc: NatsConnection;
  readonly subjects: Subjects;
  readonly name: string;
  readonly partitions: number;
  /** Seconds. */
  readonly lease: number;
  readonly start: Start;
  readonly onNotice?: (text: string) => void;
}

/** After a partition failed it is left alone for this long. */
const REST_MS = 10_000;
/** A lease is renewed this many times before it would be over, and given up at this share of it. */
const TIMES = 5;
const GIVE_UP_AT = 2 / 3;

/**
 * One worker: renews its lease, claims its share of the partitions and gives back what others are short of. It has no engine, so
 * nothing keeps it from renewing. Leases only make it fast: that nothing is told twice is seen to by epochs.
 */
export class Supervisor {
  readonly id: string;
  readonly #options: SupervisorOptions;
  readonly #running = new Map<number, Running>();
  readonly #restUntil = new Map<number, number>();
  readonly #nonce = randomUUID();
  readonly #stopping = new AbortController();
  #renewedAt = performance.now();
  #isDraining = false;
  #done: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.id = `${options.name}.${this.#nonce.slice(0, 8)}`;
  }

  get statuses(): readonly PartitionStatus[] {
    return [...this.#running.values()].flatMap(({ status }) => status ?? []);
  }

  /** Milliseconds since the lease was renewed. */
  get leaseAge(): number {
    return performance.now() - this.#renewedAt;
  }

  /** Works until it is told to stop. */
  run(): Promise<void> {
    return (this.#done ??= this.#run());
  }

  /** Gives all partitions back, one after the other, then ends. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    await Promise.all([...this.#running.values()].map((running) => running.stop()));
    this.#stopping.abort();
    await this.#done;
  }

  /** Ends at once: as a kill would, but for what memory holds. */
  async abandon(): Promise<void> {
    this.#stopping.abort();
    for (const running of this.#running.values()) running.abandon();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
    await this.#done;
  }

  async #run(): Promise<void> {
    const { nc, subjects, lease } = this.#options;
    const { signal } = this.#stopping;
    const leases = await openBucket(nc, subjects.bucket('LEASES'));
    const owners = await openBucket(nc, subjects.bucket('OWNERS'));
    const workers = new Watching<LeaseRecord>(leases, (text) => read(leaseRecord, text));
    const owned = new Watching<OwnerRecord>(owners, (text) => read(ownerRecord, text));
    const key = `w.${this.id}`;
    try {
      await this.#renew(leases, key);
      await Promise.all([workers.start(), owned.start()]);
      while (!signal.aborted) {
        await this.#renew(leases, key);
        // Its own lease is heard of as all others are: silence means that nothing is.
        if (workers.silence > (lease * 1000) / 2)
          await Promise.all([workers.start(), owned.start()]).catch(onlyPassing);
        if (this.leaseAge > lease * 1000 * GIVE_UP_AT) this.#giveUp();
        else this.#balance(workers, owned);
        await pauseFor((lease * 1000) / TIMES, signal);
      }
      if (this.#isDraining) await leases.purge(key).catch(() => undefined);
    } finally {
      workers.stop();
      owned.stop();
    }
  }

  async #renew(leases: KV, key: string): Promise<void> {
    const begun = performance.now();
    const record: LeaseRecord = {
      form: FORM,
      worker: this.#options.name,
      nonce: this.#nonce,
      draining: this.#isDraining,
      partitions: [...this.#running.keys()].sort((a, b) => a - b),
      lines: this.statuses.reduce((sum, { lines }) => sum + lines, 0),
      at: Math.floor(Date.now() / 1000),
    };
    try {
      await leases.put(key, JSON.stringify(record), { timeout: (this.#options.lease * 1000) / TIMES });
      // From when it was asked for: the answer may have taken its time.
      this.#renewedAt = begun;
    } catch (error) {
      onlyPassing(error);
    }
  }

  #giveUp(): void {
    if (this.#running.size === 0) return;
    this.#options.onNotice?.('The lease could not be renewed: all partitions are given up, others may have them.');
    for (const running of this.#running.values()) running.abandon();
  }

  #balance(workers: Watching<LeaseRecord>, owned: Watching<OwnerRecord>): void {
    const { partitions, lease } = this.#options;
    const now = performance.now();
    const live = [...workers.entries].flatMap(([key, { value, heardAt }]): LiveWorker[] => {
      const id = key.slice(2);
      return id === this.id || now - heardAt <= lease * 1000 ? [{ id, draining: value.draining }] : [];
    });
    if (!live.some(({ id }) => id === this.id)) live.push({ id: this.id, draining: this.#isDraining });
    const entries = Array.from({ length: partitions }, (_, p) => owned.entries.get(ownerKey(p)));
    const owners = entries.map((entry, p) => ({
      owner: this.#running.has(p) ? this.id : (entry?.value.owner ?? null),
    }));
    const { claim, release } = claimsOf(live, owners, this.id);
    for (const partition of release) void this.#running.get(partition)?.stop();
    for (const partition of claim) {
      if ((this.#restUntil.get(partition) ?? 0) <= now) this.#begin(partition, entries[partition]?.revision ?? 0);
    }
    // Ours by name, but nothing here works on it: an earlier try of this process failed.
    for (const [p, { owner }] of owners.entries())
      if (owner === this.id && !this.#running.has(p) && (this.#restUntil.get(p) ?? 0) <= now)
        this.#begin(p, entries[p]?.revision ?? 0);
  }

  #begin(partition: number, from: number): void {
    if (this.#isDraining || this.#stopping.signal.aborted || this.#running.has(partition)) return;
    const running = this.#options.start(partition, this.id, from);
    this.#running.set(partition, running);
    void running.ended.then((end) => {
      this.#running.delete(partition);
      if (end.why === 'failed') {
        this.#restUntil.set(partition, performance.now() + REST_MS);
        this.#options.onNotice?.(`Partition ${numbered(partition)} is tried again later: ${end.error.message}`);
      }
    });
  }
}

/** A server that is away is waited for. @throws what does not pass */
function onlyPassing(error: unknown): void {
  if (!passes(error)) throw error;
}
