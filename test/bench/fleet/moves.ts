/** How long nobody works on a partition: when a worker hands it over, and when a worker is killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';

import type { Row } from '../../../scripts/bench/bench.ts';
import { fleetConfigOf, type FleetConfig } from '../../../src-main/fleet/config.ts';
import { ownerKey } from '../../../src-main/fleet/partition/owner.ts';
import { alertMessage, ownerRecord, read } from '../../../src-main/fleet/wire/messages.ts';
import { makeStreams, openBucket } from '../../../src-main/fleet/wire/streams.ts';
import { numbered, partitionOf, partitionOfAlerts, Subjects } from '../../../src-main/fleet/wire/subjects.ts';
import { hostsFor, layOut, root } from './hosts.ts';
import { Publisher } from './publisher.ts';
import type { BenchServer } from './server.ts';

const TENANT = 'moves';
/** As 500 users on 64 partitions are: eight each. */
const PARTITIONS = 8;
const USERS = 64;
/** Between two blocks of a hundred lines: 200 lines a second, 27 times what these users write on a day. */
const PAUSE_MS = 500;
const PATIENCE_MS = 300_000;
/** A supervisor's event loop is looked at from five seconds after its start, and written down every half second. */
const STANDING_MS = 8000;

export interface MoveFigures {
  readonly lease: number;
  /** Seconds from giving back until another one has told that it goes on. */
  readonly handed: readonly number[];
  /** Seconds from SIGKILL until then. */
  readonly taken: readonly number[];
  /** A worker each. */
  readonly stood: readonly Stood[];
}

/** For how long a supervisor's event loop stood still at most, milliseconds. */
interface Stood {
  readonly stood: number;
  /** Less what it waited for a core: by what it did itself. */
  readonly itself: number;
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    if (await isSo()) return;
    await setTimeout(100);
  }
  throw new Error(`It did not come: ${what}`);
}

/** Who has which partition, heard of as it changes. */
class Watch {
  /** By partition: the owner; undefined: nobody. */
  readonly owners = new Map<number, string>();
  readonly snapshots = new Set<number>();
  readonly #given = new Map<number, number>();
  readonly #killed = new Map<number, number>();
  readonly handed: number[] = [];
  readonly taken: number[] = [];

  static async on(nc: NatsConnection, subjects: Subjects): Promise<Watch> {
    const watch = new Watch();
    const bucket = await openBucket(nc, subjects.bucket('OWNERS'));
    const entries = await bucket.watch();
    const numberOf = new Map(Array.from({ length: PARTITIONS }, (_, p) => [ownerKey(p), p]));
    void (async () => {
      for await (const entry of entries) {
        const partition = numberOf.get(entry.key);
        const record = entry.operation === 'PUT' ? read(ownerRecord, entry.string()) : undefined;
        if (partition === undefined || !record) continue;
        if (record.snapshot !== null) watch.snapshots.add(partition);
        if (record.owner === null) {
          watch.owners.delete(partition);
          watch.#given.set(partition, performance.now());
        } else watch.owners.set(partition, record.owner);
      }
    })();
    nc.subscribe(subjects.alerts(), {
      callback: (_, message) => {
        const told = read(alertMessage, message.string());
        if (told?.kind === 'owner') watch.#goesOn(partitionOfAlerts(message.subject)!);
      },
    });
    await nc.flush();
    return watch;
  }

  of(name: string): number[] {
    return [...this.owners].flatMap(([partition, owner]) => (owner.startsWith(`${name}.`) ? [partition] : []));
  }

  killed(name: string): void {
    for (const partition of this.of(name)) this.#killed.set(partition, performance.now());
  }

  /** All that were killed are worked on again. */
  get isWhole(): boolean {
    return this.#killed.size === 0;
  }

  #goesOn(partition: number): void {
    const [given, killed] = [this.#given.get(partition), this.#killed.get(partition)];
    if (killed !== undefined) this.taken.push((performance.now() - killed) / 1000);
    else if (given !== undefined) this.handed.push((performance.now() - given) / 1000);
    this.#given.delete(partition);
    this.#killed.delete(partition);
  }
}

/** Workers that were started. */
let started = 0;

class Worker {
  readonly #process: ChildProcess;

  constructor(folder: string, name: string, config: FleetConfig) {
    const file = join(folder, `${name}.json`);
    const worker = { ...config.worker, processes: 1, state: join(folder, name) };
    writeFileSync(file, JSON.stringify({ ...config, worker }));
    const args = [
      '--import',
      join(import.meta.dirname, 'standing.ts'),
      join(root, 'src-main', 'cli.ts'),
      'fleet',
      'worker',
      '--name',
      name,
      '--config',
      file,
    ];
    const stood = join(folder, `${name}-${started++}.stood`);
    const own = {
      UBAD_BENCH_STOOD: stood,
      HOME: folder,
      XDG_STATE_HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_RUNTIME_DIR: folder,
    };
    this.#process = spawn(process.execPath, args, {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...own },
    });
  }

  /** With its children. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    process.kill(-this.#process.pid!, 'SIGKILL');
    await gone;
  }
}

/** Two workers hand partitions to each other and are killed in turn, while lines come; the lease is the one by default. */
export async function measureMoves(folder: string, server: BenchServer): Promise<MoveFigures> {
  const config = fleetConfigOf(
    {
      tenant: TENANT,
      servers: [server.url],
      partitions: PARTITIONS,
      // A snapshot of each soon: what is handed over is then what has changed since.
      snapshot: { lines: 300, minutes: 30 },
    },
    'the bench',
  );
  const { lease } = config;
  mkdirSync(folder, { recursive: true });
  const subjects = new Subjects(TENANT);
  const nc = await server.connect('watch');
  await makeStreams(nc, subjects, config);
  const hosts = hostsFor(USERS);
  for (let p = 0; p < PARTITIONS; p++)
    layOut(
      join(folder, 'a', numbered(p)),
      hosts.filter(({ name }) => partitionOf(name, PARTITIONS) === p),
      true,
    );
  const watch = await Watch.on(nc, subjects);
  const publisher = await Publisher.start(server.url, TENANT, PARTITIONS, USERS);
  const workers = new Map<string, Worker>();
  const start = (name: string): void => void workers.set(name, new Worker(folder, name, config));
  const ending = new AbortController();
  let publishing: Promise<void> = Promise.resolve();
  try {
    start('a');
    await until('the first worker has all', () => watch.of('a').length === PARTITIONS);
    publishing = (async () => {
      for (let block = 0; !ending.signal.aborted; block++) await publisher.publish({ block, pause: PAUSE_MS });
    })();
    await until('all are kept', () => watch.snapshots.size === PARTITIONS);
    start('b');
    await until('both have their share', () => watch.of('b').length === PARTITIONS / 2);
    for (const [killed, other] of [
      ['a', 'b'],
      ['b', 'a'],
      ['a', 'b'],
    ] as const) {
      await setTimeout(3000);
      watch.killed(killed);
      await workers.get(killed)!.kill();
      await until(`${other} goes on`, () => watch.isWhole && watch.of(other).length === PARTITIONS);
      start(killed);
      await until('both have their share', () => watch.of(killed).length === PARTITIONS / 2);
      // Long enough for what the one started now writes down.
      await setTimeout(STANDING_MS);
    }
    return { lease, handed: watch.handed, taken: watch.taken, stood: stoodIn(folder) };
  } finally {
    ending.abort();
    for (const worker of workers.values()) await worker.kill();
    await publishing.catch(() => undefined);
    publisher.stop();
  }
}

const stoodIn = (folder: string): Stood[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.stood'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Stood);

export const moveRows = ({ lease, handed, taken, stood }: MoveFigures): Row[] => [
  { what: 'a partition handed over: from given back to worked on', unit: 's', samples: handed },
  { what: `a partition taken over: from SIGKILL to worked on, lease ${lease} s`, unit: 's', samples: taken },
  { what: 'a supervisor’s event loop stood still, at most', unit: 'ms', samples: stood.map((one) => one.stood) },
  { what: '… by what it did, not for want of a core', unit: 'ms', samples: stood.map((one) => one.itself) },
];
