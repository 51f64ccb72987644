import type { ExactPublisher } from '../wire/exact-publisher.ts';
import { FORM, type SayMessage } from '../wire/messages.ts';
import { isMirrored } from '../wire/mirrored.ts';
import type { Subjects } from '../wire/subjects.ts';

/** An alert of a fleet: the partition, and the incident's number there. */
export interface AlertKey {
  readonly partition: number;
  readonly incident: number;
}

const key = /^(\d{4})\/([1-9]\d{0,14})$/;

/** @param text `0007/12` */
export function alertKeyOf(text: string): AlertKey | undefined {
  const [, partition, incident] = key.exec(text) ?? [];
  return partition === undefined ? undefined : { partition: Number(partition), incident: Number(incident) };
}

/** Says something to a partition: it is applied at its place among the lines, once, and told back among the alerts. */
export async function say(
  publisher: ExactPublisher,
  subjects: Subjects,
  { partition, incident, user }: AlertKey & { readonly user: string },
  said: Pick<SayMessage, 'verdict' | 'by' | 'at'>,
): Promise<void> {
  const subject = subjects.say(partition);
  const message: SayMessage = { form: FORM, call: 'mark', incident, ...(isMirrored(incident) && { user }), ...said };
  for (let { seq: after } = await publisher.last(subject); ;) {
    const published = await publisher.publish({ subject, body: JSON.stringify(message), after });
    if (published.ok) return;
    // Somebody else spoke in between: what they said stands before this.
    after = published.last.seq;
  }
}
