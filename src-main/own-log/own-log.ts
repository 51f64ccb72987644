import { join } from 'node:path';

import { fieldsOf, kinds, type LogEvent, type Writer } from '../contract/log-events.ts';
import { failureOf } from './events-of.ts';
import { appendLines, BOUNDS, type Bounds } from './rotating-file.ts';

/** In the state folder. */
export const FILE = 'ubad.log';
/** What comes again within this time is counted instead of written. */
const BURST_MS = 60_000;
const MOST_BURSTS = 200;
/** While nothing can be written: of what comes, the first. */
const MOST_WAITING = 50;

export interface OwnLogOptions {
  /** The state folder; absolute. */
  readonly folder: string;
  readonly from: Writer;
  /** Unix milliseconds. */
  readonly now?: () => number;
  readonly bounds?: Bounds;
}

interface Burst {
  readonly since: number;
  /** Not written yet. */
  more: number;
  last: LogEvent;
}

/**
 * What the program tells of itself, as JSON lines in the state folder. Only what contract/log-events.ts lists gets in. It never
 * throws and never waits: a log that cannot be written is nobody's problem, and how many entries are missing is written later.
 */
export class OwnLog {
  readonly #path: string;
  readonly #from: Writer;
  readonly #now: () => number;
  readonly #bounds: Bounds;
  /** By kind and words. */
  readonly #bursts = new Map<string, Burst>();
  #waiting: string[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ folder, from, now = Date.now, bounds = BOUNDS }: OwnLogOptions) {
    this.#path = join(folder, FILE);
    this.#from = from;
    this.#now = now;
    this.#bounds = bounds;
  }

  logEvent(logEvent: LogEvent): void {
    this.#tellBursts(false);
    const key = keyOf(logEvent);
    const burst = this.#bursts.get(key);
    if (burst) {
      burst.more++;
      burst.last = logEvent;
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#tellBursts(false);
      }, BURST_MS).unref();
      return;
    }
    // Whatever comes, what is remembered is little.
    if (this.#bursts.size >= MOST_BURSTS) this.#tellBursts(true);
    this.#bursts.set(key, { since: this.#now(), more: 0, last: logEvent });
    this.#write(logEvent, 1);
  }

  /** A bug, or what nobody foresaw. */
  failed(error: unknown): void {
    this.logEvent({ what: 'failed', ...failureOf(error) });
  }

  /** What was only counted is written. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tellBursts(true);
  }

  /** @param all also those that go on */
  #tellBursts(all: boolean): void {
    const now = this.#now();
    for (const [key, { since, more, last }] of this.#bursts) {
      // A clock that was put back ends it too.
      if (!all && now >= since && now < since + BURST_MS) continue;
      this.#bursts.delete(key);
      if (more > 0) this.#write(last, more);
    }
  }

  #write(logEvent: LogEvent, times: number): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push(this.#lineOf(logEvent, times));
    else this.#dropped++;
    const dropped = this.#dropped > 0 ? this.#lineOf({ what: 'not-written', entries: this.#dropped }, 1) : '';
    try {
      appendLines(this.#path, `${this.#waiting.join('')}${dropped}`, this.#bounds);
      this.#waiting = [];
      this.#dropped = 0;
    } catch {
      // Kept, and tried again with the next entry.
    }
  }

  #lineOf(logEvent: LogEvent, times: number): string {
    const { what } = logEvent;
    const head = { at: new Date(this.#now()).toISOString(), level: kinds[what][0], from: this.#from, pid: process.pid };
    return `${JSON.stringify({ ...head, what, ...fieldsOf({ ...logEvent }), ...(times > 1 && { times }) })}\n`;
  }
}

/** Kind and words: entries that differ in numbers alone are alike. */
const keyOf = (logEvent: LogEvent): string =>
  [logEvent.what, ...Object.values(fieldsOf({ ...logEvent }) ?? {}).filter((value) => typeof value === 'string')].join(
    ' ',
  );
