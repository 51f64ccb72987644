import { budgets, type NearMisses } from '../../contract/near-misses.ts';
import { thresholdsOf } from '../../engine/judge.ts';
import { manifestOf } from '../../engine/models/manifest.ts';
import { alertsBy, nearMisses } from '../../engine/near-misses.ts';
import type { Subject } from '../../engine/store/subjects.ts';
import { rowOf } from '../../engine/explanation/rows.ts';
import type { View } from './view.ts';

const WEEK = 7 * 86_400;
const WEEKS = 4;
const [OF_A_USER, SHOWN] = [5, 10];

/** What came near an alert in the last weeks, and how many there would have been with other budgets. */
export function nearMissesOf(view: View): NearMisses {
  const { store, options } = view;
  const subjects = store.subjects.list();
  const until = Math.max(0, ...subjects.map(({ lastSeen }) => lastSeen)) + 1;
  const weeks = Array.from({ length: WEEKS }, (_, w) => until - (WEEKS - w) * WEEK);
  const counts = budgets.map(() => weeks.map(() => 0));
  const strangest: NearMisses['strangest'][number][] = [];
  for (const subject of subjects) {
    const normal = manifestOf(store.versions.active(subject.id, options.algorithm))?.normal;
    if (!normal) continue;
    const lines = budgets.map((perWeek) => thresholdsOf(normal, { alertsPerDay: perWeek / 7 }));
    for (const [b, byWeek] of alertsBy(store, subject.id, lines, weeks).entries())
      for (const [w, count] of byWeek.entries()) counts[b]![w]! += count;
    strangest.push(...ofSubject(view, subject, thresholdsOf(normal, options.sensitivity).alarm, weeks[0]!));
  }
  strangest.sort((a, b) => b.z - b.line - (a.z - a.line));
  return {
    weeks,
    budgets: budgets.map((perWeek, b) => ({ perWeek, alerts: counts[b]! })),
    strangest: strangest.slice(0, SHOWN),
  };
}

function ofSubject({ store, options }: View, { id, name }: Subject, line: number, since: number) {
  return nearMisses(store, id, since, OF_A_USER).flatMap(({ action, z }): NearMisses['strangest'][number][] => {
    const stored = store.actions.byId(action);
    if (!stored) return [];
    return [
      { user: name, z, line, action: rowOf(stored, options.pack.learning, store.scores.of(action)?.score ?? null) },
    ];
  });
}
