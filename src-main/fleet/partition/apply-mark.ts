import { giveFeedback, takeBackFeedback } from '../../engine/feedback/feedback.ts';
import type { Incident } from '../../engine/store/incidents.ts';
import type { Store } from '../../engine/store/store.ts';
import type { Block } from '../wire/blocks.ts';
import type { AnswerMessage, MarkMessage } from '../wire/messages.ts';

/** An answer as the outbox keeps it. */
type OutboxAnswer = Omit<AnswerMessage, 'form' | 'epoch' | 'n' | 'seq'>;

/**
 * Applies what a person said of an incident, and puts into the outbox that it is applied. Only in a transaction. The block's time is
 * the only clock: whoever reads the block again stores the same.
 */
export function applyMark(
  store: Store,
  incident: Incident,
  { verdict, by, at }: MarkMessage,
  { seq, time }: Block,
): void {
  if (verdict === 'none') takeBackFeedback(store, incident, time);
  else giveFeedback(store, { incident, verdict, expires: null }, time);
  const body: OutboxAnswer = { kind: 'answer', incident: incident.id, verdict, by, at };
  store.outbox.add({ seq, subjectId: incident.subjectId, body });
}
