import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { jetstream, JetStreamApiError, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { headers as newHeaders, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';

import { deniedIn } from './denied.ts';
import { headers } from './messages.ts';
import { managerOf } from './streams.ts';

/** The last message of a subject. */
export interface Last {
  /** 0: there is none. */
  readonly seq: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface Publishing {
  readonly subject: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The sequence of the message that has to be the subject's last one. */
  readonly after: number;
  /** Ends waiting for this one alone: whether it was stored is then not known. */
  readonly signal?: AbortSignal;
}

/** Somebody else published on the subject: what is its last message now. */
export type Published = { readonly ok: true; readonly seq: number } | { readonly ok: false; readonly last: Last };

/** An answer is waited for this long: the client's default of 5 s would hide an election. */
const ANSWER_MS = 1000;
const AGAIN_MS = 200;
/** The server's error codes: another last sequence of the subject, and no message found. */
const WRONG_LAST = 10_071;
const NOT_FOUND = 10_037;

/**
 * Publishes each message once and in order. The server takes a message only when the one before it is the one that was named; an
 * answer that is lost is asked for by trying again: when the message was stored, the server refuses, and the subject's last message is
 * then our own.
 */
export class ExactPublisher {
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #stream: string;
  readonly #signal: AbortSignal;
  readonly #isDirect: boolean;

  private constructor(
    client: JetStreamClient,
    manager: JetStreamManager,
    stream: string,
    signal: AbortSignal,
    isDirect: boolean,
  ) {
    this.#client = client;
    this.#manager = manager;
    this.#stream = stream;
    this.#signal = signal;
    this.#isDirect = isDirect;
  }

  /**
   * @param signal ends waiting for a server that does not answer
   * @param options isDirect: for a key that may ask for its own subject alone; a replica may answer with an older last message, so whoever
   *   uses it goes on from what that says
   */
  static async on(
    nc: NatsConnection,
    stream: string,
    signal: AbortSignal,
    { isDirect = false } = {},
  ): Promise<ExactPublisher> {
    return new ExactPublisher(jetstream(nc, { timeout: ANSWER_MS }), await managerOf(nc), stream, signal, isDirect);
  }

  /** The last message of a subject. Waits while the server does not answer. @throws the signal's reason */
  async last(subject: string, signal?: AbortSignal): Promise<Last> {
    return this.#untilAnswered(signal, async () => {
      try {
        // Not a direct get: a replica may be behind, and an old last message would be taken for the last.
        const api = this.#isDirect ? this.#manager.direct : this.#manager.streams;
        const found = await api.getMessage(this.#stream, { last_by_subj: subject });
        return found
          ? { seq: found.seq, headers: asMap(found.header), body: found.string() }
          : { seq: 0, headers: new Map(), body: '' };
      } catch (error) {
        if (error instanceof JetStreamApiError && error.code === NOT_FOUND)
          return { seq: 0, headers: new Map(), body: '' };
        throw error;
      }
    });
  }

  /** Publishes one message. Waits while the server does not answer. @throws the signal's reason, and what no retry mends */
  async publish({ subject, body, headers: extra = {}, after, signal }: Publishing): Promise<Published> {
    const id = randomUUID();
    const head = newHeaders();
    head.set(headers.id, id);
    for (const [name, value] of Object.entries(extra)) head.set(name, value);
    return this.#untilAnswered(signal, async (): Promise<Published> => {
      try {
        const expect = { lastSubjectSequence: after };
        const { seq } = await this.#client.publish(subject, body, { headers: head, expect, timeout: ANSWER_MS });
        return { ok: true, seq };
      } catch (error) {
        if (!(error instanceof JetStreamApiError) || error.code !== WRONG_LAST) throw error;
        const last = await this.last(subject, signal);
        return last.headers.get(headers.id) === id ? { ok: true, seq: last.seq } : { ok: false, last };
      }
    });
  }

  #untilAnswered<T>(own: AbortSignal | undefined, ask: () => Promise<T>): Promise<T> {
    return untilAnswered(own ? AbortSignal.any([this.#signal, own]) : this.#signal, ask);
  }
}

/** Asks again while the server does not answer. @throws the signal's reason, and what no retry mends */
export async function untilAnswered<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!passes(error)) throw deniedIn(error) ?? error;
      await setTimeout(AGAIN_MS, undefined, { signal });
    }
  }
}

const asMap = (head: MsgHdrs | undefined): ReadonlyMap<string, string> =>
  new Map(head ? [...head].map(([name, values]) => [name, values[0] ?? '']) : []);

/** "JetStreamNotEnabled" is also the client's word for no leader. */
const passing = new Set([
  'TimeoutError',
  'NoRespondersError',
  'JetStreamNotEnabled',
  'RequestError',
  'ConnectionError',
]);

/** 2.10 has one number for all that can be wrong with a reader. */
const isReaderWithoutRoom = ({ code, message }: JetStreamApiError): boolean =>
  code === 10_012 && message.startsWith('error creating store');

/** Whether an error is one of a server that is away, choosing a leader or short of room: it passes. */
export function passes(error: unknown): boolean {
  // The client wraps it in what passes: asked again, it would wait for ever and say nothing.
  if (!(error instanceof Error) || deniedIn(error)) return false;
  // 503 without an answer, 10008: not available, 10077 and 10104: no room left on the server for a message or for a reader.
  if (error instanceof JetStreamApiError)
    return error.status === 503 || [10_008, 10_023, 10_077, 10_104].includes(error.code) || isReaderWithoutRoom(error);
  if (passing.has(error.name)) return true;
  return error.cause !== undefined && passes(error.cause);
}
