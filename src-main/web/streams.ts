import type { ServerResponse } from 'node:http';

import type { Events } from '../contract/contract.ts';
import { visibleJson } from '../contract/visible-text.ts';
import { HEADERS } from './guard.ts';

/** Pages that are told of events, at most. */
const MOST = 16;
/** A page that reads so slowly is let go; it comes again and asks again. */
const MOST_UNREAD = 1024 * 1024;
/** Something must be heard so often: else a page cannot tell quiet from dead. */
const BEAT_MS = 15_000;

/** Pages that are open, as streams of events (text/event-stream). */
export class Streams {
  readonly #open = new Set<ServerResponse>();
  readonly #timer = setInterval(() => {
    this.#write(': still here\n\n');
  }, BEAT_MS).unref();

  get size(): number {
    return this.#open.size;
  }

  /** @returns whether there was room */
  add(response: ServerResponse): boolean {
    if (this.#open.size >= MOST) return false;
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    response.write(': welcome\n\n');
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
    return true;
  }

  send<K extends keyof Events>(event: K, value: Events[K]): void {
    this.#write(`data: ${visibleJson({ event, value })}\n\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const response of this.#open) response.end();
    // Whatever happens while the program ends, there is nobody left to be told.
    this.#open.clear();
  }

  #write(text: string): void {
    for (const response of this.#open) {
      if (response.writableLength > MOST_UNREAD) response.destroy();
      else response.write(text);
    }
  }
}
