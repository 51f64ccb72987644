import { setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';

import { untilAnswered } from './exact-publisher.ts';
import type { MetaRecord } from './messages.ts';
import { metaOf } from './streams.ts';
import type { Subjects } from './subjects.ts';

const LOOK_MS = 250;

/** How many partitions a fleet has: `ubad fleet split` doubles them while everything runs. */
export class FleetSize {
  readonly #read: () => Promise<MetaRecord>;
  #meta: MetaRecord;

  private constructor(read: () => Promise<MetaRecord>, meta: MetaRecord) {
    this.#read = read;
    this.#meta = meta;
  }

  /** @throws FleetProblem where there is no fleet */
  static async on(nc: NatsConnection, subjects: Subjects): Promise<FleetSize> {
    const ask = (): Promise<MetaRecord> => metaOf(nc, subjects);
    return new FleetSize(ask, await ask());
  }

  /** As it was when it was asked for last. */
  get partitions(): number {
    return this.#meta.partitions;
  }

  /** With how many it was made. */
  get made(): number {
    return this.#meta.made ?? this.#meta.partitions;
  }

  /** As many as there are to be when the split that is under way is done; undefined: none is. */
  get to(): number | undefined {
    return this.#meta.split?.to;
  }

  /** Asks again. Waits while the server does not answer. @throws the signal's reason */
  async look(signal: AbortSignal): Promise<this> {
    this.#meta = await untilAnswered(signal, this.#read);
    return this;
  }

  /** Waits until there are at least this many. @throws the signal's reason */
  async until(partitions: number, signal: AbortSignal): Promise<void> {
    for (await this.look(signal); this.partitions < partitions; await this.look(signal))
      await setTimeout(LOOK_MS, undefined, { signal });
  }
}
