import { expect, test } from 'vitest';

import { UnwatchedIncidents } from '../../../src-main/engine/facts/unwatched.ts';
import { CALM_SECONDS } from '../../../src-main/engine/judge.ts';
import type { NewVersion } from '../../../src-main/engine/store/versions.ts';
import { fill, incident, newStore, NOW } from '../store/store-at.ts';

const OVER = NOW + CALM_SECONDS;

function version(subjectId: number): NewVersion {
  return { subjectId, createdAt: NOW, algorithm: 'lstm', folder: '/models/1', manifest: {}, afterAction: 0 };
}

test('an incident of whom nothing judges ends once it is calm, however many of others are open and newer', () => {
  const store = newStore();
  const unwatched = fill(store, 'host:desk', [NOW]).subject;
  const watched = fill(store, 'ann', [NOW]).subject;
  store.transaction(() => {
    store.versions.activate(store.versions.add(version(watched)));
    store.incidents.open(incident(unwatched, 1, 1));
    for (let i = 0; i < 150; i++) store.incidents.open(incident(watched, 2, 2));
  });
  const looking = new UnwatchedIncidents(store, true);
  const end = (now: number): unknown[] => store.transaction(() => looking.end(now));
  expect(end(OVER - 1)).toEqual([]);
  expect(end(OVER)).toMatchObject([{ subjectId: unwatched, event: { change: 'closed', id: 1, subject: 'host:desk' } }]);
  expect(store.incidents.byId(1)).toMatchObject({ state: 'closed', closedAt: OVER });
  expect(end(OVER)).toEqual([]);
  expect(store.incidents.countOpen(watched)).toBe(150);
});

test('what was judged by a model that was retired, or by none, ends as well, as many at once as there may be', () => {
  const store = newStore();
  const { subject } = fill(store, 'ann', [NOW]);
  store.transaction(() => {
    // Added, and not in use.
    store.versions.add(version(subject));
    for (let i = 0; i < 120; i++) store.incidents.open(incident(subject, 1, 1));
  });
  const looking = new UnwatchedIncidents(store, true);
  const count = (): number => store.transaction(() => looking.end(OVER)).length;
  expect([count(), count(), count()]).toEqual([100, 20, 0]);
});
