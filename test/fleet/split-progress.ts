/** How far a split is, as the servers show it: for kills to fall into each step of it. */
import type { NatsConnection } from '@nats-io/transport-node';

import { ownerKey } from '../../src-main/fleet/partition/owner.ts';
import { ExactPublisher } from '../../src-main/fleet/wire/exact-publisher.ts';
import { movedTo } from '../../src-main/fleet/wire/moving-publisher.ts';
import { metaOf, openBucket } from '../../src-main/fleet/wire/streams.ts';
import type { Subjects } from '../../src-main/fleet/wire/subjects.ts';

export class SplitProgress {
  readonly #nc: NatsConnection;
  readonly #subjects: Subjects;
  readonly #made: number;
  readonly #hosts: readonly string[];

  /** @param made partitions before it @param hosts of which there are lines */
  constructor(nc: NatsConnection, subjects: Subjects, made: number, hosts: readonly string[]) {
    this.#nc = nc;
    this.#subjects = subjects;
    this.#made = made;
    this.#hosts = hosts;
  }

  /**
   * @returns steps that are done: hosts marked, partitions told, partitions made; undefined once it is split, or where it is not begun.
   * `since` while the server does not answer
   */
  async steps(since: number | undefined): Promise<number | undefined> {
    try {
      return await this.#count();
    } catch {
      return since;
    }
  }

  /** @returns partitions of which the other half is not made; none while the server does not answer */
  async left(): Promise<number[]> {
    const made = await this.#halves().catch(() => []);
    return made.flatMap((isMade, p) => (isMade ? [] : [p]));
  }

  async #halves(): Promise<boolean[]> {
    const owners = await openBucket(this.#nc, this.#subjects.bucket('OWNERS'));
    return Promise.all(
      Array.from({ length: this.#made }, async (_, p) => (await owners.get(ownerKey(p + this.#made))) !== null),
    );
  }

  async #count(): Promise<number | undefined> {
    const { split } = await metaOf(this.#nc, this.#subjects);
    if (split === undefined) return undefined;
    const publisher = await ExactPublisher.on(this.#nc, this.#subjects.linesStream, AbortSignal.timeout(1000));
    const partitions = Array.from({ length: this.#made }, (_, p) => p);
    const steps = await Promise.all([
      ...this.#hosts.map(
        async (host) => movedTo(await publisher.last(this.#subjects.linesOf(host, this.#made))) !== undefined,
      ),
      ...partitions.map(async (p) => (await publisher.last(this.#subjects.say(p))).seq > 0),
    ]);
    return [...steps, ...(await this.#halves())].filter(Boolean).length;
  }
}
