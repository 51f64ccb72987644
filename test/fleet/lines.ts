import type { NatsConnection } from '@nats-io/transport-node';

import { blocksOf } from '../../src-main/fleet/wire/blocks.ts';
import { ExactPublisher, type Last } from '../../src-main/fleet/wire/exact-publisher.ts';
import { MovingPublisher } from '../../src-main/fleet/wire/moving-publisher.ts';
import { FleetSize } from '../../src-main/fleet/wire/size.ts';
import { headers } from '../../src-main/fleet/wire/messages.ts';
import type { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary, stranger } from '../models/ordinary.ts';

/** Lines of invented hosts, each with one user whom a stranger visits. @param count actions before the stranger */
export function linesOfHosts(hosts: number, count: number): Map<string, readonly string[]> {
  return new Map(
    Array.from({ length: hosts }, (_, h) => {
      const host = `desk-${h}.example`;
      const user = { uid: '1000', username: `user-${h}` };
      const past = [...ordinary(count, h), ...stranger(80), ...ordinary(Math.floor(count / 4), h + 100)];
      const first = lineOf({ query: 'users', change: 'added', time: past[0]!.time, columns: user }, 0);
      const lines = past.map((action, a) => lineOf({ ...action, columns: { ...action.columns, uid: '1000' } }, a + 1));
      return [host, [first, ...lines].map((line) => line.replace('"desk"', JSON.stringify(host)))];
    }),
  );
}

export interface PublishOptions {
  /** Lines of a block. */
  readonly size?: number;
  readonly signal?: AbortSignal;
  /** A block was taken: when it was begun to be sent, and when the answer came; milliseconds of `performance.now()`. */
  readonly onTaken?: (begun: number, answered: number) => void;
  /** Goes on wherever the hosts are, also once the fleet is split. */
  readonly isMoving?: boolean;
  /** Awaited after each block. */
  readonly pause?: () => Promise<unknown>;
}

const nextLine = ({ seq, headers: head, body }: Last): number =>
  seq === 0 ? 1 : Number(head.get(headers.line)) + (body === '' ? 0 : body.split('\n').length);

/** Publishes a host's lines in blocks, exactly once each, whatever the server does. */
export async function publishAll(
  nc: NatsConnection,
  subjects: Subjects,
  partitions: number,
  lines: ReadonlyMap<string, readonly string[]>,
  { size = 50, signal = new AbortController().signal, onTaken, pause, isMoving = false }: PublishOptions = {},
): Promise<void> {
  const exact = await ExactPublisher.on(nc, subjects.linesStream, signal);
  const moving = isMoving && new MovingPublisher(exact, subjects, await FleetSize.on(nc, subjects), signal);
  const publisher = moving || exact;
  await Promise.all(
    [...lines].map(async ([host, own]) => {
      const subject = subjects.linesOf(host, partitions);
      const last = await publisher.last(subject);
      let { seq } = last;
      // As a gateway goes on: behind what the stream has of the host.
      let line = nextLine(last);
      for (const block of blocksOf(own, size)) {
        const head = { [headers.from]: 'forward', [headers.line]: String(line) };
        const begun = performance.now();
        let published = await publisher.publish({ subject, body: block.join('\n'), headers: head, after: seq });
        // It moves: what is there of it is what was there before.
        while (!published.ok && isMoving && nextLine(published.last) === line)
          published = await publisher.publish({
            subject,
            body: block.join('\n'),
            headers: head,
            after: published.last.seq,
          });
        if (!published.ok) throw new Error(`somebody else published on ${subject}`);
        onTaken?.(begun, performance.now());
        ({ seq } = published);
        line += block.length;
        await pause?.();
      }
    }),
  );
}
