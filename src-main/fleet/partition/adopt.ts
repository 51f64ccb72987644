import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { JetStreamManager } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

import type { Checkpoint } from '../../contract/batch.ts';
import { openStore } from '../../engine/store/open.ts';
import type { Store } from '../../engine/store/store.ts';
import { FleetProblem } from '../failure.ts';
import { ExactPublisher, type Last } from '../wire/exact-publisher.ts';
import { FORM, headers, ownerRecord, read, type OwnerRecord } from '../wire/messages.ts';
import { firstAfter, serverTime, storedAt } from '../wire/places.ts';
import { managerOf, openBucket } from '../wire/streams.ts';
import { numbered, partitionOf, type Subjects } from '../wire/subjects.ts';
import { hostInPath } from './divide.ts';
import { ownerKey } from './owner.ts';
import { whyGoneBack } from './read-source.ts';
import { copyState, Snapshots } from './snapshots.ts';

/** A partition's state that lies here, and what is to become of it. */
export type Adoption = {
  readonly partition: number;
  /** What was read: up to which block of which stream, stored when (Unix seconds). */
  readonly position: number;
  readonly time: number;
} & (
  | { readonly what: 'fine' }
  /** Goes on behind this block of the stream as it is now, and how many blocks wait there. */
  | { readonly what: 'adopt'; readonly why: string; readonly behind: number; readonly waiting: number }
  /** The servers have a state that has read more: this one is put aside. */
  | { readonly what: 'older'; readonly why: string }
  | { readonly what: 'refused'; readonly why: string }
);

export interface AdoptOptions {
  readonly nc: NatsConnection;
  readonly subjects: Subjects;
  /** As many as there are, and with how many the fleet was made. */
  readonly partitions: number;
  readonly made: number;
  /** Folder of all partitions of a worker. */
  readonly state: string;
  /** Ids of workers that renew their leases. */
  readonly live: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/**
 * States of partitions that were read from a stream that is gone or has lost its end, brought to the stream as it is: what was learned
 * and told stays, and reading goes on with the first block that was not read.
 */
export class Adopting {
  readonly #options: AdoptOptions;
  readonly #manager: JetStreamManager;
  readonly #owners: KV;
  readonly #states: KV;
  readonly #publisher: ExactPublisher;

  private constructor(
    options: AdoptOptions,
    manager: JetStreamManager,
    owners: KV,
    states: KV,
    publisher: ExactPublisher,
  ) {
    this.#options = options;
    this.#manager = manager;
    this.#owners = owners;
    this.#states = states;
    this.#publisher = publisher;
  }

  static async on(options: AdoptOptions): Promise<Adopting> {
    const { nc, subjects, signal } = options;
    const [owners, states] = await Promise.all(
      (['OWNERS', 'STATE'] as const).map((name) => openBucket(nc, subjects.bucket(name))),
    );
    const publisher = await ExactPublisher.on(nc, subjects.linesStream, signal);
    return new Adopting(options, await managerOf(nc), owners!, states!, publisher);
  }

  /** What there is to be done: changes nothing. */
  async look(): Promise<readonly Adoption[]> {
    const { subjects, state } = this.#options;
    const folders = existsSync(state) ? readdirSync(state).filter((name) => /^\d{4}$/.test(name)) : [];
    const found: Adoption[] = [];
    if (folders.length === 0) return found;
    const now = await serverTime(this.#manager, subjects.linesStream);
    for (const name of folders.sort())
      if (existsSync(join(state, name, 'ubad.db'))) found.push(await this.#lookAt(Number(name), now));
    return found;
  }

  async #lookAt(partition: number, now: number): Promise<Adoption> {
    const { nc, subjects, partitions, made, live, signal } = this.#options;
    let checkpoints: readonly Checkpoint[];
    try {
      checkpoints = this.#checkpointsOf(partition);
    } catch (error) {
      if (!(error instanceof FleetProblem)) throw error;
      return { partition, position: 0, time: 0, what: 'refused', why: error.message };
    }
    const last = lastOf(checkpoints);
    const [position, time] = [last?.offset ?? 0, (last?.mtimeMs ?? 0) / 1000];
    const base = { partition, position, time };
    const stream = subjects.linesStream;
    const { created, state } = await this.#manager.streams.info(stream);
    const refused = (why: string): Adoption => ({ ...base, what: 'refused', why });
    if (!last) return { ...base, what: 'fine' };
    const other = checkpoints
      .map(({ path }) => hostInPath(path))
      .find((host) => host !== undefined && partitionOf(host, partitions) !== partition);
    if (partition >= partitions || other !== undefined)
      return refused(
        `the fleet has ${partitions} partitions, and this was one of more or less: ${other ?? 'what is in it'} would be in another one. Set partitions in fleet.json to as many as there were, before ubad fleet init`,
      );
    const ofOther = checkpoints.find(({ path }) => !path.startsWith(`nats:/${stream}/${numbered(partition)}`));
    if (ofOther) return refused(`it was read from ${ofOther.path}, which is of another tenant`);
    const isOther = last.device !== created || last.inode !== String(made);
    const at = (seq: number) => storedAt(this.#manager, stream, seq, signal);
    const gone = isOther
      ? `the stream that it was read from was made ${last.device}, this one ${created}`
      : await whyGoneBack({ stream, last: state.last_seq, storedAt: at }, { position, time });
    if (gone === undefined) return { ...base, what: 'fine' };
    const record = await this.#recordOf(partition);
    if (record?.owner != null && live.has(record.owner))
      return refused(`${record.owner} works on it: stop all workers first`);
    const kept = await this.#keptOf(partition, record);
    // One that was read from what is gone is no measure.
    const keptIn = { position: kept?.seq ?? 0, time: kept?.at ?? 0 };
    const isOfThis = (await whyGoneBack({ stream, last: state.last_seq, storedAt: at }, keptIn)) === undefined;
    if (kept && kept.at >= time && isOfThis)
      return { ...base, what: 'older', why: 'the servers have a state that has read as much or more' };
    if (now < time)
      return refused('the server’s clock is behind what was read: set it, else new blocks look like old ones');
    const first = isOther
      ? await firstAfter(nc, stream, subjects.lines(partition), 0)
      : await firstAfter(nc, stream, subjects.lines(partition), time);
    // What is new was stored after what was read; in another stream all is new.
    const behind = isOther ? 0 : first ? first.seq - 1 : state.last_seq;
    return { ...base, what: 'adopt', why: gone, behind, waiting: first?.count ?? 0 };
  }

  /** Does what `look` found for a partition. @throws FleetProblem where somebody has the folder or the partition meanwhile */
  async adopt(found: Adoption): Promise<void> {
    const { partition } = found;
    const folder = this.#folderOf(partition);
    if (found.what === 'older') {
      const aside = `${folder}.put-aside`;
      rmSync(aside, { recursive: true, force: true });
      renameSync(folder, aside);
    }
    if (found.what !== 'adopt') return;
    const entry = await this.#owners.get(ownerKey(partition));
    const record = entry?.operation === 'PUT' ? read(ownerRecord, entry.string()) : undefined;
    const revision = entry?.revision ?? 0;
    const models = await this.#write(found);
    const { signal, subjects } = this.#options;
    const name = subjects.bucket('STATE');
    const snapshots = new Snapshots(this.#states, name, this.#manager, partition, signal);
    if (record?.snapshot != null) await snapshots.know(record.snapshot);
    const copied = await copyState(folder, { seq: found.behind, at: found.time }, models);
    const { key, manifest } = await snapshots.upload(copied, revision);
    rmSync(copied.folder, { recursive: true, force: true });
    const next: OwnerRecord = {
      form: FORM,
      owner: null,
      nonce: randomUUID(),
      seq: found.behind,
      snapshot: key,
      base: record?.base ?? 0,
    };
    await this.#owners.put(ownerKey(partition), JSON.stringify(next), { previousSeq: revision });
    await snapshots.settle(key, manifest);
  }

  /** @returns folders of models that the state needs */
  async #write({ partition, behind }: Extract<Adoption, { what: 'adopt' }>): Promise<readonly string[]> {
    const { subjects, made } = this.#options;
    const { created } = await this.#manager.streams.info(subjects.linesStream);
    const lines = new Map<string, number>();
    const base = `nats:/${subjects.linesStream}/${numbered(partition)}`;
    for (const { path } of this.#checkpointsOf(partition))
      if (path !== base) lines.set(path, await this.#linesOf(subjects.lineSubject(partition, lastPart(path)), behind));
    const store = this.#open(partition, false);
    try {
      store.transaction(() => {
        for (const { checkpoint, readerState } of store.checkpoints.list()) {
          const line = lines.get(checkpoint.path) ?? 0;
          const identity = { device: created, inode: String(made) };
          store.checkpoints.put({ checkpoint: { ...checkpoint, ...identity, offset: behind, line }, readerState });
        }
      });
      return store.versions
        .list()
        .map(({ folder }) => folder)
        .filter((folder) => existsSync(folder));
    } finally {
      store.close();
    }
  }

  /** Number of the last line of a host up to a block, by what the stream says: it may have begun again. */
  async #linesOf(subject: string, behind: number): Promise<number> {
    const last = await this.#publisher.last(subject);
    if (last.seq === 0) return 0;
    if (last.seq <= behind) return firstLineOf(last) - 1 + (last.body === '' ? 0 : last.body.split('\n').length);
    const { linesStream } = this.#options.subjects;
    const next = await this.#manager.direct.getMessage(linesStream, { seq: behind + 1, next_by_subj: subject });
    return (next ? Number(next.header.get(headers.line)) || 1 : 1) - 1;
  }

  async #recordOf(partition: number): Promise<OwnerRecord | undefined> {
    const entry = await this.#owners.get(ownerKey(partition));
    return entry?.operation === 'PUT' ? read(ownerRecord, entry.string()) : undefined;
  }

  async #keptOf(partition: number, record: OwnerRecord | undefined) {
    if (record?.snapshot == null) return undefined;
    const { subjects, signal } = this.#options;
    const snapshots = new Snapshots(this.#states, subjects.bucket('STATE'), this.#manager, partition, signal);
    return snapshots.know(record.snapshot);
  }

  #checkpointsOf(partition: number): readonly Checkpoint[] {
    const store = this.#open(partition, true);
    try {
      return store.checkpoints.list().map(({ checkpoint }) => checkpoint);
    } finally {
      store.close();
    }
  }

  #open(partition: number, readOnly: boolean): Store {
    const opened = openStore(this.#folderOf(partition), { now: Math.floor(Date.now() / 1000), readOnly });
    if (opened.ok) return opened.store;
    throw new FleetProblem(`Partition ${numbered(partition)}: ${opened.problem.message}`);
  }

  #folderOf(partition: number): string {
    return join(this.#options.state, numbered(partition));
  }
}

const firstLineOf = ({ headers: head }: Last): number => Number(head.get(headers.line)) || 1;
const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const lastOf = (checkpoints: readonly Checkpoint[]): Checkpoint | undefined =>
  checkpoints.reduce<Checkpoint | undefined>(
    (one, other) => (other.offset > (one?.offset ?? 0) ? other : one),
    undefined,
  );
