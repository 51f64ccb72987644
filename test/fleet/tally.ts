import { join } from 'node:path';

import type { NatsConnection } from '@nats-io/transport-node';

import { alertMessage, read } from '../../src-main/fleet/wire/messages.ts';
import { hostOf, lastToken, numbered, partitionOfAlerts, type Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { tablesOf } from '../engine/tables.ts';
import type { Settled } from './exact.ts';
import { messagesOf } from './reference.ts';

/** What is missing, and what is there too often. */
export interface Missed {
  readonly lost: number;
  readonly twice: number;
}

/** A worker that was killed: when (Unix seconds), and what it worked on; nothing where it was something else that takes as long. */
export interface Kill {
  readonly at: number;
  readonly partitions: readonly number[];
}

function missed(wanted: readonly string[], found: readonly string[]): Missed {
  const counts = new Map<string, number>();
  for (const one of wanted) counts.set(one, (counts.get(one) ?? 0) + 1);
  let twice = 0;
  for (const one of found) {
    const left = counts.get(one) ?? 0;
    if (left > 0) counts.set(one, left - 1);
    else twice++;
  }
  return { lost: [...counts.values()].reduce((sum, left) => sum + left, 0), twice };
}

const sum = (all: readonly Missed[]): Missed => ({
  lost: all.reduce((total, { lost }) => total + lost, 0),
  twice: all.reduce((total, { twice }) => total + twice, 0),
});

/** What of the hosts' lines did not come into the stream, or came twice. */
export async function missedInStream(
  nc: NatsConnection,
  subjects: Subjects,
  lines: ReadonlyMap<string, readonly string[]>,
): Promise<Missed> {
  const found = new Map<string, string[]>();
  for await (const { subject, body } of messagesOf(nc, subjects.linesStream, subjects.lines())) {
    const host = hostOf(lastToken(subject));
    // What people say.
    if (host === undefined) continue;
    const own = found.get(host) ?? [];
    found.set(host, own);
    // A mark has none.
    if (body.byteLength > 0) for (const line of Buffer.from(body).toString().split('\n')) own.push(line);
  }
  return sum([...lines].map(([host, own]) => missed(own, found.get(host) ?? [])));
}

/** What of the actions is not stored, or stored twice. @param state where the last worker has its partitions */
export const missedInStores = ({ references }: Settled, state: string): Missed =>
  sum(references.map(({ tables }, p) => missed(tables.actions!, tablesOf(join(state, numbered(p))).actions!)));

/**
 * How long the partitions of each killed worker were not worked on: until another one told that it has the last of them, in seconds.
 * Kills that came while others were still taking over are no measure of one, and left out.
 */
export async function takenOver(nc: NatsConnection, subjects: Subjects, kills: readonly Kill[]): Promise<number[]> {
  const owners: { readonly partition: number; readonly at: number }[] = [];
  for await (const { subject, body, time } of messagesOf(nc, subjects.alertsStream, subjects.alerts()))
    if (read(alertMessage, Buffer.from(body).toString())?.kind === 'owner')
      owners.push({ partition: partitionOfAlerts(subject)!, at: time });
  return kills
    .map(({ at, partitions }, k) => {
      if (partitions.length === 0) return undefined;
      const next = kills[k + 1]?.at ?? Infinity;
      const ends = partitions.map((p) => owners.find(({ partition, at: told }) => partition === p && told > at)?.at);
      const end = Math.max(...ends.map((one) => one ?? Infinity));
      return end < next ? end - at : undefined;
    })
    .filter((seconds) => seconds !== undefined);
}

/** "4.9 s (most 7.2 s, of 9 kills)" */
export function inWords(seconds: readonly number[]): string {
  if (seconds.length === 0) return 'never measured';
  const sorted = seconds.toSorted((a, b) => a - b);
  const text = (value: number): string => value.toFixed(1);
  return `${text(sorted[sorted.length >> 1]!)} s (most ${text(sorted.at(-1)!)} s, of ${sorted.length} kills)`;
}
