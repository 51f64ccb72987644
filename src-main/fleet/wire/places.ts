/** What is where in a stream: for who compares what was read with what is there. */
import { DeliverPolicy, jetstream, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { untilAnswered } from './exact-publisher.ts';

const NO_MESSAGE = 10_037;
const LOOK_MS = 1000;

/**
 * When the server stored a message of a stream, Unix seconds: two streams of one name differ in it, and one that lost its end and
 * went on. @returns undefined where there is no such message (any more)
 */
export async function storedAt(
  manager: JetStreamManager,
  stream: string,
  seq: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  return untilAnswered(signal, async () => {
    try {
      const found = await manager.streams.getMessage(stream, { seq });
      return found ? found.time.getTime() / 1000 : undefined;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === NO_MESSAGE) return undefined;
      throw error;
    }
  });
}

/** The first message of a subject that was stored after a time (Unix seconds), and how many there are from it on. */
export async function firstAfter(
  nc: NatsConnection,
  stream: string,
  subject: string,
  time: number,
): Promise<{ readonly seq: number; readonly count: number } | undefined> {
  const opt_start_time = new Date(Math.floor(time * 1000) + 1).toISOString();
  const start = { deliver_policy: DeliverPolicy.StartTime, opt_start_time } as const;
  const consumer = await jetstream(nc).consumers.get(stream, { filter_subjects: subject, ...start });
  const message = await consumer.next({ expires: LOOK_MS });
  return message ? { seq: message.seq, count: message.info.pending + 1 } : undefined;
}

/** The clock of the server, Unix seconds. */
export async function serverTime(manager: JetStreamManager, stream: string): Promise<number> {
  // The one answer that tells it with every server: when what was just asked for was made.
  const name = `clock-${crypto.randomUUID()}`;
  const { created } = await manager.consumers.add(stream, {
    name,
    inactive_threshold: LOOK_MS * 1e6,
    mem_storage: true,
  });
  await manager.consumers.delete(stream, name).catch(() => undefined);
  return Date.parse(created) / 1000;
}
