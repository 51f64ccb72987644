import { setTimeout } from 'node:timers/promises';

import { ownerKey } from '../../fleet/partition/owner.ts';
import { askToDrain, undoDrain, workerName } from '../../fleet/supervisor/drain.ts';
import { leaseRecord, ownerRecord, read } from '../../fleet/wire/messages.ts';
import { metaOf, openBucket } from '../../fleet/wire/streams.ts';
import { exitCodes, Failure } from '../failure.ts';
import { say } from '../output.ts';
import { sayerOf } from './sayer.ts';
import { connected, type FleetOptions } from './shared.ts';

export interface DrainOptions extends FleetOptions {
  readonly undo?: boolean;
}

/** Partitions are looked at this often, and given up on after so long: each needs a snapshot first. */
const LOOK_MS = 100;
const MOST_MS = 300_000;

/** `ubad fleet drain <worker>`: it gives its partitions to others and takes none, until `--undo`. */
export async function drain(worker: string, options: DrainOptions): Promise<void> {
  if (!workerName.test(worker))
    throw new Failure(`«${worker}» is no name of a worker; see: ubad fleet status`, exitCodes.usage);
  await connected(options, 'drain', async (nc, subjects) => {
    const { partitions } = await metaOf(nc, subjects);
    const meta = await openBucket(nc, subjects.bucket('META'));
    if (options.undo) {
      const was = await undoDrain(meta, worker);
      say(was ? `${worker} takes its share of the partitions again.` : `${worker} was not drained: nothing to undo.`);
      return;
    }
    const leases = await openBucket(nc, subjects.bucket('LEASES'));
    const live = [];
    for await (const key of await leases.keys()) {
      const entry = await leases.get(key);
      const lease = entry?.operation === 'PUT' ? read(leaseRecord, entry.string()) : undefined;
      if (lease) live.push({ id: key.slice(2), name: lease.worker, draining: lease.draining });
    }
    const asked = live.filter(({ name }) => name === worker);
    const others = live.filter(({ name, draining }) => name !== worker && !draining);
    if (asked.length === 0)
      throw new Failure(`no worker ${worker} is at work; see: ubad fleet status`, exitCodes.usage);
    if (others.length === 0)
      throw new Failure(
        `Nobody else would take the partitions of ${worker}: start another worker first. Nothing was changed.`,
      );
    const begun = performance.now();
    await askToDrain(meta, worker, sayerOf(), Math.floor(Date.now() / 1000));
    const owners = await openBucket(nc, subjects.bucket('OWNERS'));
    const ids = new Set(asked.map(({ id }) => id));
    // Given away is not enough: each has to have somebody again.
    const left = async (): Promise<number> => {
      let count = 0;
      for (let partition = 0; partition < partitions; partition++) {
        const entry = await owners.get(ownerKey(partition));
        const owner = entry && read(ownerRecord, entry.string())?.owner;
        if (owner == null || ids.has(owner)) count++;
      }
      return count;
    };
    for (let count = await left(); count > 0; count = await left()) {
      if (performance.now() - begun > MOST_MS)
        throw new Failure(
          `${count} partitions still wait for another worker after ${MOST_MS / 60_000} minutes; ${worker} stays drained. See: ubad fleet status, and its log`,
        );
      await setTimeout(LOOK_MS);
    }
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    say(`${worker} is drained: others have its partitions, after ${seconds} s. It stays so, after a restart too.`);
    say(`Take it back with: ubad fleet drain ${worker} --undo`);
  });
}
