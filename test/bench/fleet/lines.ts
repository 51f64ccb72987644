/** What a line costs by NATS, and what the same line costs where a log is followed; what it takes of disk and stream. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';

import type { Row } from '../../../scripts/bench/bench.ts';
import { Engine } from '../../../src-main/engine/engine.ts';
import { OneAtATime } from '../../../src-main/fleet/partition/one-at-a-time.ts';
import { Partition } from '../../../src-main/fleet/partition/partition.ts';
import { TrainingSlots } from '../../../src-main/fleet/supervisor/training-slots.ts';
import { makeStreams, managerOf } from '../../../src-main/fleet/wire/streams.ts';
import { numbered, Subjects } from '../../../src-main/fleet/wire/subjects.ts';
import { ingestLoop } from '../../../src-main/intake/ingest-loop.ts';
import { BLOCK, engineOptions, hostsFor, layOut } from './hosts.ts';
import type { PublishAsk } from './publish.ts';
import { Publisher } from './publisher.ts';
import type { BenchServer } from './server.ts';

const TENANT = 'lines';
const POLL_MS = 10;

export interface LineFigures {
  /** µs of processor time. */
  readonly follow: readonly number[];
  readonly nats: readonly number[];
  readonly ratio: readonly number[];
  /** Bytes a line. */
  readonly disk: readonly number[];
  readonly stream: readonly number[];
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(POLL_MS);
}

/** µs of processor time that this process took for each line. */
async function costOf(lines: number, work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / lines;
}

/** Hosts of a part: a third of a second, so that whatever else the machine does comes to both parts of a pair. */
const PART = 20;
const FEWEST_PARTS = 25;

/** Pairs of short parts, each of other hosts, now the one first and now the other. */
export async function measureLines(folder: string, server: BenchServer, users: number): Promise<LineFigures> {
  const hosts = hostsFor(users);
  const [followed, streamed] = [join(folder, 'followed'), join(folder, 'streamed')];
  layOut(followed, hosts, false);
  layOut(join(streamed, numbered(0)), hosts, false);

  const log = join(folder, 'followed.log');
  writeFileSync(log, '');
  const stop = new AbortController();
  let [stored, written] = [0, 0];
  const following = ingestLoop({
    log,
    startAt: 'beginning',
    signal: stop.signal,
    onNotice: (text) => {
      console.error(text);
    },
    open: () =>
      Engine.open({ ...engineOptions, identity: 'host', passwd: null, state: followed, now: () => Date.now() / 1000 }),
    onStored: (_, count) => (stored += count),
  });
  const follow = async ({ block, from, to }: PublishAsk): Promise<void> => {
    const lines = hosts
      .slice(from, to)
      .flatMap((host) => [...(block === 0 ? host.accounts : []), ...host.block(block)]);
    appendFileSync(log, lines.map((line) => `${line}\n`).join(''));
    written += lines.length;
    await until(() => stored >= written);
  };

  const subjects = new Subjects(TENANT);
  const nc = await server.connect('partition');
  await makeStreams(nc, subjects, { partitions: 1, replicas: 1, keepLinesDays: 3, lease: 20 });
  const manager = await managerOf(nc);
  const streamOf = async () => (await manager.streams.info(subjects.linesStream)).state;
  const partition = new Partition({
    nc,
    subjects,
    partition: 0,
    partitions: 1,
    owner: 'bench',
    from: 0,
    state: streamed,
    engine: engineOptions,
    keepDays: 14,
    turns: new TrainingSlots(1),
    opening: new OneAtATime(),
    snapshot: { lines: 1e9, minutes: 1e6 },
    onNotice: (text) => {
      console.error(text);
    },
  });
  const publisher = await Publisher.start(server.url, TENANT, 1, users);
  const stream = async (ask: PublishAsk): Promise<void> => {
    await publisher.publish(ask);
    const { last_seq } = await streamOf();
    await until(() => partition.status.position >= last_seq);
  };

  try {
    const figures = { follow: [] as number[], nats: [] as number[], disk: [] as number[], stream: [] as number[] };
    // All models are loaded, and the code is compiled.
    await follow({ block: 0 });
    await stream({ block: 0 });
    const database = join(streamed, numbered(0), 'ubad.db');
    const size = Math.min(PART, hosts.length);
    const parts = Math.floor(hosts.length / size);
    for (let pair = 0; pair < Math.max(FEWEST_PARTS, parts); pair++) {
      const from = (pair % parts) * size;
      const ask = { block: 1 + Math.floor(pair / parts), from, to: from + size };
      const lines = size * BLOCK;
      const followed = async (): Promise<void> => {
        figures.follow.push(await costOf(lines, () => follow(ask)));
      };
      if (pair % 2 === 0) await followed();
      const [disk, { bytes }] = [bytesOf(database), await streamOf()];
      figures.nats.push(await costOf(lines, () => stream(ask)));
      figures.disk.push((bytesOf(database) - disk) / lines);
      figures.stream.push(((await streamOf()).bytes - bytes) / lines);
      if (pair % 2 === 1) await followed();
    }
    return { ...figures, ratio: figures.nats.map((cost, pair) => cost / figures.follow[pair]!) };
  } finally {
    publisher.stop();
    partition.abandon();
    await partition.ended;
    stop.abort();
    await following;
  }
}

export const lineRows = ({ follow, nats, ratio, disk, stream }: LineFigures): Row[] => [
  { what: 'processor time of a line, its log followed', unit: 'µs', samples: follow },
  { what: `processor time of a line, by NATS in blocks of ${BLOCK}`, unit: 'µs', samples: nats },
  { what: 'by NATS against followed', unit: '×', samples: ratio },
  { what: 'database, a line', unit: 'B', samples: disk },
  { what: 'stream, a line, one copy', unit: 'B', samples: stream },
];

function bytesOf(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
    return pages * Number(db.prepare('PRAGMA page_size').get()?.page_size);
  } finally {
    db.close();
  }
}
