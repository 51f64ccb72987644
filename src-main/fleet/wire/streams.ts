import { jetstreamManager, JetStreamApiError, type JetStreamManager, type StreamConfig } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

import { FleetProblem } from '../failure.ts';
import { FORM, metaRecord, read, type MetaRecord } from './messages.ts';
import type { Subjects } from './subjects.ts';

export interface StreamsOptions {
  readonly partitions: number;
  readonly replicas: number;
  readonly keepLinesDays: number;
  /** Seconds after which a worker that does not renew its lease is taken for gone. */
  readonly lease: number;
  /** What Fleet publishes on, where no other stream holds it: a stream of its own is made. */
  readonly bridge?: { readonly subject: string | null; readonly stream: string | null };
}

const DAY_NS = 86_400e9;
/** Alerts of a partition that the stream keeps: the inbox has them all. */
const ALERTS_KEPT = 100_000;
/** Streams of a cluster need this server: older ones number replicas of one message differently. */
const CLUSTER_SINCE = [2, 10] as const;
const CHANGE_MS = 15_000;
/** Longer than an election, in which the server answers nobody. */
const ASK_MS = 5000;

/** A manager that asks the server nothing before it is used: without a leader that would throw. */
export const managerOf = (nc: NatsConnection): Promise<JetStreamManager> =>
  jetstreamManager(nc, { checkAPI: false, timeout: ASK_MS });

/**
 * Makes what a tenant needs on the servers, or sees that it is there as it has to be.
 * @throws FleetProblem when the server is too old, or was set up for another number of partitions
 */
export async function makeStreams(nc: NatsConnection, subjects: Subjects, options: StreamsOptions): Promise<void> {
  const { partitions, replicas, keepLinesDays, lease, bridge } = options;
  mustHold(nc.info?.version ?? '0.0.0', replicas);
  const manager = await jetstreamManager(nc, { checkAPI: false, timeout: CHANGE_MS });
  const common = { num_replicas: replicas, storage: 'file', allow_direct: true, deny_delete: true } as const;
  await make(manager, {
    ...common,
    name: subjects.linesStream,
    subjects: [subjects.lines()],
    max_age: keepLinesDays * DAY_NS,
  });
  await make(manager, {
    ...common,
    name: subjects.alertsStream,
    subjects: [subjects.alerts()],
    max_msgs_per_subject: ALERTS_KEPT,
  });
  if (bridge && bridge.subject !== null && bridge.stream === null)
    await makeResults(manager, subjects.resultsStream, bridge.subject, {
      ...common,
      max_age: keepLinesDays * DAY_NS,
    });
  const buckets = new Kvm(nc);
  const kept = { replicas, storage: 'file', history: 1 } as const;
  const leases = subjects.bucket('LEASES');
  await buckets.create(leases, { ...kept, ttl: lease * 1000 });
  // The client leaves a bucket that is there as it is.
  await manager.streams.update(`KV_${leases}`, { max_age: lease * 1e9 });
  for (const name of ['OWNERS', 'HOSTS', 'META'] as const) await buckets.create(subjects.bucket(name), kept);
  // Any copy may give a chunk: it is known by its sum.
  await buckets.create(subjects.bucket('STATE'), { ...kept, allow_direct: true });
  const meta = await buckets.open(subjects.bucket('META'));
  await settle(meta, partitions);
}

/** What was fixed when the fleet was made. @throws FleetProblem where it was not made */
export async function metaOf(nc: NatsConnection, subjects: Subjects): Promise<MetaRecord> {
  const missing = (): never => {
    throw new FleetProblem(`There is no fleet on these servers yet. Make it with: ubad fleet init`);
  };
  const bucket = await openBucket(nc, subjects.bucket('META'));
  const entry = await bucket.get('fleet');
  return (entry && read(metaRecord, entry.string())) ?? missing();
}

/** A bucket that is there. */
export const openBucket = (nc: NatsConnection, name: string): Promise<KV> => new Kvm(nc).open(name);

async function settle(meta: KV, partitions: number): Promise<void> {
  const wanted: MetaRecord = { form: FORM, partitions, created: Math.floor(Date.now() / 1000) };
  const entry = await meta.get('fleet');
  if (entry === null) {
    await meta.create('fleet', JSON.stringify(wanted));
    return;
  }
  const known = read(metaRecord, entry.string());
  // Whoever has not written down yet that it was split says what it was made with.
  if (known?.partitions === partitions || known?.made === partitions) return;
  throw new FleetProblem(
    `The fleet was made with ${known?.partitions ?? 'an unknown number of'} partitions, fleet.json says ${partitions}. Which partition a host is in would change: set partitions back.`,
  );
}

async function make(
  manager: JetStreamManager,
  config: Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'subjects'>,
): Promise<void> {
  let known: StreamConfig;
  try {
    known = (await manager.streams.info(config.name)).config;
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== NO_STREAM) throw error;
    await manager.streams.add(config);
    return;
  }
  const { max_age, max_msgs_per_subject, num_replicas } = config;
  // Not for nothing: a stream that nats-server 2.9 has updated has another date of its making after the server's next start.
  const isSame = (name: 'max_age' | 'max_msgs_per_subject' | 'num_replicas'): boolean =>
    config[name] === undefined || config[name] === known[name];
  if (isSame('max_age') && isSame('max_msgs_per_subject') && isSame('num_replicas')) return;
  await manager.streams.update(config.name, {
    ...(max_age !== undefined && { max_age }),
    ...(max_msgs_per_subject !== undefined && { max_msgs_per_subject }),
    ...(num_replicas !== undefined && { num_replicas }),
  });
}

/** The server's error codes. */
const NO_STREAM = 10_059;
const OVERLAPS = 10_065;

/** @throws FleetProblem where another stream holds what Fleet publishes */
async function makeResults(
  manager: JetStreamManager,
  name: string,
  subject: string,
  config: Partial<StreamConfig>,
): Promise<void> {
  try {
    await make(manager, { ...config, name, subjects: [subject] });
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== OVERLAPS) throw error;
    throw new FleetProblem(
      `Another stream on these servers holds ${subject} already: set bridge.stream in fleet.json to its name.`,
      { cause: error },
    );
  }
}

function mustHold(version: string, replicas: number): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [least, leastMinor] = replicas > 1 ? CLUSTER_SINCE : [2, 9];
  if (major > least || (major === least && minor >= leastMinor)) return;
  throw new FleetProblem(
    `nats-server ${version} is too old: ${replicas > 1 ? `a cluster with ${replicas} replicas` : 'a fleet'} needs ${least}.${leastMinor} or later.`,
  );
}
