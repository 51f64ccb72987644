/** What a split makes of a partition's state: half of its hosts stay, and the others are a new partition's. */
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';

import type { NatsConnection } from '@nats-io/transport-node';

import { openStore } from '../../engine/store/open.ts';
import type { Store } from '../../engine/store/store.ts';
import { FleetProblem } from '../failure.ts';
import type { Block } from '../wire/blocks.ts';
import { ExactPublisher, untilAnswered } from '../wire/exact-publisher.ts';
import {
  FORM,
  read,
  sayMessage,
  type AlertMessage,
  type OwnerRecord,
  type SayMessage,
  type SplitMessage,
} from '../wire/messages.ts';
import { managerOf, openBucket } from '../wire/streams.ts';
import { hostOf, lastToken, numbered, partitionOf, SAY, type Subjects } from '../wire/subjects.ts';
import { ownerKey } from './owner.ts';
import { copyState, Snapshots } from './snapshots.ts';
import type { Source } from './source.ts';

/** What a block says; undefined for a block of lines, and for what is no message. */
export function saidIn({ subject, body }: Block): SayMessage | undefined {
  return lastToken(subject) === SAY ? read(sayMessage, Buffer.from(body).toString('utf8')) : undefined;
}

/** The host of a checkpoint's path, `nats:/STREAM/0007/HOST`; undefined for a partition's own. */
export function hostInPath(path: string): string | undefined {
  const token = path.split('/')[3];
  return token === undefined ? undefined : hostOf(token);
}

/** Leaves the hosts that a partition has where there are `to`. Only in a transaction. */
export function keepHosts(store: Store, partition: number, to: number): void {
  const isKept = (path: string): boolean => {
    const host = hostInPath(path);
    return host === undefined || partitionOf(host, to) === partition;
  };
  store.divide.keepOnly(isKept, hostInPath);
}

export interface DivideOptions {
  readonly nc: NatsConnection;
  readonly subjects: Subjects;
  readonly source: Source;
  /** Of the owner that splits it. */
  readonly epoch: number;
  readonly signal: AbortSignal;
}

/**
 * Makes the new partition's first snapshot, of the state before the block that splits it, and enters it among the owners: as nobody's.
 * Whoever reads the block again finds it there, and leaves it.
 * @param folder of the state, which nobody writes meanwhile @param block that says the split
 */
export async function makeOther(
  options: DivideOptions,
  folder: string,
  { to, at }: SplitMessage,
  { seq, time }: Block,
): Promise<void> {
  const { nc, subjects, source, epoch, signal } = options;
  const { partition } = source;
  const other = partition + to / 2;
  const key = ownerKey(other);
  const owners = await openBucket(nc, subjects.bucket('OWNERS'));
  if ((await untilAnswered(signal, () => owners.get(key))) !== null) return;
  const copied = await copyState(folder, { seq, at: time }, []);
  try {
    const { models, last } = divideCopy(copied.folder, { source, other, to }, { seq, time });
    const states = await openBucket(nc, subjects.bucket('STATE'));
    const snapshots = new Snapshots(states, subjects.bucket('STATE'), await managerOf(nc), other, signal);
    const { key: snapshot } = await snapshots.upload({ ...copied, models }, epoch);
    await beginTelling(options, other, last, at);
    const record: OwnerRecord = { form: FORM, owner: null, nonce: randomUUID(), seq, snapshot, base: 0 };
    await untilAnswered(signal, async () => {
      try {
        await owners.put(key, JSON.stringify(record), { previousSeq: 0, timeout: 1000 });
      } catch (error) {
        // Ours whose answer was lost, or another owner's who was as far: their states are the same.
        if ((await owners.get(key)) === null) throw error;
      }
    });
  } finally {
    rmSync(copied.folder, { recursive: true, force: true });
  }
}

interface Halves {
  readonly source: Source;
  readonly other: number;
  readonly to: number;
}

/**
 * Makes the other half of a copy of a partition's state.
 * @returns folders of the models that the other half needs, and the last number of the partition's alerts
 */
export function divideCopy(
  folder: string,
  { source, other, to }: Halves,
  { seq, time }: Pick<Block, 'seq' | 'time'>,
): { readonly models: readonly string[]; readonly last: number } {
  const opened = openStore(folder, { now: Math.floor(time), durability: 'replayable' });
  if (!opened.ok) throw new FleetProblem(opened.problem.message);
  const { store } = opened;
  try {
    const base = (of: number): string => `nats:/${source.stream}/${numbered(of)}`;
    const last = store.divide.lastNumber();
    store.transaction(() => {
      keepHosts(store, other, to);
      store.divide.moveLogs(base(source.partition), base(other));
      const identity = { device: source.created, inode: String(source.partitions) };
      const rest = { ...identity, fingerprint: '', fingerprintBytes: 0, line: 0, mtimeMs: Math.round(time * 1000) };
      store.checkpoints.put({ checkpoint: { ...rest, path: base(other), offset: seq }, readerState: null });
    });
    const models = store.versions.list().map((version) => version.folder);
    return { models: models.filter((model) => existsSync(model)), last };
  } finally {
    store.close();
  }
}

/** The new partition's alerts are numbered on, and up to there nothing of it is missing. */
async function beginTelling(
  { nc, subjects, epoch, signal }: DivideOptions,
  other: number,
  n: number,
  at: number,
): Promise<void> {
  const message: AlertMessage = { form: FORM, kind: 'owner', epoch, owner: 'split', at, n, since: n };
  const publisher = await ExactPublisher.on(nc, subjects.alertsStream, signal);
  // Refused: it was told before.
  await publisher.publish({ subject: subjects.alerts(other), body: JSON.stringify(message), after: 0 });
}
