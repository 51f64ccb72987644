import type { ExactPublisher, Last, Published, Publishing } from './exact-publisher.ts';
import { headers } from './messages.ts';
import type { FleetSize } from './size.ts';
import { hostOf, lastToken, type Subjects } from './subjects.ts';

/** Where a host's lines go now. */
interface Place {
  readonly subject: string;
  /** Sequence of the mark on an earlier subject that stands for the end of this one, on which there is nothing yet. */
  readonly mark: number | undefined;
}

/** What a publisher goes on from: it stands with a host's last block, so a mark has to repeat it. */
const CARRIED = [headers.from, headers.post, headers.checkpoint, headers.source];

/** How many partitions there are where the host's lines go on; undefined: they go on here. */
export function movedTo({ headers: head }: Last): number | undefined {
  const text = head.get(headers.moved);
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

/**
 * A block without lines behind a host's last one: its lines go on in another partition. Whoever has not heard of that is refused by the
 * server, for this is now the subject's last block.
 */
export function markAfter(subject: string, { seq, headers: head, body }: Last, to: number): Publishing {
  const line = Number(head.get(headers.line) ?? 1) + (body === '' ? 0 : body.split('\n').length);
  const carried = CARRIED.flatMap((name) => {
    const value = head.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  // What a bridge remembers of a host begins with the host's first block, where that one is its last.
  const window = String(Number(head.get(headers.window)) || seq);
  const own = { [headers.line]: String(line), [headers.window]: window, [headers.moved]: String(to) };
  return { subject, body: '', headers: { ...Object.fromEntries(carried), ...own }, after: seq };
}

/**
 * Publishes a host's lines where they go, also once the fleet has been split: what its last block was and what comes after it is the
 * same to whoever publishes, whatever partition it is in.
 */
export class MovingPublisher implements Pick<ExactPublisher, 'last' | 'publish'> {
  readonly #publisher: Pick<ExactPublisher, 'last' | 'publish'>;
  readonly #subjects: Subjects;
  readonly #size: FleetSize;
  readonly #signal: AbortSignal;
  readonly #places = new Map<string, Place>();

  constructor(
    publisher: Pick<ExactPublisher, 'last' | 'publish'>,
    subjects: Subjects,
    size: FleetSize,
    signal: AbortSignal,
  ) {
    this.#publisher = publisher;
    this.#subjects = subjects;
    this.#size = size;
    this.#signal = signal;
  }

  /** @param subject of any partition: the host counts */
  async last(subject: string, own?: AbortSignal): Promise<Last> {
    const token = lastToken(subject);
    const host = hostOf(token);
    if (host === undefined) return this.#publisher.last(subject, own);
    const signal = own ? AbortSignal.any([this.#signal, own]) : this.#signal;
    for (;;) {
      const now = this.#subjects.linesOf(host, this.#size.partitions);
      const last = await this.#publisher.last(now, signal);
      const moved = movedTo(last);
      if (moved !== undefined) await this.#size.until(moved, signal);
      else if (last.seq > 0) {
        this.#places.set(token, { subject: now, mark: undefined });
        return last;
      } else if (await this.#isWhereItWas(host, now, signal)) {
        const found = await this.#before(host, now, signal);
        if (found === 'again') continue;
        this.#places.set(token, { subject: now, mark: found?.seq });
        return found ?? last;
      }
    }
  }

  async publish({ subject, after, ...more }: Publishing): Promise<Published> {
    const token = lastToken(subject);
    if (!this.#places.has(token)) await this.last(subject, more.signal);
    const { subject: now, mark } = this.#places.get(token) ?? { subject, mark: undefined };
    const published = await this.#publisher.publish({ ...more, subject: now, after: after === mark ? 0 : after });
    if (published.ok) {
      if (mark !== undefined) this.#places.set(token, { subject: now, mark: undefined });
      return published;
    }
    const isHere = published.last.seq > 0 && movedTo(published.last) === undefined;
    return isHere ? published : { ok: false, last: await this.last(subject, more.signal) };
  }

  /** Of a host without a block it is asked again how many partitions there are: no mark would tell. */
  async #isWhereItWas(host: string, subject: string, signal: AbortSignal): Promise<boolean> {
    const { partitions, to } = await this.#size.look(signal);
    if (to !== undefined && this.#subjects.linesOf(host, to) !== subject) await this.#size.until(to, signal);
    return this.#subjects.linesOf(host, partitions) === subject && this.#size.partitions === partitions;
  }

  /** The mark where its lines ended before a split; undefined: it had none. */
  async #before(host: string, now: string, signal: AbortSignal): Promise<Last | 'again' | undefined> {
    const { partitions, made } = this.#size;
    for (let count = partitions / 2; count >= made; count /= 2) {
      const subject = this.#subjects.linesOf(host, count);
      if (subject === now) continue;
      const last = await this.#publisher.last(subject, signal);
      if (last.seq === 0) continue;
      if (movedTo(last) !== undefined) return last;
      // Somebody who had not heard of the split published there, at the moment of it: they go on here.
      await this.#publisher.publish({ ...markAfter(subject, last, partitions), signal });
      return 'again';
    }
    return undefined;
  }
}
