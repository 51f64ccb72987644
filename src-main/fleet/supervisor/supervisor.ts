import { randomUUID } from 'node:crypto';

import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

import { pauseFor } from '../../system/pause-for.ts';
import { ownerKey } from '../partition/owner.ts';
import type { PartitionEnd } from '../partition/end.ts';
import type { PartitionStatus } from '../partition/status.ts';
import { passes } from '../wire/exact-publisher.ts';
import {
  drainRecord,
  FORGOT_KEY,
  forgotRecord,
  FORM,
  leaseRecord,
  metaRecord,
  ownerRecord,
  read,
  type DrainRecord,
  type ForgotRecord,
  type LeaseRecord,
  type MetaRecord,
  type OwnerRecord,
} from '../wire/messages.ts';
import { openBucket } from '../wire/streams.ts';
import { numbered, type Subjects } from '../wire/subjects.ts';
import { whenAnswered } from '../wire/when-answered.ts';
import { claimsOf, type LiveWorker } from './claims.ts';
import { drainKey } from './drain.ts';
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
  /** As many as there are when it starts: it hears of a split. */
  readonly partitions: number;
  /** Seconds. */
  readonly lease: number;
  readonly start: Start;
  readonly onNotice?: (text: string) => void;
  /** Somebody is to be forgotten: copies of the states of all other partitions are to go. @param working those that are worked on here */
  readonly onForgotten?: (at: number, working: ReadonlySet<number>) => void;
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
  /** It ends. */
  #isEnding = false;
  /** Somebody asked that it takes nothing. */
  #isDrained = false;
  #waking = new AbortController();
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
    return (this.#done ??= this.#run().catch((error: unknown) => {
      // Told to stop while it waited for something: that is what was wanted.
      if (!this.#stopping.signal.aborted) throw error;
    }));
  }

  /** Gives all partitions back, one after the other, then ends. */
  async drain(): Promise<void> {
    this.#isEnding = true;
    // Others are to hear of it before the partitions come free.
    this.#waking.abort();
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
    const { nc, subjects, lease, onNotice } = this.#options;
    const { signal } = this.#stopping;
    const open = (name: 'LEASES' | 'OWNERS' | 'META'): Promise<KV> =>
      whenAnswered(() => openBucket(nc, subjects.bucket(name)), { signal, onNotice });
    const leases = await open('LEASES');
    const owners = await open('OWNERS');
    const meta = await open('META');
    // What others give back is claimed at once, not at the next look.
    const wake = (): void => {
      this.#waking.abort();
    };
    const workers = new Watching<LeaseRecord>(leases, (text) => read(leaseRecord, text), wake);
    const owned = new Watching<OwnerRecord>(owners, (text) => read(ownerRecord, text), wake);
    const drains = new Watching<DrainRecord>(meta, (text) => read(drainRecord, text), wake);
    const sizes = new Watching<MetaRecord>(meta, (text) => read(metaRecord, text), wake);
    const forgotten = new Watching<ForgotRecord>(meta, (text) => read(forgotRecord, text), wake);
    const all = [workers, owned, drains, sizes, forgotten];
    const key = `w.${this.id}`;
    try {
      await this.#renew(leases, key);
      await whenAnswered(() => Promise.all(all.map((one) => one.start())), { signal, onNotice });
      let [renewAt, told] = [0, false];
      while (!signal.aborted) {
        this.#waking = new AbortController();
        this.#heedDrain(drains);
        const forgot = forgotten.entries.get(FORGOT_KEY)?.value;
        if (forgot) this.#options.onForgotten?.(forgot.at, new Set(this.#running.keys()));
        if (this.#givesAway !== told || performance.now() >= renewAt) {
          told = this.#givesAway;
          await this.#renew(leases, key);
          renewAt = performance.now() + (lease * 1000) / TIMES;
        }
        // Its own lease is heard of as all others are: silence means that nothing is.
        if (workers.silence > (lease * 1000) / 2) await Promise.all(all.map((one) => one.start())).catch(onlyPassing);
        if (this.leaseAge > lease * 1000 * GIVE_UP_AT) this.#giveUp();
        else this.#balance(workers, owned, sizes.entries.get('fleet')?.value.partitions ?? this.#options.partitions);
        await pauseFor(Math.max(0, renewAt - performance.now()), AbortSignal.any([signal, this.#waking.signal]));
      }
      if (this.#isEnding) await leases.purge(key).catch(() => undefined);
    } finally {
      for (const one of all) one.stop();
    }
  }

  /** Gives all away, or takes its share again, where somebody asked for it. */
  #heedDrain(drains: Watching<DrainRecord>): void {
    const asked = drains.entries.get(drainKey(this.#options.name));
    if ((asked !== undefined) === this.#isDrained) return;
    this.#isDrained = asked !== undefined;
    const { name, onNotice } = this.#options;
    onNotice?.(
      asked
        ? `${asked.value.by} drains this worker: it gives its partitions away and takes none. Take it back with: ubad fleet drain ${name} --undo`
        : 'This worker is drained no longer: it takes its share of the partitions.',
    );
  }

  get #givesAway(): boolean {
    return this.#isEnding || this.#isDrained;
  }

  async #renew(leases: KV, key: string): Promise<void> {
    const begun = performance.now();
    const own = [...this.#running].sort(([a], [b]) => a - b);
    const record: LeaseRecord = {
      form: FORM,
      worker: this.#options.name,
      nonce: this.#nonce,
      draining: this.#givesAway,
      partitions: own.map(([partition]) => partition),
      positions: own.map(([, { status }]) => status?.position ?? 0),
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

  #balance(workers: Watching<LeaseRecord>, owned: Watching<OwnerRecord>, partitions: number): void {
    const { lease } = this.#options;
    const now = performance.now();
    const live = [...workers.entries].flatMap(([key, { value, heardAt }]): LiveWorker[] => {
      const id = key.slice(2);
      return id !== this.id && now - heardAt <= lease * 1000 ? [{ id, draining: value.draining }] : [];
    });
    live.push({ id: this.id, draining: this.#givesAway });
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
    if (this.#givesAway || this.#stopping.signal.aborted || this.#running.has(partition)) return;
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
