import { randomUUID } from 'node:crypto';

import type { NatsConnection } from '@nats-io/transport-node';

import { ownerKey } from '../partition/owner.ts';
import { toldOn } from '../partition/tell-alerts.ts';
import { ExactPublisher } from '../wire/exact-publisher.ts';
import { FORM, ownerRecord, read, type AlertMessage, type OwnerRecord } from '../wire/messages.ts';
import { storedAt } from '../wire/places.ts';
import { managerOf, openBucket } from '../wire/streams.ts';
import type { Subjects } from '../wire/subjects.ts';
import type { InboxStore } from './store.ts';

export interface InboxAdoptOptions {
  readonly nc: NatsConnection;
  readonly subjects: Subjects;
  readonly store: InboxStore;
  readonly signal: AbortSignal;
}

/** Why an inbox cannot go on with the stream of alerts as it is; undefined where it can. */
export async function whyOtherAlerts({ nc, subjects, store, signal }: InboxAdoptOptions): Promise<string | undefined> {
  const known = store.progress;
  if (!known) return undefined;
  const manager = await managerOf(nc);
  const { created, state } = await manager.streams.info(subjects.alertsStream);
  if (known.created !== created) return `its stream was made ${known.created}, the one that is there ${created}`;
  if (known.position > state.last_seq)
    return `it has read up to ${known.position}, the stream ends at ${state.last_seq}`;
  const at = known.last && (await storedAt(manager, subjects.alertsStream, known.last.seq, signal));
  return at !== undefined && at > known.last!.at ? 'the stream has something later where it had read' : undefined;
}

/**
 * Goes on with the stream of alerts as it is: all alerts stay. Partitions are told how far they had told, so that whoever begins again
 * numbers its alerts above those that are kept.
 * @returns how many partitions had to be told
 */
export async function adoptInbox({ nc, subjects, store, signal }: InboxAdoptOptions): Promise<number> {
  const manager = await managerOf(nc);
  const { created } = await manager.streams.info(subjects.alertsStream);
  const owners = await openBucket(nc, subjects.bucket('OWNERS'));
  const publisher = await ExactPublisher.on(nc, subjects.alertsStream, signal);
  let count = 0;
  for (const { partition, n } of store.numbers()) {
    const subject = subjects.alerts(partition);
    if ((await toldOn(publisher, subject)) >= n) continue;
    const entry = await owners.get(ownerKey(partition));
    const known = entry?.operation === 'PUT' ? read(ownerRecord, entry.string()) : undefined;
    const { seq = 0, snapshot = null, base = 0 } = known ?? {};
    const record: OwnerRecord = {
      form: FORM,
      owner: null,
      nonce: randomUUID(),
      seq,
      snapshot,
      base: Math.max(base, n),
    };
    // Whoever owns it now finds that it does no more, and claims it again.
    const epoch = await owners.put(ownerKey(partition), JSON.stringify(record), { previousSeq: entry?.revision ?? 0 });
    const at = Math.floor(Date.now() / 1000);
    const told: AlertMessage = { form: FORM, kind: 'owner', epoch, owner: 'adopted', at, n };
    for (let { seq: after } = await publisher.last(subject); ;) {
      const published = await publisher.publish({ subject, body: JSON.stringify(told), after });
      if (published.ok) break;
      after = published.last.seq;
    }
    count++;
  }
  store.adopt(created);
  return count;
}
