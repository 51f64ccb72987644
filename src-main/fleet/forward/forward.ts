import * as v from 'valibot';

import { checkpointSchema, type Batch } from '../../contract/batch.ts';
import type { FollowOptions, follow } from '../../source/follow.ts';
import { blocksOf, fitsInBlock } from '../wire/blocks.ts';
import type { ExactPublisher, Last } from '../wire/exact-publisher.ts';
import { headers } from '../wire/messages.ts';
import type { LeavingRecord } from './record.ts';

export interface ForwardOptions {
  readonly publisher: Pick<ExactPublisher, 'last' | 'publish'>;
  readonly subject: string;
  readonly log: string;
  readonly read: typeof follow;
  /** What may leave of a line: none or more. */
  readonly masked: (text: string) => readonly string[];
  readonly record: Pick<LeavingRecord, 'sending' | 'sent' | 'leftOut' | 'place'>;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  readonly onState?: FollowOptions['onState'];
  /** Unix seconds. */
  readonly now: () => number;
}

/** Lines of a block: what a person may look at. */
const MOST_LINES = 200;

/** Behind this place of the log, and behind this many lines that would be sent. */
const placeSchema = v.strictObject({
  checkpoint: v.nullable(checkpointSchema),
  skip: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Of the last line that was sent, among all of this host. */
  line: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
type Place = v.InferOutput<typeof placeSchema>;

const BEGINNING: Place = { checkpoint: null, skip: 0, line: 0 };

/**
 * Sends a host's log, each line once. Where it goes on stands with the host's last block in the stream, so that another process, or one
 * whose disk was lost, goes on there too.
 */
export async function forwardLog(options: ForwardOptions): Promise<void> {
  const { publisher, subject, signal } = options;
  while (!isAborted(signal)) {
    const last = await publisher.last(subject, signal);
    const place = placeIn(last, options) ?? BEGINNING;
    await sendFrom(place, last.seq, options);
  }
}

/** Sends until it is told to stop, or somebody else has sent for this host. */
async function sendFrom(place: Place, seq: number, options: ForwardOptions): Promise<void> {
  const { log, read, masked, record, signal, onNotice, onState } = options;
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  let [{ skip, line }, after, begun] = [place, seq, place.checkpoint];
  try {
    const from = place.checkpoint === null ? {} : { from: place.checkpoint };
    const following = { startAt: 'beginning', signal: until, onGap: onNotice, maxBatchLines: 500 } as const;
    for await (const batch of read(log, { ...following, ...from, ...(onState && { onState }) })) {
      const lines = outgoing(batch, masked, record);
      let done = Math.min(skip, lines.length);
      skip -= done;
      const blocks = [...blocksOf(lines.slice(done), MOST_LINES)];
      for (const [at, block] of blocks.entries()) {
        done += block.length;
        const isLast = at === blocks.length - 1;
        const next: Place = {
          checkpoint: isLast ? batch.checkpoint : begun,
          skip: isLast ? 0 : done,
          line: line + block.length,
        };
        const published = await publishOne(block, line + 1, next, after, options);
        if (published === undefined) return;
        after = published;
        ({ line } = next);
        record.sent(block.length, next);
      }
      begun = batch.checkpoint;
    }
  } finally {
    ending.abort();
  }
}

/** @returns its sequence; undefined where somebody else has sent for this host */
async function publishOne(
  block: readonly string[],
  first: number,
  next: Place,
  after: number,
  { publisher, subject, record, signal, now, onNotice }: ForwardOptions,
): Promise<number | undefined> {
  const body = block.join('\n');
  record.sending(body, now());
  const head = {
    [headers.from]: 'forward',
    [headers.line]: String(first),
    [headers.checkpoint]: JSON.stringify(next),
  };
  const published = await publisher.publish({ subject, body, headers: head, after, signal });
  if (published.ok) return published.seq;
  onNotice('Another process has sent lines of this host: it goes on behind them.');
  return undefined;
}

/** Counts what is left out. */
function outgoing(
  { lines, refused }: Batch,
  masked: ForwardOptions['masked'],
  record: ForwardOptions['record'],
): readonly string[] {
  let leftOut = refused.length;
  const sent = lines.flatMap(({ text }) => {
    if (text === '') return [];
    const own = masked(text).filter((one) => fitsInBlock(one));
    if (own.length === 0) leftOut++;
    return own;
  });
  record.leftOut(leftOut);
  return sent;
}

/** The stream's word counts; it has none where the host's last block was too old to stay. */
function placeIn({ seq, headers: head, body }: Last, { record, log, onNotice }: ForwardOptions): Place | undefined {
  if (seq === 0) return placeOf(record.place, log);
  const text = head.get(headers.checkpoint);
  const place = text === undefined ? undefined : placeOf(jsonOf(text), log);
  if (place) return place;
  const line = (Number(head.get(headers.line)) || 1) - 1 + (body === '' ? 0 : body.split('\n').length);
  onNotice('The last lines of this host came another way: this log is sent from its beginning.');
  return { ...BEGINNING, line };
}

function placeOf(value: unknown, log: string): Place | undefined {
  const parsed = v.safeParse(placeSchema, value);
  if (!parsed.success) return undefined;
  const { checkpoint } = parsed.output;
  return checkpoint === null || checkpoint.path === log ? parsed.output : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Asked again: it changes while something is awaited. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
