/** A process that publishes lines of hosts: what it costs is not counted with who reads them. */
import { setTimeout } from 'node:timers/promises';

import { connectTo } from '../../../src-main/fleet/wire/connect.ts';
import { ExactPublisher } from '../../../src-main/fleet/wire/exact-publisher.ts';
import { headers } from '../../../src-main/fleet/wire/messages.ts';
import { Subjects } from '../../../src-main/fleet/wire/subjects.ts';
import { hostsFor } from './hosts.ts';

/** What it is asked: the n-th block of each of some hosts, the first one after the host's accounts. */
export interface PublishAsk {
  readonly block: number;
  /** The first host, and the one after the last; all when not given. */
  readonly from?: number;
  readonly to?: number;
  /** Milliseconds between two hosts. */
  readonly pause?: number;
}

const AT_ONCE = 16;
const [url = '', tenant = '', partitions = '1', users = '2'] = process.argv.slice(2);
const nc = await connectTo({ servers: [url], name: 'publisher', credentials: null, ca: null });
const subjects = new Subjects(tenant);
const publisher = await ExactPublisher.on(nc, subjects.linesStream, new AbortController().signal);
const ends = new Map<string, { seq: number; line: number }>();
const hosts = hostsFor(Number(users));

async function publishOne(n: number, block: number): Promise<void> {
  const host = hosts[n]!;
  const end = ends.get(host.name) ?? { seq: 0, line: 1 };
  const lines = end.seq === 0 ? [...host.accounts, ...host.block(block)] : host.block(block);
  const subject = subjects.linesOf(host.name, Number(partitions));
  const head = { [headers.from]: 'forward', [headers.line]: String(end.line) };
  const published = await publisher.publish({ subject, body: lines.join('\n'), headers: head, after: end.seq });
  if (!published.ok) throw new Error(`somebody else published for ${host.name}`);
  ends.set(host.name, { seq: published.seq, line: end.line + lines.length });
}

process.on('message', (asked: PublishAsk) => {
  void (async () => {
    const { block, pause, from = 0, to = hosts.length } = asked;
    for (let at = from; at < to; at += pause === undefined ? AT_ONCE : 1) {
      const count = pause === undefined ? Math.min(AT_ONCE, to - at) : 1;
      await Promise.all(Array.from({ length: count }, (_, n) => publishOne(at + n, block)));
      if (pause !== undefined) await setTimeout(pause);
    }
    process.send?.('done');
  })();
});
process.send?.('ready');
