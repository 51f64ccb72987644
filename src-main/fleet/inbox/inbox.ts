import { setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';

import { StoreBroken, StoreFull } from '../../engine/store/problem.ts';
import { blocksFrom } from '../wire/read-stream.ts';
import { untilAnswered } from '../wire/exact-publisher.ts';
import { alertMessage, read } from '../wire/messages.ts';
import { FleetProblem } from '../failure.ts';
import { storedAt } from '../wire/places.ts';
import { managerOf } from '../wire/streams.ts';
import { numbered, partitionOfAlerts, type Subjects } from '../wire/subjects.ts';
import type { InboxStore, Told } from './store.ts';

export interface InboxOptions {
  readonly nc: NatsConnection;
  readonly subjects: Subjects;
  readonly store: InboxStore;
  readonly keepDays: number;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** Something was stored. */
  readonly onTaken?: () => void;
}

/** Messages of one transaction, at most: at the first start there may be many thousand. */
const MOST_AT_ONCE = 200;
const DISK_MS = 2000;

/** Reads all that partitions tell into the inbox, from where it was left, until it is told to stop. @throws FleetProblem */
export async function readAlerts(options: InboxOptions): Promise<void> {
  const { nc, subjects, store, signal } = options;
  const stream = subjects.alertsStream;
  const manager = await managerOf(nc);
  const { created, state } = await untilAnswered(signal, () => manager.streams.info(stream));
  const position = store.begin(stream, created, state.last_seq);
  const last = store.progress?.last;
  const at = last && (await storedAt(manager, stream, last.seq, signal));
  if (at !== undefined && at > last!.at)
    throw new FleetProblem(
      `The inbox has read up to ${position}, and the stream ${stream} has something later there: the server has lost what it had acknowledged. To go on and keep what is here: ubad fleet adopt`,
    );
  let batch: Told[] = [];
  for await (const block of blocksFrom(nc, stream, subjects.alerts(), position + 1, signal)) {
    const { seq, time: at, subject, body, waiting } = block;
    const partition = partitionOfAlerts(subject);
    const message = partition === undefined ? undefined : read(alertMessage, Buffer.from(body).toString('utf8'));
    batch.push({ position: seq, at, partition: partition ?? 0, message });
    // More is on its way: it may as well be stored with it.
    if (waiting > 0 && batch.length < MOST_AT_ONCE) continue;
    await take(batch, options);
    batch = [];
  }
}

async function take(
  batch: readonly Told[],
  { store, keepDays, signal, onNotice, onTaken }: InboxOptions,
): Promise<void> {
  for (;;) {
    try {
      for (const [partition, count] of store.take(batch, keepDays))
        onNotice(
          `${count} alerts of partition ${numbered(partition)} were told while nobody read, and are no longer in the stream.`,
        );
      break;
    } catch (error) {
      if (!(error instanceof StoreFull || (error instanceof StoreBroken && error.reason !== 'corrupt'))) throw error;
      onNotice(error.message);
      await setTimeout(DISK_MS, undefined, { signal });
    }
  }
  const refused = batch.filter(({ message }) => !message).length;
  if (refused > 0)
    onNotice(`${refused} messages of the stream of alerts are of no form that is known here: they were passed over.`);
  onTaken?.();
}
