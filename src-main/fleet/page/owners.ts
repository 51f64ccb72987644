import type { NatsConnection } from '@nats-io/transport-node';

import { ownerCalls, type Owned } from '../../contract/fleet-owner.ts';
import type { Gathered } from '../../contract/fleet.ts';
import { client, type Answer, type Client } from '../../contract/ipc.ts';
import { message } from '../../contract/story/messages.ts';
import { FORM, type AskMessage } from '../wire/messages.ts';
import type { FleetSize } from '../wire/size.ts';
import { partitionOf, type Subjects } from '../wire/subjects.ts';

type Owner = Client<typeof ownerCalls>;

/** An owner that does not answer within this is away, or busy. */
const ANSWER_MS = 4000;

/** Asks partitions' owners. A question fails with `worker-down` where nobody works on the partition, or nobody answers. */
export class Owners {
  readonly #nc: NatsConnection;
  readonly #subjects: Subjects;
  readonly #size: Pick<FleetSize, 'partitions'>;

  constructor(nc: NatsConnection, subjects: Subjects, size: Pick<FleetSize, 'partitions'>) {
    this.#nc = nc;
    this.#subjects = subjects;
    this.#size = size;
  }

  /** Of the partition that a host is in. */
  ofHost(host: string): Owner {
    return this.of(partitionOf(host, this.#size.partitions));
  }

  of(partition: number): Owner {
    return client(ownerCalls, (call, input) => this.#ask(partition, { form: FORM, call, input }));
  }

  /** The same of all. @returns what those said that answered, and who did not */
  async each<T>(
    question: (owner: Owner) => Promise<T>,
  ): Promise<{ answers: [partition: number, T][]; away: number[] }> {
    const asked = Array.from({ length: this.#size.partitions }, (_, p) => question(this.of(p)));
    const given = await Promise.allSettled(asked);
    const answers = given.flatMap((one, p): [number, T][] => (one.status === 'fulfilled' ? [[p, one.value]] : []));
    return { answers, away: given.flatMap(({ status }, p) => (status === 'rejected' ? [p] : [])) };
  }

  /** Rows of all, with the partition that each is of. */
  async gather<T>(question: (owner: Owner) => Promise<Owned<T>>): Promise<Gathered<readonly [partition: number, T]>> {
    const { answers, away } = await this.each(question);
    return {
      rows: answers.flatMap(([partition, { rows }]) => rows.map((row) => [partition, row] as const)),
      more: answers.reduce((sum, [, { more }]) => sum + more, 0),
      away,
    };
  }

  async #ask(partition: number, asked: AskMessage): Promise<Answer> {
    try {
      const subject = this.#subjects.ask(partition);
      const reply = await this.#nc.request(subject, JSON.stringify(asked), { timeout: ANSWER_MS });
      return JSON.parse(reply.string()) as Answer;
    } catch {
      return { ok: false, code: 'worker-down', message: message('partition.silent') };
    }
  }
}
