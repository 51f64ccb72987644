import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { FleetConfig } from '../config.ts';
import { ownerKey } from '../partition/owner.ts';
import { workerName } from '../supervisor/drain.ts';
import {
  drainRecord,
  leaseRecord,
  ownerRecord,
  read,
  type LeaseRecord,
  type MetaRecord,
  type OwnerRecord,
} from '../wire/messages.ts';
import { serverTime } from '../wire/places.ts';
import { managerOf, openBucket } from '../wire/streams.ts';
import type { Subjects } from '../wire/subjects.ts';

/** A fleet as it is looked at, all of it at about one time. Times are Unix seconds. */
export interface Patient {
  readonly nc: NatsConnection;
  readonly manager: JetStreamManager;
  readonly subjects: Subjects;
  readonly config: FleetConfig;
  readonly partitions: number;
  /** With how many it was made. */
  readonly made: number;
  readonly lines: StreamInfo;
  /** Of this machine, and of the server when that was asked. */
  readonly now: number;
  readonly serverNow: number;
  readonly workers: readonly LiveLease[];
  readonly owners: readonly (OwnerRecord | undefined)[];
  /** Names of workers that take nothing. */
  readonly drained: readonly string[];
}

export interface LiveLease extends LeaseRecord {
  readonly id: string;
  /** When the server stored it: against `at` it tells the worker's clock. */
  readonly storedAt: number;
}

export async function patientOf(
  nc: NatsConnection,
  subjects: Subjects,
  config: FleetConfig,
  { partitions, made = partitions }: MetaRecord,
  now: () => number,
): Promise<Patient> {
  const manager = await managerOf(nc);
  const lines = await manager.streams.info(subjects.linesStream);
  const before = now();
  const serverNow = await serverTime(manager, subjects.linesStream);
  const [leases, bucket, meta] = await Promise.all([
    openBucket(nc, subjects.bucket('LEASES')),
    openBucket(nc, subjects.bucket('OWNERS')),
    openBucket(nc, subjects.bucket('META')),
  ]);
  const workers: LiveLease[] = [];
  for await (const key of await leases.keys()) {
    const entry = await leases.get(key);
    const lease = entry?.operation === 'PUT' ? read(leaseRecord, entry.string()) : undefined;
    if (lease) workers.push({ ...lease, id: key.slice(2), storedAt: entry!.created.getTime() / 1000 });
  }
  const owners: (OwnerRecord | undefined)[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const entry = await bucket.get(ownerKey(partition));
    owners.push(entry?.operation === 'PUT' ? read(ownerRecord, entry.string()) : undefined);
  }
  const drained: string[] = [];
  for await (const key of await meta.keys('drain.*')) {
    const entry = await meta.get(key);
    const name = key.slice('drain.'.length);
    if (entry?.operation === 'PUT' && read(drainRecord, entry.string()) && workerName.test(name)) drained.push(name);
  }
  // Half of the time that the question took belongs to each way.
  const at = (before + now()) / 2;
  return { nc, manager, subjects, config, partitions, made, lines, now: at, serverNow, workers, owners, drained };
}
