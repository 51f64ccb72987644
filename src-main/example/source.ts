import { join } from 'node:path';

import type { Batch, Checkpoint, SourceLine } from '../contract/batch.ts';
import { readFile } from '../source/read-file.ts';
import { pauseFor } from '../system/pause-for.ts';

/** The parts of the example that ships: two weeks to learn from, and the week after them with attacks. */
export type ExamplePart = 'past' | 'week';

/** @param root the folder that holds data/ and models/: of the checkout, or of the installed program */
export const exampleLog = (root: string, part: ExamplePart): string => join(root, 'data', 'example', `${part}.log.gz`);

/** Where its attacks are. */
export const exampleLabels = (root: string): string => join(root, 'data', 'example', 'labels.jsonl');

export interface ReplayOptions {
  readonly root: string;
  readonly part: ExamplePart;
  /** Simulated seconds in one second; Infinity, the default: as fast as it is taken. */
  readonly speed?: number;
  /** What the engine has committed of it: read on after that. */
  readonly from?: Checkpoint;
  /**
   * Whole days by which all times are moved, so that the example ends about now. Times of day stay where they were; weekdays do not,
   * and nothing that judges asks for them.
   */
  readonly days?: number;
  /** What is later than this is told when its time has come, line by line. Unix seconds; default: nothing is waited for. */
  readonly now?: () => number;
  /** To be called once, when the first such line is met. */
  readonly reached?: () => void;
  readonly signal?: AbortSignal;
}

/** Seconds. */
export const DAY = 86_400;
/** Unix seconds of the example's last midnight: Monday, 11 May 2026. */
export const EXAMPLE_ENDS = Date.UTC(2026, 4, 11) / 1000;

/** Its last attack is over by this time of its last day. Seconds. */
const ATTACKED_UNTIL = 4 * 3600;

/**
 * Days by which the example is to be moved so that its last day is today, or yesterday as long as today's attack would still be to
 * come. @param now Unix seconds
 */
export const daysUntil = (now: number): number => Math.floor((now - ATTACKED_UNTIL - EXAMPLE_ENDS) / DAY) + 1;

/** A clock may be set, and a computer sleep: how far it is is looked at again after this long. Seconds. */
const LOOK_AGAIN = 30;

/**
 * The example as a log that grows: yields batches as `follow` does, each when its time has come. Ends with the log, or
 * with the signal.
 */
export async function* replay(options: ReplayOptions): AsyncGenerator<Batch> {
  const { root, part, speed = Infinity, from, days = 0, now = () => Infinity, signal } = options;
  // What is to come evenly comes in batches of about half a second.
  const maxBatchLines = Math.min(500, Math.ceil(speed / 40));
  const began = performance.now();
  let first: number | undefined;
  let last = from;
  for await (const batch of readFile(exampleLog(root, part), { ...(from && { from }), maxBatchLines })) {
    if (signal?.aborted) return;
    const lines = batch.lines.map((line) => moved(line, days * DAY));
    const time = timeOf(lines.at(-1));
    if (time !== undefined && time > now()) {
      options.reached?.();
      yield* live(options, last, now);
      return;
    }
    first ??= timeOf(lines[0]);
    const early =
      first === undefined || time === undefined ? 0 : ((time - first) / speed) * 1000 - (performance.now() - began);
    if (early > 1) await pauseFor(early, signal);
    if (signal?.aborted) return;
    last = batch.checkpoint;
    yield { ...batch, lines };
  }
  options.reached?.();
}

/** The rest of it, each line when its time has come: from here on it is a log like any other. */
async function* live(
  { root, part, days = 0, signal }: ReplayOptions,
  from: Checkpoint | undefined,
  now: () => number,
): AsyncGenerator<Batch> {
  let offset = from?.offset ?? 0;
  for await (const batch of readFile(exampleLog(root, part), { ...(from && { from }) })) {
    for (const line of batch.lines) {
      offset += Buffer.byteLength(line.text) + 1;
      const own = moved(line, days * DAY);
      const time = timeOf(own) ?? 0;
      while (time > now() && !signal?.aborted) await pauseFor(Math.min(time - now(), LOOK_AGAIN) * 1000, signal);
      if (signal?.aborted) return;
      yield { lines: [own], refused: [], checkpoint: { ...batch.checkpoint, offset, line: line.number } };
    }
  }
}

function timeOf(line: SourceLine | undefined): number | undefined {
  const found = line && /"unixTime":(\d+)/.exec(line.text);
  return found ? Number(found[1]) : undefined;
}

/** Columns that hold a time: as texts, unlike the line's own. */
const times = /"(unixTime|time|start_time|mtime)":("?)(\d{9,10})("?)/g;

function moved(line: SourceLine, seconds: number): SourceLine {
  if (seconds === 0) return line;
  const text = line.text.replace(
    times,
    (_, name: string, open: string, time: string, close: string) =>
      `"${name}":${open}${Number(time) + seconds}${close}`,
  );
  return { ...line, text };
}
