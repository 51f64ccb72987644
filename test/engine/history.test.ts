import { expect, it } from 'vitest';

import { alertsWith } from '../../src-main/engine/history.ts';
import { thresholdsOf } from '../../src-main/engine/judge.ts';
import { LastDays } from '../../src-main/engine/last-days.ts';
import { fill, incident, newStore, NOW } from './store/store-at.ts';

const DAY = 86_400;
const thresholds = thresholdsOf({ maxima: [], days: 1 }, { alertsPerDay: 1, alarm: 3 });
const normal = { maxima: [0, 1, 2, 3], days: 4 };

/** A store with one window an hour; the last is at NOW. */
function judged(zs: readonly number[], inIncident: (z: number) => boolean = () => false) {
  const store = newStore();
  const times = zs.map((_, i) => NOW - (zs.length - 1 - i) * 3600);
  const { subject, ids } = fill(store, 'ann', times);
  store.transaction(() => {
    const incidentId = store.incidents.open(incident(subject, ids[0]!, ids.at(-1)!));
    zs.forEach((window, i) => {
      const score = { score: 0, window, lstm: null, ocsvm: null, anomalous: false, versionId: null };
      store.scores.add({ ...score, actionId: ids[i]!, incidentId: inIncident(window) ? incidentId : null });
    });
  });
  return { store, subject };
}

it('tells how many alerts a line would have given, and since when', () => {
  const { store, subject } = judged([4, 0, 0, 0, 4, 4, 0, 0, 0, 5]);
  expect(alertsWith(store, subject, thresholds, 0)).toBe(3);
  expect(alertsWith(store, subject, thresholds, NOW - 5.5 * 3600)).toBe(2);
  expect(alertsWith(store, subject, { ...thresholds, alarm: 4.5 }, 0)).toBe(1);
});

it('compares with the last 30 days once there are enough windows, with the training before', () => {
  const few = judged([0, 1, 2]);
  expect(new LastDays(few.store, few.subject).rank(2.5, normal, NOW)).toEqual({ share: 0.75, of: 'training' });
  const hours = 30 * 24;
  const many = judged(Array.from({ length: 2 * hours }, (_, i) => (i < hours ? 5 : (i % 10) / 10)));
  const rank = new LastDays(many.store, many.subject);
  // An hour of each of 30 days is too little to compare with: 720 windows.
  expect(rank.rank(0.55, normal, NOW).of).toBe('training');
  expect(rank.rank(0.55, normal, NOW - 12 * DAY).of).toBe('last-30-days');
});

it('does not compare with what an incident left', () => {
  const zs = Array.from({ length: 700 }, () => [0.5, 7]).flat();
  const { store, subject } = judged(zs, (z) => z === 7);
  expect(store.scores.histogram(subject, 0)).toEqual(new Map([[5, 700]]));
});
