import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { NatsConnection } from '@nats-io/transport-node';

import { ownerRecord, read, type OwnerRecord } from '../../src-main/fleet/wire/messages.ts';
import { openBucket } from '../../src-main/fleet/wire/streams.ts';
import { numbered } from '../../src-main/fleet/wire/subjects.ts';
import { ownerKey } from '../../src-main/fleet/partition/owner.ts';
import type { TestFleet } from './processes.ts';
import { differencesFrom, referenceOf, type Reference } from './reference.ts';
import { until } from './processes.ts';

async function ownersOf(
  nc: NatsConnection,
  { subjects }: TestFleet,
  partitions: number,
): Promise<(OwnerRecord | undefined)[]> {
  const bucket = await openBucket(nc, subjects.bucket('OWNERS'));
  const owners: (OwnerRecord | undefined)[] = [];
  for (let p = 0; p < partitions; p++) {
    const entry = await bucket.get(ownerKey(p)).catch(() => null);
    owners.push(entry ? read(ownerRecord, entry.string()) : undefined);
  }
  return owners;
}

/** The partitions that a worker of this name owns. */
export async function ownedBy(
  nc: NatsConnection,
  fleet: TestFleet,
  name: string,
  partitions = fleet.partitions,
): Promise<number[]> {
  const owners = await ownersOf(nc, fleet, partitions);
  return owners.flatMap((record, p) => (record?.owner?.startsWith(`${name}.`) ? [p] : []));
}

export interface Settled {
  readonly differences: readonly string[];
  readonly references: readonly Reference[];
}

/**
 * Lets the workers read to the end and give everything back to one last worker, then compares what that one has with an engine that
 * never stopped. @returns what differs, and the references
 */
export async function settled(nc: NatsConnection, fleet: TestFleet): Promise<Settled> {
  const { subjects, partitions } = fleet;
  const references: Reference[] = [];
  for (let p = 0; p < partitions; p++) references.push(await referenceOf(nc, subjects, p, partitions));
  return { differences: await settledLike(nc, fleet, references, partitions), references };
}

/** The same, of references that there are already, one a partition. */
export async function settledLike(
  nc: NatsConnection,
  fleet: TestFleet,
  references: readonly Reference[],
  partitions: number,
): Promise<string[]> {
  const { subjects } = fleet;
  const workers = fleet.running.filter((name) => name !== 'inbox');
  // Whoever is left keeps a snapshot of the end when it is stopped, and that is what is compared.
  for (const name of workers) await fleet.stop(name);
  fleet.start('last');
  await until('the last worker has read all', async () => {
    if ((await ownedBy(nc, fleet, 'last', partitions)).length < partitions) return false;
    return references.every(({ position }, p) => positionIn(join(fleet.stateOf('last'), numbered(p))) === position);
  });
  await fleet.stop('last');
  const owners = await ownersOf(nc, fleet, partitions);
  const behind = owners.flatMap((record, p) => (record?.owner !== null ? [`partition ${p} was not given back`] : []));
  const found: string[] = [...behind];
  for (let p = 0; p < partitions; p++)
    found.push(
      ...(await differencesFrom(references[p]!, nc, subjects, p, fleet.stateOf('last'))).map((one) => `${p}: ${one}`),
    );
  return found;
}

/** Sequence up to which a partition's folder has read; -1 while there is none. */
export function positionIn(folder: string): number {
  if (!existsSync(join(folder, 'ubad.db'))) return -1;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(join(folder, 'ubad.db'), { readOnly: true });
    return Number(db.prepare('SELECT coalesce(max(offset), 0) AS at FROM checkpoints').get()?.at);
  } catch {
    // It is just being made.
    return -1;
  } finally {
    db?.close();
  }
}
