import type { Overview, OverviewUser } from '../../contract/timeline.ts';
import { logHealth } from '../../engine/reading/log-health.ts';
import { thresholdsNow } from '../../engine/thresholds.ts';
import type { Subject } from '../../engine/store/subjects.ts';
import { userStatus } from './status.ts';
import type { View } from './view.ts';

const HALF_HOUR = 1800;
const HALF_HOURS = 48;
const DAYS = 14;

/** Local midnight this many days before a time, Unix seconds: by the calendar, as days are not all 24 hours long. */
function midnight(time: number, daysBefore = 0): number {
  const date = new Date(time * 1000);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBefore).getTime() / 1000;
}

/** All that the Overview paints. */
export function overviewOf(view: View): Overview {
  const { store, options, lastLine } = view;
  const at = options.now();
  const today = midnight(at);
  const subjects = store.subjects.list().sort((a, b) => b.lastSeen - a.lastSeen);
  const users = subjects.map((subject) => userOf(view, subject, at));
  const made = subjects.flatMap(({ id }) => store.versions.active(id, options.algorithm)?.createdAt ?? []);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  return {
    at,
    users,
    totals: {
      actions: sum(subjects.map(({ stored }) => stored)),
      actionsToday: sum(users.map(({ daily }) => daily.at(-1)!)),
      openAlerts: sum(users.map(({ openAlerts }) => openAlerts)),
      alertsToday: sum(subjects.map(({ id }) => store.incidents.countSince(id, today))),
      since: subjects.length === 0 ? null : Math.min(...subjects.map(({ firstSeen }) => firstSeen)),
    },
    health: {
      lastLine,
      refused: sum(store.refusals.counts().map(({ count }) => count)),
      logs: logHealth(store).filter(({ refused, odd }) => refused.length > 0 || Object.keys(odd).length > 0),
      lost: sum(store.losses.list().map(({ count }) => count)),
      oldestModel: made.length === 0 ? null : Math.min(...made),
      newestModel: made.length === 0 ? null : Math.max(...made),
      databaseBytes: store.sizes().databaseBytes,
      memoryBytes: process.memoryUsage.rss(),
    },
  };
}

function userOf(view: View, subject: Subject, at: number): OverviewUser {
  const { store, options } = view;
  const { id, firstSeen } = subject;
  const days = Array.from({ length: DAYS + 1 }, (_, d) => midnight(at, DAYS - 1 - d));
  const start = midnight(at);
  const buckets = { start, width: HALF_HOUR };
  const half = Array.from({ length: HALF_HOURS }, () => ({ actions: 0, peak: null as number | null, alert: false }));
  // The day on which clocks go back has two hours more than the strip: they are its last.
  const place = (bucket: number) => half[Math.min(bucket, HALF_HOURS - 1)]!;
  const end = days.at(-1)!;
  for (const { bucket, count } of store.summaries.lanes(id, start, end, buckets)) place(bucket).actions += count;
  for (const { bucket, peak, incident } of store.summaries.peaks(id, start, end, buckets)) {
    const one = place(bucket);
    one.peak = Math.max(one.peak ?? -Infinity, peak);
    one.alert ||= incident !== null;
  }
  return {
    ...userStatus(view, subject),
    firstSeen,
    today: half,
    daily: days.slice(0, -1).map((day, d) => store.summaries.count(id, day, days[d + 1]!)),
    alarm: thresholdsNow(store, options, id)?.alarm ?? null,
  };
}
