import { judge, openAfter, type Thresholds, type OpenIncident } from './judge.ts';
import type { Store } from './store/store.ts';

/** Two stretches so near each other are one. Seconds. */
const APART = 1800;
/** Windows that are looked at for the strangest stretches: their neighbours are as strange. */
const LOOKED_AT = 1000;

export interface NearMiss {
  readonly action: number;
  readonly time: number;
  readonly z: number;
}

/** The strangest stretches of a subject since a time that did not alarm, strangest first; none near an alert. */
export function nearMisses(store: Store, subjectId: number, since: number, most: number): NearMiss[] {
  const alerts = store.incidents.list({ subjectId, since: since - APART, limit: LOOKED_AT });
  const isNearAlert = (time: number): boolean =>
    alerts.some(({ firstTime, lastTime }) => time >= firstTime - APART && time <= lastTime + APART);
  const found: NearMiss[] = [];
  for (const one of store.scores.mostAnomalous(subjectId, since, LOOKED_AT)) {
    if (found.length === most) break;
    if (isNearAlert(one.time) || found.some(({ time }) => Math.abs(time - one.time) < APART)) continue;
    found.push(one);
  }
  return found;
}

/**
 * How many alerts a subject's windows would have given with each of several lines, by stretch of time.
 * @param starts of the stretches, rising; the last has no end
 * @returns by line, by stretch
 */
export function alertsBy(
  store: Store,
  subjectId: number,
  lines: readonly Thresholds[],
  starts: readonly number[],
): number[][] {
  const counts = lines.map(() => starts.map(() => 0));
  const open: (OpenIncident | undefined)[] = lines.map(() => undefined);
  let ids = 0;
  for (const window of store.scores.windows(subjectId, starts[0] ?? Infinity)) {
    const at = starts.findLastIndex((start) => window.time >= start);
    for (const [l, line] of lines.entries()) {
      const verdict = judge(open[l], window, line);
      if (verdict.step === 'open') counts[l]![at]!++;
      open[l] = openAfter(verdict, open[l], window, ++ids);
    }
  }
  return counts;
}
