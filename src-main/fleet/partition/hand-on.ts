import { isMachine, machineOf } from '../../contract/subjects.ts';
import type { OutboxAlert } from '../../engine/put-in-outbox.ts';
import type { Store } from '../../engine/store/store.ts';
import type { Block } from '../wire/blocks.ts';
import { read, toldMessage, type AnswerMessage, type MarkMessage, type ToldMessage } from '../wire/messages.ts';
import { mirroredIncident } from '../wire/mirrored.ts';

type OutboxAnswer = Omit<AnswerMessage, 'form' | 'epoch' | 'n' | 'seq'>;

/** A user's name is kept to this many characters. */
const NAME_LENGTH = 256;

/** Alerts that a machine told of itself, a line each; undefined where one of them is none. */
export function toldIn(lines: readonly string[]): readonly ToldMessage[] | undefined {
  const told = lines.map((line) => read(toldMessage, line));
  return told.some((one) => one === undefined) ? undefined : (told as ToldMessage[]);
}

/** Puts them into the outbox, under the name of the host that told them. Only in a transaction. */
export function handOn(store: Store, host: string, told: readonly ToldMessage[], { seq, time }: Block): void {
  for (const one of told) {
    const user = isMachine(one.user) ? machineOf(host) : `${one.user}@${host}`.slice(0, NAME_LENGTH);
    const subjectId = store.subjects.ensure(user, time);
    const incident = mirroredIncident(host, one.incident);
    if (one.kind === 'answer') {
      const { verdict, at } = one;
      const body: OutboxAnswer = { kind: 'answer', incident, verdict, by: host.slice(0, 100), at };
      store.outbox.add({ seq, subjectId, body });
      continue;
    }
    const { change, band, severity, count, firstTime, lastTime, act } = one;
    // How far it was beyond what is normal is no part of what a notification says.
    const rest = { band, severity, peak: 0, count, firstTime, lastTime, act };
    store.outbox.add({ seq, subjectId, body: { change, incident, user, host, ...rest } satisfies OutboxAlert });
  }
}

/**
 * Hands on what a person of the fleet said of such an alert: the machine's own models learn nothing of it.
 * Only in a transaction. @returns false where nobody told of such a user
 */
export function answerMirrored(
  store: Store,
  { incident, user, verdict, by, at }: MarkMessage,
  { seq }: Block,
): boolean {
  const subject = user === undefined ? undefined : store.subjects.byName(user);
  if (!subject) return false;
  const body: OutboxAnswer = { kind: 'answer', incident, verdict, by, at };
  store.outbox.add({ seq, subjectId: subject.id, body });
  return true;
}
