import { expect, it } from 'vitest';

import { alertsWith } from '../../src-main/engine/history.ts';
import { thresholdsOf } from '../../src-main/engine/judge.ts';
import { alertsBy, nearMisses } from '../../src-main/engine/near-misses.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { fill, incident, newStore, NOW } from './store/store-at.ts';

const MINUTE = 60;
/** A store of windows, one a minute, of these z. */
function judged(zs: readonly number[]): { readonly store: Store; readonly subject: number; readonly ids: number[] } {
  const store = newStore();
  const { subject, ids } = fill(
    store,
    'ann',
    zs.map((_, at) => NOW + at * MINUTE),
  );
  store.transaction(() => {
    for (const [at, window] of zs.entries())
      store.scores.add({
        actionId: ids[at]!,
        score: 0,
        window,
        lstm: null,
        ocsvm: null,
        incidentId: null,
        anomalous: false,
        versionId: null,
      });
  });
  return { store, subject, ids };
}
/** Calm, with these z at these minutes. */
const calm = (length: number, peaks: Readonly<Record<number, number>>): number[] =>
  Array.from({ length }, (_, at) => peaks[at] ?? 0);

it('are the strangest stretches, each once, the strangest first', () => {
  const { store, subject, ids } = judged(calm(200, { 10: 2, 11: 3, 12: 2.5, 100: 1, 170: 2 }));
  const found = nearMisses(store, subject, NOW, 3).map(({ action, z }) => [ids.indexOf(action), z]);
  expect(found).toEqual([
    [11, 3],
    [170, 2],
    [100, 1],
  ]);
  expect(nearMisses(store, subject, NOW + 120 * MINUTE, 1)).toMatchObject([{ z: 2 }]);
});

it('are none near an alert', () => {
  const { store, subject, ids } = judged(calm(300, { 50: 5, 70: 4, 200: 1 }));
  store.transaction(() => {
    const at = NOW + 50 * MINUTE;
    store.incidents.open({ ...incident(subject, ids[50]!, ids[50]!), firstTime: at, lastTime: at });
  });
  expect(nearMisses(store, subject, NOW, 1).map(({ action }) => ids.indexOf(action))).toEqual([200]);
});

it('counts by stretch what alarms with each line, as one line alone does', () => {
  const { store, subject } = judged(calm(600, { 20: 3, 300: 5, 500: 3 }));
  const lines = [2, 4, 9].map((alarm) => thresholdsOf({ maxima: [], days: 1 }, { alertsPerDay: 1, alarm }));
  const starts = [NOW, NOW + 250 * MINUTE, NOW + 450 * MINUTE];
  const counts = alertsBy(store, subject, lines, starts);
  expect(counts).toEqual([
    [1, 1, 1],
    [0, 1, 0],
    [0, 0, 0],
  ]);
  for (const [at, line] of lines.entries())
    expect(counts[at]!.reduce((sum, one) => sum + one, 0)).toBe(alertsWith(store, subject, line, NOW));
});
