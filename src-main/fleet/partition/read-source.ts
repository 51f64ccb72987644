import type { NatsConnection } from '@nats-io/transport-node';

import { ExactPublisher, untilAnswered } from '../wire/exact-publisher.ts';
import { storedAt } from '../wire/places.ts';
import { managerOf } from '../wire/streams.ts';
import type { Subjects } from '../wire/subjects.ts';
import type { Source } from './source.ts';
import { toldOn } from './tell-alerts.ts';

/** The stream as it is when a partition is opened. */
export interface ReadSource extends Source {
  readonly first: number;
  readonly last: number;
  /** When the server stored a message, Unix seconds; undefined where there is none. */
  readonly storedAt: (seq: number) => Promise<number | undefined>;
  /** The partition's last alert that was told. */
  readonly told: () => Promise<number>;
}

export interface SourceOptions {
  readonly nc: NatsConnection;
  readonly subjects: Subjects;
  readonly partition: number;
  readonly partitions: number;
}

export async function readSourceOf(
  { nc, subjects, partition, partitions }: SourceOptions,
  signal: AbortSignal,
): Promise<ReadSource> {
  const manager = await managerOf(nc);
  const stream = subjects.linesStream;
  const { created, state } = await untilAnswered(signal, () => manager.streams.info(stream));
  return {
    stream,
    created,
    partition,
    partitions,
    first: state.first_seq,
    last: state.last_seq,
    storedAt: (seq) => storedAt(manager, stream, seq, signal),
    told: async () => {
      const publisher = await ExactPublisher.on(nc, subjects.alertsStream, signal);
      return toldOn(publisher, subjects.alerts(partition));
    },
  };
}

/**
 * Whether a stream has lost its end since it was read: it may have gone on since, so that its length says nothing.
 * @param read the last block that was read, and when the server had stored it
 * @returns why, or undefined
 */
export async function whyGoneBack(
  { stream, last, storedAt }: Pick<ReadSource, 'stream' | 'last' | 'storedAt'>,
  { position, time }: { readonly position: number; readonly time: number },
): Promise<string | undefined> {
  if (position > last) return `the stream ${stream} ends at ${last}`;
  if (position === 0) return undefined;
  const now = await storedAt(position);
  return now !== undefined && now > time ? `what ${stream} has there is of later` : undefined;
}
