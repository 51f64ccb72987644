/** What engines that never stop make of a fleet that is split, and of the same lines in one that never was. */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { NatsConnection } from '@nats-io/transport-node';

import { placeModels } from '../../src-main/engine/backup/database.ts';
import { divideCopy, saidIn } from '../../src-main/fleet/partition/divide.ts';
import { openEngineOn, type OpenedState } from '../../src-main/fleet/partition/state-folder.ts';
import type { Source } from '../../src-main/fleet/partition/source.ts';
import type { Block } from '../../src-main/fleet/wire/blocks.ts';
import { managerOf } from '../../src-main/fleet/wire/streams.ts';
import { lastToken, numbered, SAY, type Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { tablesOf } from '../engine/tables.ts';
import { scratch } from '../scratch.ts';
import { APART, engineOptions, messagesOf, type Reference } from './reference.ts';

interface Reading {
  readonly folder: string;
  readonly source: Source;
  readonly alerts: Reference['alerts'][number][];
  opened: OpenedState;
  lines: number;
}

const openedIn = (folder: string, source: Source): OpenedState =>
  openEngineOn(source, { folder, engine: engineOptions(), keepDays: 14, onNotice: () => undefined })!;

/** Everything that the stream has of some partitions, in its order. */
async function blocksOf(nc: NatsConnection, subjects: Subjects, partitions: readonly number[]): Promise<Block[]> {
  const blocks: Block[] = [];
  for (const partition of partitions)
    for await (const block of messagesOf(nc, subjects.linesStream, subjects.lines(partition))) blocks.push(block);
  return blocks.sort((a, b) => a.seq - b.seq);
}

async function sourceOf(
  nc: NatsConnection,
  subjects: Subjects,
  partition: number,
  partitions: number,
): Promise<Source> {
  const { created } = await (await managerOf(nc)).streams.info(subjects.linesStream);
  return { stream: subjects.linesStream, created, partition, partitions };
}

/** Alerts that are to be told, once each: what a split deletes of them was told before. */
function collect(reading: Reading): void {
  const last = reading.alerts.at(-1)?.n ?? 0;
  for (const { n, seq, body } of reading.opened.engine.store.outbox.after(last, 1e6))
    reading.alerts.push({ form: 1, kind: 'incident', n, seq, ...(body as object) } as Reference['alerts'][number]);
}

/** A partition and the one that is split off from it, of engines that never stop but where a split makes them. */
export async function splitReferences(
  nc: NatsConnection,
  subjects: Subjects,
  partition: number,
  made: number,
): Promise<Reference[]> {
  const [other, folder] = [partition + made, join(scratch(), `ref-${numbered(partition)}`)];
  const source = await sourceOf(nc, subjects, partition, made);
  const readings = new Map<number, Reading>();
  readings.set(partition, { folder, source, alerts: [], opened: openedIn(folder, source), lines: 0 });
  for (const block of await blocksOf(nc, subjects, [partition, other])) {
    const at = Number(block.subject.split('.').at(-2));
    const reading = readings.get(at)!;
    const said = saidIn(block);
    const split = said?.call === 'split' ? said : undefined;
    if (split) collect(reading);
    if (split && !readings.has(other)) {
      const copy = join(scratch(), `ref-${numbered(other)}`);
      reading.opened.engine.close();
      mkdirSync(copy, { recursive: true });
      cpSync(folder, copy, { recursive: true });
      divideCopy(copy, { source, other, to: split.to }, block);
      // Those of the other half are deleted there.
      placeModels(join(copy, 'ubad.db'), join(copy, 'models'));
      const own = { ...source, partition: other };
      readings.set(other, { folder: copy, source: own, alerts: [], opened: openedIn(copy, own), lines: 0 });
      reading.opened = openedIn(folder, source);
    }
    reading.lines += await reading.opened.taker.take(block);
    if (reading.opened.taker.isStale) {
      reading.opened.engine.close();
      reading.opened = openedIn(folder, source);
    }
  }
  return [partition, other].map((p): Reference => {
    const reading = readings.get(p)!;
    collect(reading);
    const position = reading.opened.taker.position;
    reading.opened.engine.close();
    return { tables: tablesOf(reading.folder, APART), alerts: reading.alerts, lines: reading.lines, position };
  });
}

/** Every action with whose it is and how it was judged, without any number that a database gave. */
export function judgedIn(folder: string): string[] {
  const db = new DatabaseSync(join(folder, 'ubad.db'), { readOnly: true });
  try {
    const rows = db
      .prepare(
        `SELECT s.name, o.host, a.line, a.time, h.query, h.change, a.vals, c.score, c.window_score, c.ocsvm, c.incident_id IS NOT NULL AS told
           FROM actions AS a JOIN subjects AS s ON s.id = a.subject_id JOIN origins AS o ON o.id = a.origin_id
           JOIN shapes AS h ON h.id = a.shape_id LEFT JOIN scores AS c ON c.action_id = a.id`,
      )
      .all();
    return rows.map((row) => JSON.stringify(row)).sort();
  } finally {
    db.close();
  }
}

/** The same lines, read by a fleet that was never split. */
export async function judgedUnsplit(
  nc: NatsConnection,
  subjects: Subjects,
  partition: number,
  made: number,
): Promise<string[]> {
  const folder = join(scratch(), `whole-${numbered(partition)}`);
  const { engine, taker } = openedIn(folder, await sourceOf(nc, subjects, partition, made));
  for (const block of await blocksOf(nc, subjects, [partition, partition + made])) {
    const token = lastToken(block.subject);
    if (token !== SAY) await taker.take({ ...block, subject: subjects.lineSubject(partition, token) });
  }
  engine.close();
  return judgedIn(folder);
}
