import type { JetStreamManager } from '@nats-io/jetstream';
import type { KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';

import { untilAnswered } from '../wire/exact-publisher.ts';
import { FORM, read } from '../wire/messages.ts';
import { firstAfter, storedAt } from '../wire/places.ts';

const positionRecord = v.strictObject({
  form: v.literal(FORM),
  /** When the server made Fleet's stream. */
  created: v.string(),
  /** Another one each time the stream turns out to have lost its end: its sequences are then given again. */
  life: v.string(),
  /** All up to this one is in the fleet's stream; 0: nothing. */
  seq: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** When the server stored that one, Unix seconds. */
  at: v.number(),
});
type PositionRecord = v.InferOutput<typeof positionRecord>;

/** Where in the bucket of what a fleet is made of. */
const KEY = 'bridge';

export interface PositionOptions {
  readonly nc: NatsConnection;
  readonly manager: JetStreamManager;
  readonly bucket: KV;
  readonly stream: string;
  readonly subject: string;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
}

/** How far Fleet's stream was read, kept on the servers: any bridge goes on there. */
export class Position {
  readonly #options: PositionOptions;
  #record: PositionRecord;

  private constructor(options: PositionOptions, record: PositionRecord) {
    this.#options = options;
    this.#record = record;
  }

  static async on(options: PositionOptions): Promise<Position> {
    const { nc, manager, bucket, stream, subject, signal, onNotice } = options;
    const entry = await untilAnswered(signal, () => bucket.get(KEY));
    const known = entry?.operation === 'PUT' ? read(positionRecord, entry.string()) : undefined;
    const { created, state } = await untilAnswered(signal, () => manager.streams.info(stream));
    if (known?.created !== created) {
      if (known) onNotice(`${stream} is another stream than the one that was read: it is read from its beginning.`);
      return new Position(options, { form: FORM, created, life: randomUUID(), seq: 0, at: 0 });
    }
    const at = known.seq === 0 ? undefined : await storedAt(manager, stream, known.seq, signal);
    if (known.seq <= state.last_seq && (at === undefined || at === known.at)) return new Position(options, known);
    onNotice(`${stream} has lost its end: what the server has stored since is read, and nothing twice.`);
    const first = await firstAfter(nc, stream, subject, known.at);
    const seq = first ? first.seq - 1 : state.last_seq;
    return new Position(options, { ...known, life: randomUUID(), seq });
  }

  get seq(): number {
    return this.#record.seq;
  }

  /** Names the stream's sequences: those of another stream, or of another life of it, mean nothing. */
  get source(): string {
    return `${this.#record.created} ${this.#record.life}`;
  }

  /** All up to this one is in. @param at when the server stored it */
  async keep(seq: number, at: number): Promise<void> {
    const { bucket, signal } = this.#options;
    this.#record = { ...this.#record, seq, at };
    await untilAnswered(signal, () => bucket.put(KEY, JSON.stringify(this.#record)));
  }
}
