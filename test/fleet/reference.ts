import { join } from 'node:path';

import type { NatsConnection } from '@nats-io/transport-node';

import { fusedEngine } from '../../models/fused.ts';
import { blocksFrom } from '../../src-main/fleet/wire/read-stream.ts';
import { openEngineOn, type FleetEngineOptions } from '../../src-main/fleet/partition/state-folder.ts';
import { untilAnswered } from '../../src-main/fleet/wire/exact-publisher.ts';
import { alertMessage, read, type AnswerMessage, type IncidentMessage } from '../../src-main/fleet/wire/messages.ts';
import { managerOf } from '../../src-main/fleet/wire/streams.ts';
import { numbered, type Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { differences, tablesOf } from '../engine/tables.ts';
import { scratch } from '../scratch.ts';

export const engineOptions = (): FleetEngineOptions => ({
  pack: defaultPack(),
  algorithm: 'ocsvm',
  seed: 1,
  windowLength: 50,
  trainAfter: 1000,
  sensitivity: { alertsPerDay: 1 / 7 },
  math: fusedEngine(),
});

/** What is told of an alert, or of an answer to one. */
type TellingMessage = IncidentMessage | AnswerMessage;
type WithoutEpoch<T> = T extends unknown ? Omit<T, 'epoch'> : never;

/** What an engine that never stopped makes of a partition's lines. */
export interface Reference {
  readonly tables: Record<string, string[]>;
  readonly alerts: readonly WithoutEpoch<TellingMessage>[];
  readonly lines: number;
  readonly position: number;
}

/** What differs by what happened to a worker, and not by the lines: what is told already is not kept. */
export const APART = ['outbox', 'store_state'];

/** Reads a partition from its first block to its last with an engine that never stops. */
export async function referenceOf(
  nc: NatsConnection,
  subjects: Subjects,
  partition: number,
  partitions: number,
): Promise<Reference> {
  const manager = await managerOf(nc);
  const stream = subjects.linesStream;
  const { created, state } = await untilAnswered(new AbortController().signal, () =>
    manager.streams.info(stream, { subjects_filter: subjects.lines(partition) }),
  );
  let left = Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
  const folder = join(scratch(), numbered(partition));
  const source = { stream, created, partition, partitions };
  const options = { folder, engine: engineOptions(), keepDays: 14, onNotice: () => undefined };
  const { engine, taker } = openEngineOn(source, options)!;
  const done = new AbortController();
  let lines = 0;
  await taker.finish();
  if (left > 0) {
    for await (const block of blocksFrom(nc, stream, subjects.lines(partition), 1, done.signal)) {
      lines += await taker.take(block);
      if (--left === 0) break;
    }
  }
  done.abort();
  const alerts = engine.store.outbox
    .after(0, 1e6)
    .map(
      ({ n, seq, body }) =>
        ({ form: 1, kind: 'incident', n, seq, ...(body as object) }) as WithoutEpoch<TellingMessage>,
    );
  engine.close();
  return { tables: tablesOf(folder, APART), alerts, lines, position: taker.position };
}

/** Milliseconds after which nothing more comes. */
const IDLE_MS = 5000;

/** All messages of a stream that are of a subject. */
export async function* messagesOf(nc: NatsConnection, stream: string, subject: string) {
  const manager = await managerOf(nc);
  const ending = new AbortController();
  const { signal } = ending;
  const { state } = await untilAnswered(signal, () => manager.streams.info(stream, { subjects_filter: subject }));
  let left = Object.values(state.subjects ?? {}).reduce((total, count) => total + count, 0);
  if (left === 0) return;
  // What is deleted meanwhile does not come.
  const idle = setTimeout(() => {
    ending.abort();
  }, IDLE_MS);
  try {
    for await (const block of blocksFrom(nc, stream, subject, 1, signal)) {
      idle.refresh();
      yield block;
      if (--left === 0) return;
    }
  } finally {
    clearTimeout(idle);
  }
}

/** What a worker's folder and the stream of alerts differ in from the reference; empty where in nothing. */
export async function differencesFrom(
  reference: Reference,
  nc: NatsConnection,
  subjects: Subjects,
  partition: number,
  state: string,
): Promise<string[]> {
  const told = await alertsOf(nc, subjects, partition);
  const stored = differences(reference.tables, tablesOf(join(state, numbered(partition)), APART));
  const short = (alert: object): string => JSON.stringify(alert, ['n', 'seq', ...rest]);
  const [actual, wanted] = [told.map(short), reference.alerts.map(short)];
  const at = wanted.findIndex((one, a) => one !== actual[a]);
  if (at < 0 && actual.length === wanted.length) return stored;
  const why = `alerts: ${wanted.length} were to be told, ${told.length} were; ${wanted[at] ?? 'none'} | ${actual[at] ?? 'none'}`;
  return [...stored, why];
}

const rest = [
  'kind',
  'verdict',
  'by',
  'at',
  'change',
  'incident',
  'user',
  'host',
  'band',
  'severity',
  'peak',
  'count',
  'firstTime',
  'lastTime',
  'act',
];

/** All alerts of a partition, in the order in which they were told. */
async function alertsOf(nc: NatsConnection, subjects: Subjects, partition: number): Promise<TellingMessage[]> {
  const manager = await managerOf(nc);
  const stream = subjects.alertsStream;
  const { state } = await untilAnswered(new AbortController().signal, () =>
    manager.streams.info(stream, { subjects_filter: subjects.alerts(partition) }),
  );
  let left = state.subjects?.[subjects.alerts(partition)] ?? 0;
  const told: TellingMessage[] = [];
  if (left === 0) return told;
  for await (const { body } of blocksFrom(nc, stream, subjects.alerts(partition), 1, new AbortController().signal)) {
    const message = read(alertMessage, Buffer.from(body).toString());
    if (message === undefined) throw new Error(`no alert: ${Buffer.from(body).toString()}`);
    if (message.kind !== 'owner') told.push(message);
    if (--left === 0) break;
  }
  return told;
}
