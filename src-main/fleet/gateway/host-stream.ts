import type { ExactPublisher, Last } from '../wire/exact-publisher.ts';
import { blocksOf, lineHash } from '../wire/blocks.ts';
import { headers } from '../wire/messages.ts';
import { knownOf } from './overlap.ts';

const HASH_LENGTH = 8;

/** Where a host's lines end in the stream. */
interface End {
  readonly seq: number;
  /** Number of the last line. */
  readonly line: number;
  /** Hashes of the POST that was published last, as far as it was. */
  readonly post: readonly string[];
}

export interface Taken {
  readonly published: number;
  /** Lines that were published before: osquery sent them again. */
  readonly known: number;
}

/** Publishes one host's POSTs, each line once, whoever else publishes for the host and whatever answer is lost. */
export class HostStream {
  readonly #publisher: Pick<ExactPublisher, 'last' | 'publish'>;
  readonly #subject: string;
  #end: End | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(publisher: Pick<ExactPublisher, 'last' | 'publish'>, subject: string) {
    this.#publisher = publisher;
    this.#subject = subject;
  }

  /**
   * Publishes what of a POST is new; one POST after the other.
   * @returns once all of it is in the stream
   * @throws the signal's reason when it takes too long: the same POST may come again
   */
  take(lines: readonly string[], signal: AbortSignal): Promise<Taken> {
    const taken = this.#turn.then(() => this.#take(lines, signal));
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  async #take(lines: readonly string[], signal: AbortSignal): Promise<Taken> {
    const hashes = lines.map(lineHash);
    let published = 0;
    try {
      for (;;) {
        const end = (this.#end ??= endOf(await this.#publisher.last(this.#subject, signal)));
        const known = knownOf(end.post, hashes);
        const [block] = blocksOf(lines.slice(known));
        if (block === undefined) return { published, known: lines.length - published };
        const upTo = known + block.length;
        const post = hashes.slice(0, upTo);
        const line = end.line + 1;
        const head = { [headers.from]: 'gateway', [headers.line]: String(line), [headers.post]: post.join('') };
        const told = { subject: this.#subject, body: block.join('\n'), headers: head, after: end.seq, signal };
        const answer = await this.#publisher.publish(told);
        if (answer.ok) {
          this.#end = { seq: answer.seq, line: end.line + block.length, post };
          published += block.length;
        } else this.#end = endOf(answer.last);
      }
    } catch (error) {
      // What was under way may be stored or not: it is read again.
      this.#end = undefined;
      throw error;
    }
  }
}

function endOf({ seq, headers: head, body }: Last): End {
  if (seq === 0) return { seq, line: 0, post: [] };
  const first = Number(head.get(headers.line) ?? 1);
  const post = head.get(headers.post) ?? '';
  const hashes = Array.from({ length: Math.floor(post.length / HASH_LENGTH) }, (_, h) =>
    post.slice(h * HASH_LENGTH, (h + 1) * HASH_LENGTH),
  );
  return { seq, line: first - 1 + (body === '' ? 0 : body.split('\n').length), post: hashes };
}
