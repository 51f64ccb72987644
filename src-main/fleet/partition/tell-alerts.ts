import type { OutboxRow } from '../../engine/store/outbox.ts';
import { FleetProblem } from '../failure.ts';
import type { ExactPublisher, Last } from '../wire/exact-publisher.ts';
import { alertMessage, FORM, read, type AlertMessage } from '../wire/messages.ts';

/** Somebody with a later epoch owns the partition now. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

export interface TellerOptions {
  readonly publisher: ExactPublisher;
  readonly subject: string;
  readonly owner: string;
  readonly epoch: number;
  /** Unix seconds. */
  readonly now: number;
}

/**
 * Tells a partition's alerts, each once and in order. Each names the alert before it, and the server refuses it when another one is
 * there: whoever takes a partition over tells so first, and from then on the server refuses all that an earlier owner tells.
 */
export class AlertTeller {
  readonly #options: TellerOptions;
  #last: number;
  #told: number;

  private constructor(options: TellerOptions, last: number, told: number) {
    this.#options = options;
    this.#last = last;
    this.#told = told;
  }

  /** @throws Fenced when a later owner has told */
  static async takeOver(options: TellerOptions): Promise<AlertTeller> {
    const { publisher, subject, owner, epoch, now } = options;
    for (let last = await publisher.last(subject); ;) {
      const before = messageOf(last, subject);
      if (before && before.epoch > epoch) throw new Fenced(`a later owner than ${owner} has told on ${subject}`);
      const told = before?.n ?? 0;
      const message: AlertMessage = { form: FORM, kind: 'owner', epoch, owner, at: now, n: told };
      const published = await publisher.publish({ subject, body: JSON.stringify(message), after: last.seq });
      if (published.ok) return new AlertTeller(options, published.seq, told);
      ({ last } = published);
    }
  }

  /** The last alert that was told. */
  get told(): number {
    return this.#told;
  }

  /** Tells that a user was forgotten: what was told of them before is to go. May be told again. @throws Fenced */
  async tellForgotten(user: string): Promise<void> {
    const { publisher, subject, owner, epoch, now } = this.#options;
    const message: AlertMessage = { form: FORM, kind: 'owner', epoch, owner, at: now, n: this.#told, forgot: user };
    const published = await publisher.publish({ subject, body: JSON.stringify(message), after: this.#last });
    if (!published.ok) throw new Fenced(`somebody else than ${owner} tells on ${subject}`);
    this.#last = published.seq;
  }

  /** Tells the next alert. @throws Fenced when somebody else owns the partition now */
  async tell({ n, seq, body }: OutboxRow): Promise<void> {
    if (n <= this.#told) return;
    const { publisher, subject, epoch, owner } = this.#options;
    const { kind = 'incident', ...told } = body as { readonly kind?: string };
    const message = { form: FORM, kind, epoch, n, seq, ...told };
    const published = await publisher.publish({ subject, body: JSON.stringify(message), after: this.#last });
    if (!published.ok) throw new Fenced(`somebody else than ${owner} tells on ${subject}`);
    this.#last = published.seq;
    this.#told = n;
  }
}

/** The last alert of a partition that was told. @throws FleetProblem for a message of no form that is known */
export const toldOn = async (publisher: ExactPublisher, subject: string): Promise<number> =>
  messageOf(await publisher.last(subject), subject)?.n ?? 0;

function messageOf(last: Last, subject: string): AlertMessage | undefined {
  if (last.seq === 0) return undefined;
  const message = read(alertMessage, last.body);
  if (message) return message;
  throw new FleetProblem(
    `The last message on ${subject} is no alert of this form: another program or a newer ubad tells there. Nothing was told.`,
  );
}
