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
  /** Whole weeks by which all times are moved, so that the example ends about now and weekdays and hours stay. */
  readonly weeks?: number;
  readonly signal?: AbortSignal;
}

/** Seconds. */
export const WEEK = 7 * 86_400;
/** Unix seconds of the example's last midnight: Monday, 11 May 2026. */
export const EXAMPLE_ENDS = Date.UTC(2026, 4, 11) / 1000;

/** Weeks by which the example is to be moved to lie in the last days. @param now Unix seconds */
export const weeksUntil = (now: number): number => Math.floor((now - EXAMPLE_ENDS) / WEEK);

/**
 * The example as a log that grows: yields batches as `follow` does, each when its time has come. Ends with the log, or
 * with the signal.
 */
export async function* replay(options: ReplayOptions): AsyncGenerator<Batch> {
  const { root, part, speed = Infinity, from, weeks = 0, signal } = options;
  // What is to come evenly comes in batches of about half a second.
  const maxBatchLines = Math.min(500, Math.ceil(speed / 40));
  const began = performance.now();
  let first: number | undefined;
  for await (const batch of readFile(exampleLog(root, part), { ...(from && { from }), maxBatchLines })) {
    if (signal?.aborted) return;
    const lines = batch.lines.map((line) => moved(line, weeks * WEEK));
    const time = timeOf(lines.at(-1));
    first ??= timeOf(lines[0]);
    const early =
      first === undefined || time === undefined ? 0 : ((time - first) / speed) * 1000 - (performance.now() - began);
    if (early > 1) await pauseFor(early, signal);
    if (signal?.aborted) return;
    yield { ...batch, lines };
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
