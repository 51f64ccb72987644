import type { NatsConnection } from '@nats-io/transport-node';

import type { Hosts } from '../gateway/hosts.ts';
import { isHostName } from '../gateway/keys.ts';
import { fitsInBlock } from '../wire/blocks.ts';
import type { ExactPublisher } from '../wire/exact-publisher.ts';
import { blocksFrom, type Incoming } from '../wire/read-stream.ts';
import { tokenOf, type Subjects } from '../wire/subjects.ts';
import { HostLines, type SourceLine } from './host-lines.ts';
import type { Position } from './position.ts';

export interface BridgeOptions {
  readonly nc: NatsConnection;
  readonly publisher: Pick<ExactPublisher, 'last' | 'publish'>;
  readonly hosts: Pick<Hosts, 'heard' | 'stateOf'>;
  readonly position: Pick<Position, 'seq' | 'source' | 'keep'>;
  /** Fleet's stream, and what it publishes on. */
  readonly stream: string;
  readonly subject: string;
  /** Fleet's stream holds nothing else. */
  readonly isAlone: boolean;
  readonly subjects: Subjects;
  readonly partitions: number;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
}

/** What a bridge has read since it was started. */
export interface BridgeCounts {
  /** Lines that were put into the fleet's stream. */
  readonly lines: number;
  /** Lines that Fleet had published before. */
  readonly repeats: number;
  /** Messages that are no result of a host. */
  readonly refused: number;
  /** Lines of hosts that were revoked. */
  readonly revoked: number;
  /** Messages that were gone from Fleet's stream before they were read. */
  readonly lost: number;
  /** Messages that wait there. */
  readonly waiting: number;
}

/** Messages that are taken together. */
const MOST_AT_ONCE = 2000;
/** Messages that are on their way at once: one holds a line. */
const AHEAD = 2000;
/** Hosts that are published for at once. */
const HOSTS_AT_ONCE = 32;
/** Hosts whose last lines are remembered, about 1 GB: whoever was heard of longest ago is read again when needed. */
const MOST_HOSTS = 30_000;

/** Brings what Fleet publishes into a fleet's stream: lines of a host together, in order, each once. */
export class Bridge {
  readonly #options: BridgeOptions;
  readonly #hosts = new Map<string, HostLines>();
  readonly #counts = { lines: 0, repeats: 0, refused: 0, revoked: 0, lost: 0, waiting: 0 };

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  get counts(): BridgeCounts {
    return { ...this.#counts };
  }

  /** Reads until it is told to stop. */
  async run(): Promise<void> {
    const { nc, stream, subject, position, signal } = this.#options;
    let batch: Incoming[] = [];
    let next = position.seq + 1;
    for await (const message of blocksFrom(nc, stream, subject, next, signal, AHEAD)) {
      this.#see(message, next);
      next = message.seq + 1;
      batch.push(message);
      // More is on its way: it may as well be published with it.
      if (message.waiting > 0 && batch.length < MOST_AT_ONCE) continue;
      await this.#take(batch);
      batch = [];
    }
  }

  #see({ seq, waiting }: Incoming, next: number): void {
    this.#counts.waiting = waiting;
    const gone = seq - next;
    // Where the stream holds other subjects too, its sequences have gaps by themselves.
    if (gone <= 0 || !this.#options.isAlone) return;
    this.#counts.lost += gone;
    this.#options.onNotice(`${gone} messages of ${this.#options.stream} were gone before they were read.`);
  }

  async #take(batch: readonly Incoming[]): Promise<void> {
    const byHost = new Map<string, SourceLine[]>();
    for (const { seq, body } of batch) {
      const found = lineIn(body);
      if (!found) {
        this.#counts.refused++;
        continue;
      }
      const own = byHost.get(found.host) ?? [];
      byHost.set(found.host, own);
      own.push({ seq, text: found.text });
    }
    const left = [...byHost];
    const publish = async (): Promise<void> => {
      for (let next = left.pop(); next; next = left.pop()) await this.#publish(...next);
    };
    await Promise.all(Array.from({ length: HOSTS_AT_ONCE }, publish));
    const { seq, time } = batch.at(-1)!;
    await this.#options.position.keep(seq, time);
  }

  async #publish(host: string, lines: readonly SourceLine[]): Promise<void> {
    const { hosts } = this.#options;
    // Most never enrolled here: each is asked for once, and later changes are heard of.
    const state = hosts.heard(host) ?? (this.#hosts.has(host) ? undefined : await hosts.stateOf(host));
    if (state === 'revoked') {
      this.#counts.revoked += lines.length;
      return;
    }
    const { published, repeats } = await this.#linesOf(host).take(lines);
    this.#counts.lines += published;
    this.#counts.repeats += repeats;
  }

  #linesOf(host: string): HostLines {
    const { nc, publisher, subjects, partitions, position, signal } = this.#options;
    const known =
      this.#hosts.get(host) ??
      new HostLines({
        nc,
        publisher,
        stream: subjects.linesStream,
        subject: subjects.linesOf(host, partitions),
        anywhere: subjects.linesAnywhere(tokenOf(host)),
        source: position.source,
        signal,
      });
    // The last in the map is whoever was heard of last.
    this.#hosts.delete(host);
    this.#hosts.set(host, known);
    if (this.#hosts.size > MOST_HOSTS) this.#hosts.delete(this.#hosts.keys().next().value!);
    return known;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A result of osquery's as Fleet publishes it, and whose it is; undefined for anything else. */
function lineIn(body: Uint8Array): { readonly host: string; readonly text: string } | undefined {
  try {
    const text = utf8.decode(body);
    const value: unknown = JSON.parse(text);
    const { hostIdentifier: host, name } = (value ?? {}) as Record<string, unknown>;
    if (!isHostName(host) || typeof name !== 'string') return undefined;
    // A line of the stream is one line.
    const line = /[\r\n]/.test(text) ? JSON.stringify(value) : text;
    return fitsInBlock(line) ? { host, text: line } : undefined;
  } catch {
    return undefined;
  }
}
