/**
 * Twice as many partitions while everything runs. A host that moves gets a mark behind its last block, which refuses whoever has not
 * heard of it; then each partition is told in its own lines, behind all of these, and makes its other half of what it has read up to
 * there. Each step may be done again.
 */
import { setTimeout } from 'node:timers/promises';

import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { FleetProblem } from '../failure.ts';
import { ownerKey } from '../partition/owner.ts';
import { ExactPublisher, untilAnswered } from '../wire/exact-publisher.ts';
import {
  FORM,
  leaseRecord,
  metaRecord,
  ownerRecord,
  read,
  type MetaRecord,
  type SplitMessage,
} from '../wire/messages.ts';
import { markAfter, movedTo } from '../wire/moving-publisher.ts';
import { managerOf, metaOf, openBucket } from '../wire/streams.ts';
import { hostOf, lastToken, partitionOf, SAY, type Subjects } from '../wire/subjects.ts';

export interface SplitParts {
  readonly nc: NatsConnection;
  readonly subjects: Subjects;
  readonly signal: AbortSignal;
}

export interface SplitLook {
  readonly partitions: number;
  readonly to: number;
  /** Hosts of which there are lines in the stream, and those of them that would move. */
  readonly hosts: number;
  readonly moving: number;
  /** Somebody has begun it. */
  readonly isUnderWay: boolean;
  /** Partitions that nobody works on. */
  readonly alone: readonly number[];
}

const LOOK_MS = 300;
const TOLD_MS = 15_000;
const AT_ONCE = 32;

/** What there is to be done: changes nothing. */
export async function lookAtSplit({ nc, subjects, signal }: SplitParts): Promise<SplitLook> {
  const meta = await metaOf(nc, subjects);
  const { partitions } = meta;
  const to = meta.split?.to ?? 2 * partitions;
  const manager = await managerOf(nc);
  const owners = await openBucket(nc, subjects.bucket('OWNERS'));
  const leases = await openBucket(nc, subjects.bucket('LEASES'));
  const live = new Set<string>();
  for await (const key of await leases.keys()) {
    const entry = await leases.get(key);
    const lease = entry?.operation === 'PUT' ? read(leaseRecord, entry.string()) : undefined;
    if (lease) live.add(key.slice(2));
  }
  const found = { hosts: 0, moving: 0, alone: [] as number[] };
  for (let partition = 0; partition < partitions; partition++) {
    const entry = await owners.get(ownerKey(partition));
    const owner = entry?.operation === 'PUT' ? read(ownerRecord, entry.string())?.owner : null;
    if (owner == null || !live.has(owner)) found.alone.push(partition);
    const hosts = await hostsIn(manager, subjects, partition, signal);
    found.hosts += hosts.length;
    found.moving += hosts.filter(({ host }) => partitionOf(host, to) !== partition).length;
  }
  return { partitions, to, isUnderWay: meta.split !== undefined, ...found };
}

export interface SplitOptions extends SplitParts {
  readonly by: string;
  /** Is told what is waited for. */
  readonly onWaiting: (text: string) => void;
}

/** Splits the fleet, or goes on with a split that somebody has begun. @returns hosts that move @throws FleetProblem */
export async function splitFleet({ nc, subjects, signal, by, onWaiting }: SplitOptions): Promise<number> {
  const manager = await managerOf(nc);
  const publisher = await ExactPublisher.on(nc, subjects.linesStream, signal);
  const { partitions, to } = await begin({ nc, subjects, signal }, by);
  let moved = 0;
  for (let partition = 0; partition < partitions; partition++) {
    const left = await hostsIn(manager, subjects, partition, signal);
    const markAll = async (): Promise<void> => {
      for (let next = left.pop(); next; next = left.pop()) {
        if (partitionOf(next.host, to) === partition) continue;
        moved++;
        await mark(publisher, next.subject, to);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, markAll));
    await tellPartition(publisher, subjects.say(partition), { form: FORM, call: 'split', by, at: now(), to });
  }
  const owners = await openBucket(nc, subjects.bucket('OWNERS'));
  for (let [at, told] = [partitions, performance.now()]; at < to;) {
    if ((await untilAnswered(signal, () => owners.get(ownerKey(at)))) !== null) {
      at++;
      continue;
    }
    if (performance.now() - told > TOLD_MS) {
      onWaiting(
        `${to - at} partitions are still reading up to the split; hosts that move wait for them. See: ubad fleet status`,
      );
      told = performance.now();
    }
    await setTimeout(LOOK_MS, undefined, { signal });
  }
  await end({ nc, subjects, signal }, to);
  return moved;
}

const now = (): number => Math.floor(Date.now() / 1000);

interface HostSubject {
  readonly host: string;
  readonly subject: string;
}

/** Hosts of which a partition has lines in the stream. */
async function hostsIn(
  manager: JetStreamManager,
  subjects: Subjects,
  partition: number,
  signal: AbortSignal,
): Promise<HostSubject[]> {
  const filter = { subjects_filter: subjects.lines(partition) };
  const { state } = await untilAnswered(signal, () => manager.streams.info(subjects.linesStream, filter));
  return Object.keys(state.subjects ?? {}).flatMap((subject) => {
    const token = lastToken(subject);
    const host = token === SAY ? undefined : hostOf(token);
    return host === undefined ? [] : [{ host, subject }];
  });
}

/** Behind a host's last block, whatever comes in between. */
async function mark(publisher: ExactPublisher, subject: string, to: number): Promise<void> {
  for (let last = await publisher.last(subject); ;) {
    // Somebody did it already, or all of it was too old to stay.
    if (last.seq === 0 || movedTo(last) !== undefined) return;
    const published = await publisher.publish(markAfter(subject, last, to));
    if (published.ok) return;
    ({ last } = published);
  }
}

async function tellPartition(publisher: ExactPublisher, subject: string, message: SplitMessage): Promise<void> {
  for (let { seq: after } = await publisher.last(subject); ;) {
    const published = await publisher.publish({ subject, body: JSON.stringify(message), after });
    if (published.ok) return;
    after = published.last.seq;
  }
}

/** From here on nobody says anything to a partition, and no host begins in one that it will not be in. */
async function begin(parts: SplitParts, by: string): Promise<{ readonly partitions: number; readonly to: number }> {
  return change(parts, (meta) => {
    const to = meta.split?.to ?? 2 * meta.partitions;
    return {
      partitions: meta.partitions,
      to,
      next: meta.split ? undefined : { ...meta, split: { to, by, at: now() } },
    };
  });
}

async function end(parts: SplitParts, to: number): Promise<void> {
  await change(parts, ({ split: _, ...meta }) => ({
    next: meta.partitions >= to ? undefined : { ...meta, partitions: to, made: meta.made ?? meta.partitions },
  }));
}

/** Compares and sets. */
async function change<T extends { readonly next: MetaRecord | undefined }>(
  { nc, subjects, signal }: SplitParts,
  make: (meta: MetaRecord) => T,
): Promise<T> {
  const bucket = await openBucket(nc, subjects.bucket('META'));
  for (;;) {
    const entry = await untilAnswered(signal, () => bucket.get('fleet'));
    const meta = entry?.operation === 'PUT' ? read(metaRecord, entry.string()) : undefined;
    if (!entry || !meta)
      throw new FleetProblem('There is no fleet on these servers yet. Make it with: ubad fleet init');
    const made = make(meta);
    if (made.next === undefined) return made;
    try {
      await bucket.put('fleet', JSON.stringify(made.next), { previousSeq: entry.revision });
      return made;
    } catch {
      // Written by somebody else, or the answer was lost: what stands there now is looked at.
      await setTimeout(LOOK_MS, undefined, { signal });
    }
  }
}
