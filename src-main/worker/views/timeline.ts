import type { Hours, Known, Lane, SearchPage, Series, Spans } from '../../contract/timeline.ts';
import { foundOf } from '../../engine/find/entity.ts';
import { gapsIn } from '../../engine/gaps.ts';
import { severityOf } from '../../engine/judge.ts';
import { alertThresholdOf, thresholdsNow } from '../../engine/thresholds.ts';
import type { LaneCount } from '../../engine/store/summaries.ts';
import { knownOf } from '../../engine/narrative/known.ts';
import { SLOT, usualHours } from '../../engine/narrative/usual-hours.ts';
import type { Band } from '../../contract/alerts.ts';
import type { View } from './view.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Lengths of a bucket, seconds: round ones, so that they lie on the clock's own marks. */
const WIDTHS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 28].map((days) => days * DAY),
];
/** Days of which the usual hours are told. */
const HOURS_OF = 90;
const MOST_INCIDENTS = 500;

/** The shortest round length, seconds, of which no more than `buckets` cover the stretch. @param buckets at least 2 */
export function widthFor(from: number, to: number, buckets: number): number {
  const fits = (width: number): boolean => Math.ceil(to / width) - Math.floor(from / width) <= buckets;
  // Longer than all of them: as long as it must be, one bucket being lost to the start that is not on a mark.
  return WIDTHS.find(fits) ?? Math.ceil((to - from) / (buckets - 1) / (28 * DAY)) * 28 * DAY;
}

export function seriesOf(
  { store, options, subjectOf }: View,
  { user, from, to, buckets, kinds }: { user: string; from: number; to: number; buckets: number; kinds?: string[] },
): Series {
  const { id } = subjectOf(user);
  const width = widthFor(from, to, buckets);
  const start = Math.floor(from / width) * width;
  const counts = store.summaries.lanes(id, from, to, { start, width });
  const alarm = thresholdsNow(store, options, id)?.alarm ?? null;
  const line = alertThresholdOf(store, options, id);
  const found = store.incidents.list({ subjectId: id, since: from, before: to, limit: MOST_INCIDENTS });
  const incidents = found.map(({ id: incident, firstTime, lastTime, band, peak, verdict, state }) => ({
    id: incident,
    from: firstTime,
    to: lastTime,
    band: band as Band,
    verdict,
    state,
    severity: line === undefined ? null : severityOf(peak, line),
  }));
  const lanes = lanesOf(counts, (query) => options.pack.learning.get(query)?.label ?? query.replaceAll('_', ' '));
  return {
    start,
    bucketSeconds: width,
    alarm,
    incidents: incidents.reverse(),
    lanes: kinds ? lanes.filter(({ kind }) => kinds.includes(kind)) : lanes,
    scores: store.summaries.peaks(id, from, to, { start, width }),
  };
}

function lanesOf(counts: readonly LaneCount[], labelOf: (query: string) => string): Lane[] {
  const lanes = new Map<string, { total: number; marks: Lane['marks'][number][] }>();
  for (const { query, bucket, count, first, last } of counts) {
    const lane = lanes.get(query) ?? { total: 0, marks: [] };
    lane.total += count;
    lane.marks.push({ bucket, count, first, last });
    lanes.set(query, lane);
  }
  return [...lanes]
    .map(([kind, lane]) => ({ kind, label: kind === '' ? 'Other' : labelOf(kind), ...lane }))
    .sort((a, b) => b.total - a.total || (a.kind < b.kind ? -1 : 1));
}

export function spansOf({ store, options }: View, { from, to }: { from: number; to: number }): Spans {
  return {
    ...gapsIn(store, from, to, options.now()),
    pauses: store.pauses.within(from, to),
    losses: store.losses.list().filter(({ at }) => at >= from && at < to),
  };
}

export function hoursOf({ store, options, subjectOf }: View, user: string): Hours {
  const { id, lastSeen } = subjectOf(user);
  // Of who was not seen lately, what was usual then.
  const until = Math.min(options.now(), lastSeen + 1);
  return usualHours(store.summaries.slots(id, until - HOURS_OF * DAY, until, SLOT));
}

export const knownIn = ({ store, options, subjectOf }: View, user: string): Known =>
  knownOf({ store, learning: options.pack.learning }, subjectOf(user).id);

export function searchIn(
  { store, options, subjectOf }: View,
  asked: { user?: string; text: string; from?: number; to?: number; limit: number; before?: number },
): SearchPage {
  const { user, text, from = -Infinity, to = Infinity, limit, before = Number.MAX_SAFE_INTEGER } = asked;
  const { learning } = options.pack;
  const wanted = text.toLowerCase();
  const queries = [...learning.values()]
    .filter(({ query, label }) => query.includes(wanted) || label.toLowerCase().includes(wanted))
    .map(({ query }) => query);
  const subjectId = user === undefined ? null : subjectOf(user).id;
  const { rows, next } = store.actions.search({ subjectId, text, queries, from, to, before, limit });
  return {
    rows: rows.map((entry) => foundOf({ store, learning }, entry)),
    next,
  };
}
