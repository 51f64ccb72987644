import { leaseRecord, ownerRecord, read } from '../../fleet/wire/messages.ts';
import { managerOf, metaOf, openBucket } from '../../fleet/wire/streams.ts';
import { ownerKey } from '../../fleet/partition/owner.ts';
import { numbered } from '../../fleet/wire/subjects.ts';
import { say, sayJson, sayTable } from '../output.ts';
import { connected, type InspectOptions } from './shared.ts';

/** `ubad fleet status`: who works on what. */
export async function status(options: InspectOptions): Promise<void> {
  const told = await connected(options, 'status', async (nc, subjects, { tenant }) => {
    const { partitions } = await metaOf(nc, subjects);
    const leases = await openBucket(nc, subjects.bucket('LEASES'));
    const owners = await openBucket(nc, subjects.bucket('OWNERS'));
    const manager = await managerOf(nc);
    const { state } = await manager.streams.info(subjects.linesStream);
    const workers = [];
    for await (const key of await leases.keys()) {
      const entry = await leases.get(key);
      const lease = entry?.operation === 'PUT' ? read(leaseRecord, entry.string()) : undefined;
      if (!lease) continue;
      const { worker: name, draining, partitions: own, lines, at } = lease;
      workers.push({ id: key.slice(2), name, draining, partitions: own, lines, at });
    }
    const owned = [];
    for (let partition = 0; partition < partitions; partition++) {
      const entry = await owners.get(ownerKey(partition));
      const record = entry ? read(ownerRecord, entry.string()) : undefined;
      owned.push({ partition, owner: record?.owner ?? null, snapshot: record?.snapshot == null ? null : record.seq });
    }
    const stream = { blocks: state.messages, bytes: state.bytes, first: state.first_seq, last: state.last_seq };
    return { tenant, server: nc.info?.version ?? null, stream, workers, partitions: owned };
  });
  if (options.json) {
    sayJson(told);
    return;
  }
  const { tenant, server, stream, workers, partitions } = told;
  say(
    `fleet ${tenant}, nats-server ${server ?? 'unknown'}: ${stream.blocks} blocks of lines, ${(stream.bytes / 1e6).toFixed(1)} MB`,
  );
  sayTable(
    ['WORKER', 'PARTITIONS', 'LINES', 'STATE'],
    workers.map(({ id, partitions: own, lines, draining }) => [id, own.length, lines, draining ? 'draining' : 'works']),
  );
  const alive = new Set(workers.map(({ id }) => id));
  const alone = partitions.filter(({ owner }) => owner === null || !alive.has(owner));
  if (alone.length > 0) {
    const names = alone.slice(0, 10).map(({ partition }) => numbered(partition));
    say(
      `Nobody works on ${alone.length} of ${partitions.length} partitions: ${names.join(', ')}${alone.length > 10 ? ' …' : ''}`,
    );
  }
}
