import * as v from 'valibot';

import type { ExportEvent, Feed } from '../../export/event.ts';
import { pauseFor } from '../../system/pause-for.ts';
import type { ExactPublisher, Last } from '../wire/exact-publisher.ts';
import { FORM, FROM_ALERTS, headers, type ToldMessage } from '../wire/messages.ts';
import type { LeavingRecord } from './record.ts';

export interface ForwardAlertsOptions {
  readonly publisher: Pick<ExactPublisher, 'last' | 'publish'>;
  readonly subject: string;
  /** This machine's alerts. It throws where they cannot be read yet. */
  readonly feed: Feed;
  readonly record: Pick<LeavingRecord, 'sending' | 'sent' | 'place'>;
  readonly signal: AbortSignal;
  readonly onNotice: (text: string) => void;
  /** Unix seconds. */
  readonly now: () => number;
  /** Milliseconds between looks, and between tries where alerts cannot be read. Tests are in a hurry. */
  readonly everyMs?: number;
  readonly retryMs?: number;
}

const EVERY_MS = 1000;
const RETRY_MS = 30_000;
/** Alerts of a block: what a person may look at. */
const MOST_ALERTS = 50;
/** The alarm line: of an alert for which no model says how severe it is. */
const AT_THE_LINE = 50;

/** Behind this place of the feed, which alone can read it. */
const placeSchema = v.strictObject({
  alerts: v.unknown(),
  /** Of the last line that was sent, among all of this host. */
  line: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
type Place = v.InferOutput<typeof placeSchema>;

/**
 * Sends a machine's alerts as they change, from the first start on, each change once: no more of them than a notification may say. Where
 * it goes on stands with the host's last block in the stream.
 */
export async function forwardAlerts(options: ForwardAlertsOptions): Promise<void> {
  const { publisher, subject, record, signal } = options;
  while (!isAborted(signal)) {
    const last = await publisher.last(subject, signal);
    const line = lineIn(last);
    const known = placeIn(last) ?? placeOf(record.place);
    const begin = known === undefined ? await untilRead(options, () => options.feed.begin()) : known.alerts;
    if (isAborted(signal)) return;
    const place: Place = { alerts: begin, line };
    // A first start is written down: what comes from then on is sent, whenever it is started again.
    if (known === undefined) record.sent(0, place);
    await sendFrom(place, last.seq, options);
  }
}

/** Sends until it is told to stop, or somebody else has sent for this host. */
async function sendFrom({ alerts, line }: Place, seq: number, options: ForwardAlertsOptions): Promise<void> {
  const { feed, publisher, subject, record, signal, onNotice, now, everyMs = EVERY_MS } = options;
  let [position, after, sent] = [alerts, seq, line];
  while (!isAborted(signal)) {
    const found = await untilRead(options, () => feed.next(position, MOST_ALERTS));
    if (!found) return;
    const lines = found.events.flatMap((event) => messagesOf(event)).map((message) => JSON.stringify(message));
    if (lines.length === 0) {
      ({ position } = found);
      await pauseFor(everyMs, signal);
      continue;
    }
    const body = lines.join('\n');
    const next: Place = { alerts: found.position, line: sent + lines.length };
    record.sending(body, now());
    const head = {
      [headers.from]: FROM_ALERTS,
      [headers.line]: String(sent + 1),
      [headers.checkpoint]: JSON.stringify(next),
    };
    const published = await publisher.publish({ subject, body, headers: head, after, signal });
    if (!published.ok) {
      onNotice('Another process has sent for this host: it goes on behind that.');
      return;
    }
    record.sent(lines.length, next);
    [position, after, sent] = [found.position, published.seq, next.line];
  }
}

/** Undefined: it was told to stop. */
async function untilRead<T>(
  { signal, onNotice, retryMs = RETRY_MS }: ForwardAlertsOptions,
  read: () => T,
): Promise<T | undefined> {
  for (let told = ''; !isAborted(signal);) {
    try {
      return read();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== told) onNotice(`This machine’s alerts cannot be read: ${why} They are looked for again and again.`);
      told = why;
      await pauseFor(retryMs, signal);
    }
  }
  return undefined;
}

/** An alert as it is told, and what was said of it. */
function messagesOf(event: ExportEvent): ToldMessage[] {
  const { alert, change, user, band, severity, count, firstTime, lastTime, act, verdict, at } = event;
  const incident = Number(alert.slice(alert.lastIndexOf('/') + 1));
  const head = { form: FORM, incident, user: user.slice(0, 300) } as const;
  const answer: ToldMessage[] = verdict === null ? [] : [{ ...head, kind: 'answer', verdict, at }];
  if (change === 'answered') return answer;
  const told = { change, band, severity: severity ?? AT_THE_LINE, count, firstTime, lastTime, act: act.slice(0, 60) };
  return [{ ...head, kind: 'incident', ...told }, ...answer];
}

function lineIn({ seq, headers: head, body }: Last): number {
  if (seq === 0) return 0;
  return (Number(head.get(headers.line)) || 1) - 1 + (body === '' ? 0 : body.split('\n').length);
}

/** Undefined where the host's last block came another way. */
function placeIn({ headers: head }: Last): Place | undefined {
  if (head.get(headers.from) !== FROM_ALERTS) return undefined;
  try {
    return placeOf(JSON.parse(head.get(headers.checkpoint) ?? ''));
  } catch {
    return undefined;
  }
}

function placeOf(value: unknown): Place | undefined {
  const parsed = v.safeParse(placeSchema, value);
  return parsed.success ? parsed.output : undefined;
}

/** Asked again: it changes while something is awaited. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
