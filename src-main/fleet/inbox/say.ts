import { setTimeout } from 'node:timers/promises';

import { FleetProblem } from '../failure.ts';
import type { ExactPublisher } from '../wire/exact-publisher.ts';
import { FORM, type MarkMessage, type SayMessage } from '../wire/messages.ts';
import { isMirrored } from '../wire/mirrored.ts';
import type { FleetSize } from '../wire/size.ts';
import { partitionOf, type Subjects } from '../wire/subjects.ts';

/** An alert of a fleet: the partition that told it first, and the incident's number there. */
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

export interface SayTo {
  readonly publisher: ExactPublisher;
  readonly subjects: Subjects;
  readonly size: FleetSize;
  readonly signal: AbortSignal;
}

const LOOK_MS = 500;
/** A split that is not done by then takes longer. */
const MOST_MS = 15_000;

/**
 * Says something to partitions: it is applied at its place among the lines, once, and told back among the alerts. While the fleet is split
 * it waits.
 * @param partitionsOf which of them, by how many there are @throws FleetProblem where the split lasts
 */
export async function sayTo(
  { publisher, subjects, size, signal }: SayTo,
  message: SayMessage,
  partitionsOf: (partitions: number) => readonly number[],
): Promise<void> {
  const begun = performance.now();
  const said = new Set<number>();
  for (;;) {
    const left = partitionsOf(size.partitions).find((partition) => !said.has(partition));
    if (left === undefined) return;
    const subject = subjects.say(left);
    // Asked for in this order: where a split has begun since, its own block is behind this one, and the server refuses what names it.
    const { seq: after } = await publisher.last(subject);
    const before = size.partitions;
    const { to, partitions } = await size.look(signal);
    if (to !== undefined) {
      if (performance.now() - begun > MOST_MS)
        throw new FleetProblem(
          `The fleet is being split to ${to} partitions: nothing can be said to it until that is done. Try again in a moment; see: ubad fleet status`,
        );
      await setTimeout(LOOK_MS, undefined, { signal });
      continue;
    }
    if (partitions !== before) continue;
    const published = await publisher.publish({ subject, body: JSON.stringify(message), after });
    // Where somebody else spoke in between, what they said stands before this.
    if (published.ok) said.add(left);
  }
}

/** Says something of an alert to the partition that its host is in now. */
export async function say(
  to: SayTo,
  { incident, user, host }: Pick<AlertKey, 'incident'> & { readonly user: string; readonly host: string },
  said: Pick<MarkMessage, 'verdict' | 'by' | 'at'>,
): Promise<void> {
  const message: MarkMessage = { form: FORM, call: 'mark', incident, ...(isMirrored(incident) && { user }), ...said };
  await sayTo(to, message, (partitions) => [partitionOf(host, partitions)]);
}
