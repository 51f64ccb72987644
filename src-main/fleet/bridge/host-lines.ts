import type { NatsConnection } from '@nats-io/transport-node';

import { blocksOf, readBlock } from '../wire/blocks.ts';
import type { ExactPublisher, Last } from '../wire/exact-publisher.ts';
import { headers } from '../wire/messages.ts';
import { blocksFrom } from '../wire/read-stream.ts';
import { RecentLines, REMEMBERED } from './recent.ts';

/** A line of Fleet's with its place in Fleet's stream. */
export interface SourceLine {
  readonly seq: number;
  readonly text: string;
}

export interface HostTaken {
  readonly published: number;
  /** Lines that Fleet had published before. */
  readonly repeats: number;
}

export interface HostLinesOptions {
  readonly nc: NatsConnection;
  readonly publisher: Pick<ExactPublisher, 'last' | 'publish'>;
  readonly stream: string;
  /** Where the host's lines go, and all subjects on which they have gone. */
  readonly subject: string;
  readonly anywhere: string;
  /** Names Fleet's stream, and which of its lives: sequences of another one mean nothing. */
  readonly source: string;
  readonly signal: AbortSignal;
}

const LOAD_MS = 30_000;

/** Where a host's lines end in the fleet's stream. */
interface End {
  readonly seq: number;
  /** Number of the last line. */
  readonly line: number;
  /** Sequence in Fleet's stream up to which all is in; 0: nothing. */
  readonly upTo: number;
  readonly recent: RecentLines;
  /** Blocks that hold the lines that are remembered, oldest first. */
  readonly window: { readonly seq: number; readonly lines: number }[];
}

/**
 * Publishes one host's lines of Fleet's stream, each once: how far that stream was read stands with the host's last block, so whoever
 * reads it again, after a kill or beside another one, passes over what is in.
 */
export class HostLines {
  readonly #options: HostLinesOptions;
  #end: End | undefined;

  constructor(options: HostLinesOptions) {
    this.#options = options;
  }

  /** @param lines in the order of Fleet's stream @throws the signal's reason: the same lines may come again */
  async take(lines: readonly SourceLine[]): Promise<HostTaken> {
    let [published, repeats] = [0, 0];
    let left = lines;
    try {
      for (;;) {
        const end = (this.#end ??= await this.#load());
        left = left.filter(({ seq }) => seq > end.upTo);
        const [first, ...more] = blocksOf(left.map(({ text }) => text));
        if (first === undefined) return { published, repeats };
        const part = left.slice(0, first.length);
        const fresh = part.filter(({ text }) => !end.recent.isRepeat(text)).map(({ text }) => text);
        const upTo = part.at(-1)!.seq;
        // Nothing of it is new: how far it was read is told with the next block.
        if (fresh.length === 0) {
          this.#end = { ...end, upTo };
          repeats += part.length;
          if (more.length === 0) return { published, repeats };
          continue;
        }
        const next = await this.#publish(end, fresh, upTo);
        // Somebody else was faster: what they published is read, and what is left is published behind it.
        this.#end = next;
        if (!next) continue;
        published += fresh.length;
        repeats += part.length - fresh.length;
      }
    } catch (error) {
      // What was under way may be stored or not: it is read again.
      this.#end = undefined;
      throw error;
    }
  }

  async #publish(end: End, lines: readonly string[], upTo: number): Promise<End | undefined> {
    const { publisher, subject, source, signal } = this.#options;
    const head = {
      [headers.from]: 'bridge',
      [headers.line]: String(end.line + 1),
      [headers.source]: `${upTo} ${source}`,
      [headers.window]: String(end.window[0]?.seq ?? 0),
    };
    const told = { subject, body: lines.join('\n'), headers: head, after: end.seq, signal };
    const answer = await publisher.publish(told);
    if (!answer.ok) return undefined;
    const window = [...end.window, { seq: answer.seq, lines: lines.length }];
    trim(window);
    return { seq: answer.seq, line: end.line + lines.length, upTo, recent: end.recent, window };
  }

  /** What the fleet's stream says of the host: its last block, and the lines that are remembered. */
  async #load(): Promise<End> {
    const { nc, publisher, stream, subject, anywhere, signal } = this.#options;
    const last = await publisher.last(subject, signal);
    const [recent, window] = [new RecentLines(), [] as End['window']];
    if (last.seq === 0) return { seq: 0, line: 0, upTo: 0, recent, window };
    const from = Number(last.headers.get(headers.window)) || last.seq;
    // Not for ever: the last one may just have been too old to stay.
    const until = AbortSignal.any([signal, AbortSignal.timeout(LOAD_MS)]);
    for await (const block of blocksFrom(nc, stream, anywhere, from, until)) {
      const found = readBlock(block);
      if (found.ok) {
        for (const line of found.lines) recent.isRepeat(line);
        window.push({ seq: block.seq, lines: found.lines.length });
      }
      if (block.seq >= last.seq) break;
    }
    signal.throwIfAborted();
    trim(window);
    const first = Number(last.headers.get(headers.line) ?? 1);
    const line = first - 1 + (last.body === '' ? 0 : last.body.split('\n').length);
    return { seq: last.seq, line, upTo: this.#upTo(last), recent, window };
  }

  #upTo({ headers: head }: Last): number {
    const [, upTo, source] = /^(\d{1,15}) (.+)$/.exec(head.get(headers.source) ?? '') ?? [];
    return source === this.#options.source ? Number(upTo) : 0;
  }
}

/** Leaves the fewest blocks that hold all lines that are remembered. */
function trim(window: End['window']): void {
  let lines = window.reduce((sum, block) => sum + block.lines, 0);
  while (window.length > 1 && lines - window[0]!.lines >= REMEMBERED) lines -= window.shift()!.lines;
}
