/** Who publishes for a host goes on where it is, once and in order, when the fleet is split between two of its blocks. */
import { beforeEach, expect, it } from 'vitest';

import type { NatsConnection } from '@nats-io/transport-node';

import { HostLines } from '../../src-main/fleet/bridge/host-lines.ts';
import { HostStream } from '../../src-main/fleet/gateway/host-stream.ts';
import { ownerKey } from '../../src-main/fleet/partition/owner.ts';
import { splitFleet } from '../../src-main/fleet/split/split.ts';
import { ExactPublisher } from '../../src-main/fleet/wire/exact-publisher.ts';
import { headers } from '../../src-main/fleet/wire/messages.ts';
import { MovingPublisher } from '../../src-main/fleet/wire/moving-publisher.ts';
import { FleetSize } from '../../src-main/fleet/wire/size.ts';
import { makeStreams, openBucket } from '../../src-main/fleet/wire/streams.ts';
import { partitionOf, Subjects, tokenOf } from '../../src-main/fleet/wire/subjects.ts';
import { describeWithNats, serverForAll } from './nats-server.ts';
import { messagesOf } from './reference.ts';

const server = serverForAll();
const MADE = 2;
const { signal } = new AbortController();
/** One that moves when two partitions become four, and again when those become eight. */
const HOST = Array.from({ length: 100 }, (_, n) => `desk-${n}.example`).find(
  (host) => partitionOf(host, 4) >= 2 && partitionOf(host, 8) >= 4,
)!;

let tenants = 0;
describeWithNats('a host of a fleet that is split', () => {
  let nc: NatsConnection;
  let subjects: Subjects;
  beforeEach(async () => {
    nc = await (await server.get()).connect();
    subjects = new Subjects(`moving-${tenants++}`);
    await makeStreams(nc, subjects, { partitions: MADE, replicas: 1, keepLinesDays: 3, lease: 20 });
  });
  const moving = async (): Promise<MovingPublisher> => {
    const exact = await ExactPublisher.on(nc, subjects.linesStream, signal);
    return new MovingPublisher(exact, subjects, await FleetSize.on(nc, subjects), signal);
  };
  const subject = (): string => subjects.linesOf(HOST, MADE);
  /** Workers would have made the new partitions. */
  async function split(to: number): Promise<void> {
    const owners = await openBucket(nc, subjects.bucket('OWNERS'));
    for (let p = to / 2; p < to; p++) await owners.put(ownerKey(p), '{}');
    await splitFleet({ nc, subjects, signal, by: 'a test', onWaiting: () => undefined });
  }
  /** All lines of the host, with where they are and what number the first of the block has. */
  async function found(): Promise<string[]> {
    const all: string[] = [];
    for await (const { subject: at, body, header } of messagesOf(
      nc,
      subjects.linesStream,
      subjects.linesAnywhere(tokenOf(HOST)),
    ))
      if (body.byteLength > 0)
        all.push(
          `${at.split('.').at(-2)!} ${header(headers.line)!} ${Buffer.from(body).toString().replaceAll('\n', ',')}`,
        );
    return all;
  }
  const where = (partitions: number): string => String(partitionOf(HOST, partitions)).padStart(4, '0');

  it('is sent on by a gateway that knew nothing of it, and nothing that osquery sends again comes twice', async () => {
    const [one, other] = [new HostStream(await moving(), subject()), new HostStream(await moving(), subject())];
    await one.take(['a', 'b'], signal);
    await split(4);
    // Both answers were lost: osquery sends all of it again, with what came since, to the one and to the other.
    expect(await one.take(['a', 'b', 'c'], signal)).toEqual({ published: 1, known: 2 });
    expect(await other.take(['a', 'b', 'c', 'd'], signal)).toEqual({ published: 1, known: 3 });
    await split(8);
    expect(await new HostStream(await moving(), subject()).take(['a', 'b', 'c', 'd', 'e'], signal)).toEqual({
      published: 1,
      known: 4,
    });
    expect(await found()).toEqual([`${where(2)} 1 a,b`, `${where(4)} 3 c`, `${where(4)} 4 d`, `${where(8)} 5 e`]);
  });

  it('is sent on across two splits between which it said nothing', async () => {
    const one = new HostStream(await moving(), subject());
    await one.take(['a'], signal);
    await split(4);
    await split(8);
    expect(await one.take(['a', 'b'], signal)).toEqual({ published: 1, known: 1 });
    expect(await found()).toEqual([`${where(2)} 1 a`, `${where(8)} 2 b`]);
  });

  it('is sent on by a bridge, which knows its last lines wherever they are', async () => {
    const linesOf = async () =>
      new HostLines({
        nc,
        publisher: await moving(),
        stream: subjects.linesStream,
        subject: subject(),
        anywhere: subjects.linesAnywhere(tokenOf(HOST)),
        source: 'RESULTS then',
        signal,
      });
    const line = (seq: number, text: string) => ({ seq, text });
    await (await linesOf()).take([line(1, 'a'), line(2, 'b')]);
    await split(4);
    // Fleet has published b again, and the bridge begins again before the last of what it read.
    const taken = await (await linesOf()).take([line(2, 'b'), line(3, 'b'), line(4, 'c')]);
    expect(taken).toEqual({ published: 1, repeats: 1 });
    expect(await found()).toEqual([`${where(2)} 1 a,b`, `${where(4)} 3 c`]);
  });

  it('of which nobody had heard begins where it is, and waits while it is not said where', async () => {
    const stale = new HostStream(await moving(), subject());
    await split(4);
    expect(await stale.take(['a'], signal)).toEqual({ published: 1, known: 0 });
    expect(await found()).toEqual([`${where(4)} 1 a`]);
  });

  it('that somebody began in its old place at that moment goes on in its new one', async () => {
    await split(4);
    const exact = await ExactPublisher.on(nc, subjects.linesStream, signal);
    const head = { [headers.from]: 'gateway', [headers.line]: '1' };
    await exact.publish({ subject: subject(), body: 'a', headers: head, after: 0 });
    expect(await new HostStream(await moving(), subject()).take(['b'], signal)).toEqual({ published: 1, known: 0 });
    expect(await found()).toEqual([`${where(2)} 1 a`, `${where(4)} 2 b`]);
  });
});
