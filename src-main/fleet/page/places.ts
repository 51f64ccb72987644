import type { NatsConnection } from '@nats-io/transport-node';

import type { FleetHost, FleetPartition, FleetWorker, FleetWorkers } from '../../contract/fleet-machines.ts';
import type { FleetPerson, FleetSeen, Gathered } from '../../contract/fleet.ts';
import { isMachine } from '../../contract/subjects.ts';
import type { Hosts } from '../gateway/hosts.ts';
import { ownerKey } from '../partition/owner.ts';
import { leaseRecord, ownerRecord, read, type LeaseRecord } from '../wire/messages.ts';
import type { FleetSize } from '../wire/size.ts';
import { managerOf, openBucket } from '../wire/streams.ts';
import { partitionOf, type Subjects } from '../wire/subjects.ts';
import type { Owners } from './owners.ts';

const HOUR = 3600;
const MOST_PEOPLE = 1000;

/** Users with all of their hosts, the latest first. Machines are no users. */
export async function peopleOf(owners: Owners, sought: string): Promise<Gathered<FleetPerson>> {
  const { rows, more, away } = await owners.gather((owner) => owner.users(sought));
  const people = new Map<string, FleetSeen[]>();
  for (const [, { name, firstSeen, lastSeen, actions }] of rows) {
    const at = name.lastIndexOf('@');
    if (isMachine(name) || at < 1) continue;
    const user = name.slice(0, at);
    const seen = people.get(user) ?? [];
    people.set(user, seen);
    seen.push({ user, host: name.slice(at + 1), firstSeen, lastSeen, actions });
  }
  const all = [...people].map(([user, hosts]): FleetPerson => {
    hosts.sort((a, b) => b.lastSeen - a.lastSeen);
    const { lastSeen } = hosts[0]!;
    return { user, hosts, lastSeen, atOnce: hosts.filter((seen) => lastSeen - seen.lastSeen < HOUR).length };
  });
  all.sort((a, b) => b.hosts.length - a.hosts.length || b.lastSeen - a.lastSeen);
  return { rows: all.slice(0, MOST_PEOPLE), more: more + Math.max(0, all.length - MOST_PEOPLE), away };
}

interface HostsAsked {
  readonly owners: Owners;
  readonly enrolled: Hosts;
  readonly partitions: number;
  /** Alerts that wait, by host. */
  readonly alerts: ReadonlyMap<string, number>;
}

/** Hosts that enrolled or of which lines came, by name. */
export async function hostsOf({ owners, enrolled, partitions, alerts }: HostsAsked): Promise<Gathered<FleetHost>> {
  const [{ rows, more, away }, status, known] = await Promise.all([
    owners.gather((owner) => owner.hosts(undefined)),
    owners.each((owner) => owner.status(undefined)),
    enrolled.list(),
  ]);
  const lags = new Map(status.answers.map(([partition, { waiting }]) => [partition, waiting]));
  const seen = new Map(rows.map(([, host]) => [host.host, host]));
  const states = new Map(known.map(({ host, state, at }) => [host, { state, at }]));
  const hosts = [...new Set([...seen.keys(), ...states.keys()])].sort().map((host): FleetHost => {
    const partition = partitionOf(host, partitions);
    const [read_, enrolledAs] = [seen.get(host), states.get(host)];
    return {
      host,
      partition,
      state: enrolledAs?.state ?? null,
      enrolledAt: enrolledAs?.at ?? null,
      lastLines: read_?.lastLines ?? null,
      lines: read_?.lines ?? 0,
      lost: read_?.lost ?? 0,
      lag: lags.get(partition) ?? 0,
      alerts: alerts.get(host) ?? 0,
    };
  });
  return { rows: hosts, more, away };
}

interface Counted {
  readonly lines: number;
  readonly at: number;
}

/** Who works on what; how fast, it knows from the last time that it was asked. */
export class Workers {
  readonly #nc: NatsConnection;
  readonly #subjects: Subjects;
  readonly #owners: Owners;
  readonly #size: Pick<FleetSize, 'partitions'>;
  readonly #counted = new Map<string, Counted>();

  constructor(nc: NatsConnection, subjects: Subjects, owners: Owners, size: Pick<FleetSize, 'partitions'>) {
    this.#nc = nc;
    this.#subjects = subjects;
    this.#owners = owners;
    this.#size = size;
  }

  async list(): Promise<FleetWorkers> {
    const manager = await managerOf(this.#nc);
    const [workers, partitions, { state }] = await Promise.all([
      this.#workers(),
      this.#owned(),
      manager.streams.info(this.#subjects.linesStream),
    ]);
    return { workers, partitions, server: this.#nc.info?.version ?? '', streamBytes: state.bytes };
  }

  async #workers(): Promise<FleetWorker[]> {
    const leases = await openBucket(this.#nc, this.#subjects.bucket('LEASES'));
    const keys: string[] = [];
    for await (const key of await leases.keys()) keys.push(key);
    const entries = await Promise.all(keys.map((key) => leases.get(key)));
    const workers = entries.flatMap((entry, e) => {
      const lease = entry?.operation === 'PUT' ? read(leaseRecord, entry.string()) : undefined;
      return lease ? [this.#workerOf(keys[e]!.slice(2), lease)] : [];
    });
    return workers.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #workerOf(id: string, { draining, partitions, lines, at }: LeaseRecord): FleetWorker {
    const before = this.#counted.get(id);
    if (!before || at > before.at) this.#counted.set(id, { lines, at });
    const isLater = before !== undefined && at > before.at && lines >= before.lines;
    const linesPerSecond = isLater ? (lines - before.lines) / (at - before.at) : null;
    return { id, draining, partitions, lines, linesPerSecond, renewedAt: at };
  }

  async #owned(): Promise<FleetPartition[]> {
    const bucket = await openBucket(this.#nc, this.#subjects.bucket('OWNERS'));
    const { answers } = await this.#owners.each((owner) => owner.status(undefined));
    const told = new Map(answers);
    return Promise.all(
      Array.from({ length: this.#size.partitions }, async (_, partition): Promise<FleetPartition> => {
        const entry = await bucket.get(ownerKey(partition));
        const owner = (entry && read(ownerRecord, entry.string()))?.owner ?? null;
        const own = told.get(partition);
        const { waiting = null, lines = null, refused = null, lost = null, users = null, training = null } = own ?? {};
        return { partition, owner, waiting, lines, refused, lost, users, training };
      }),
    );
  }
}
