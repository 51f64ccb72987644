import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { writeWhole } from '../system/whole-file.ts';
import { pauseFor } from '../system/pause-for.ts';
import type { ExportEvent, Feed } from './event.ts';

export interface Sender {
  /** Events that it sends at once: when one of them is not taken, all are sent again. */
  readonly most: number;
  /** In order. @throws Error when not all of them were taken: the same are given again */
  readonly send: (events: readonly ExportEvent[], signal: AbortSignal) => Promise<void>;
}

export interface SendingOptions {
  /** Of the target: its position is kept by it. */
  readonly name: string;
  readonly feed: Feed;
  readonly sender: Sender;
  /** The folder of positions. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** Milliseconds between looks for something new, and before the first retry. Tests are in a hurry. */
  readonly everyMs?: number;
  readonly retryMs?: number;
}

const EVERY_MS = 1000;
const RETRY_MS = 1000;
const MOST_RETRY_MS = 3_600_000;

/**
 * Sends what a feed has to one target until it is told to stop: each event at least once and in order, for the position is kept
 * after they were taken. The first start begins with the present. What is not taken is sent again after 1 s, then twice as long each
 * time, at most an hour.
 */
export async function sendAll(options: SendingOptions): Promise<void> {
  const { name, feed, sender, folder, signal, onNotice, everyMs = EVERY_MS, retryMs = RETRY_MS } = options;
  const file = fileOf(folder, name);
  const known = positionOf(folder, name);
  let position = known === 'missing' ? feed.begin() : known;
  if (known === 'missing') writeWhole(file, JSON.stringify(position));
  if (known === 'damaged') onNotice(`${file} is damaged: all alerts that are kept are sent to ${name} again.`);
  for (let wait = retryMs; !signal.aborted;) {
    try {
      const { events, position: after } = feed.next(position, sender.most);
      if (events.length > 0) await sender.send(events, signal);
      if (JSON.stringify(after) !== JSON.stringify(position)) writeWhole(file, JSON.stringify(after));
      position = after;
      wait = retryMs;
      if (events.length === 0) await pauseFor(everyMs, signal);
    } catch (error) {
      if (isAborted(signal)) return;
      const why = error instanceof Error ? error.message : String(error);
      onNotice(`Alerts were not sent to ${name}: ${why}. They are sent again in ${seconds(wait)} s.`);
      await pauseFor(wait, signal);
      wait = Math.min(2 * wait, MOST_RETRY_MS);
    }
  }
}

/** Asked again: it changes while something is awaited. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

const seconds = (ms: number): string => String(Math.round(ms / 100) / 10);

const fileOf = (folder: string, name: string): string => join(folder, `export-${name}.json`);

/**
 * How far a target was sent what there is: a position of its feed, 'missing' before its first start, or 'damaged', which is none of any feed:
 * it then begins with all that it has. @throws Error where the file is there and cannot be read
 */
export function positionOf(folder: string, name: string): unknown {
  let text: string;
  try {
    text = readFileSync(fileOf(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw error;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return 'damaged';
  }
}
