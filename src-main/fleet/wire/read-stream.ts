import { setTimeout } from 'node:timers/promises';

import { DeliverPolicy, jetstream, type ConsumerMessages } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { deniedIn } from './denied.ts';
import { passes } from './exact-publisher.ts';
import type { Block } from './blocks.ts';

/** A block as it comes, and how many wait behind it. */
export interface Incoming extends Block {
  readonly waiting: number;
}

/** Blocks that the client holds at once, where nothing else is said: the largest are almost 1 MB. */
const AHEAD = 64;
const AGAIN_MS = 300;
const MILLIONTH = 1_000_000n;

/**
 * The messages of a subject from a sequence on, in order, without end. When the server goes away or chooses a leader it waits and
 * goes on behind the last message that it gave.
 * @param signal ends it
 * @param ahead messages that the client holds at once
 */
export async function* blocksFrom(
  nc: NatsConnection,
  stream: string,
  subject: string,
  from: number,
  signal: AbortSignal,
  ahead = AHEAD,
): AsyncGenerator<Incoming, void> {
  let next = from;
  const client = jetstream(nc);
  while (!signal.aborted) {
    let messages: ConsumerMessages | undefined;
    const stop = (): void => {
      messages?.stop();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const start = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: next } as const;
      const consumer = await client.consumers.get(stream, { filter_subjects: subject, ...start });
      messages = await consumer.consume({ max_messages: ahead });
      // It may have been told to stop while there was nothing to be stopped.
      if (isAborted(signal)) messages.stop();
      for await (const message of messages) {
        if (message.seq < next) continue;
        yield {
          seq: message.seq,
          time: Number(message.timestampNanos / MILLIONTH) / 1000,
          subject: message.subject,
          body: message.data,
          header: (name) => (message.headers?.has(name) ? message.headers.get(name) : undefined),
          waiting: message.info.pending,
        };
        next = message.seq + 1;
        if (isAborted(signal)) break;
      }
    } catch (error) {
      if (!passes(error)) throw deniedIn(error) ?? error;
    } finally {
      signal.removeEventListener('abort', stop);
      messages?.stop();
    }
    if (isAborted(signal)) return;
    await setTimeout(AGAIN_MS);
  }
}

/** Asked again: it changes while something is awaited. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
