import { expect, it, vi } from 'vitest';

import { trainingSetOf } from '../../../src-main/engine/model-lifecycle/training-set.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import type { Store } from '../../../src-main/engine/store/store.ts';
import { incident, line, newStore, NOW } from '../store/store-at.ts';

const pack = defaultPack();
const named = (name: string) => ({ columns: { name, path: `/usr/bin/${name}` } });

function judged(store: Store, actionId: number, anomalous: boolean, incidentId: number | null = null): void {
  const z = anomalous ? 4 : 0;
  store.scores.add({ actionId, score: z, window: z, lstm: z, ocsvm: null, versionId: null, anomalous, incidentId });
}

it('holds what teaches, and of what was anomalous only what a person or a rule called normal', () => {
  const store = newStore();
  const subject = store.transaction(() => {
    const id = store.subjects.ensure('alice', NOW);
    const names = ['calm', 'odd', 'asked', 'called-normal', 'called-suspicious', 'ruled'];
    const ids = store.actions.append(names.map((name, at) => line(id, at + 1, named(name))));
    const [open, normal, suspicious] = [2, 3, 4].map((at) => store.incidents.open(incident(id, ids[at]!, ids[at]!)));
    store.incidents.mark(normal!, 'normal');
    store.incidents.mark(suspicious!, 'suspicious');
    const of = [undefined, null, open!, normal!, suspicious!, null];
    ids.forEach((actionId, at) => {
      judged(store, actionId, of[at] !== undefined, of[at] ?? null);
    });
    const scope = { program: '/usr/bin/ruled' };
    store.feedback.add({ at: NOW, subjectId: id, incidentId: null, verdict: 'normal', scope, expires: null });
    return id;
  });
  const set = trainingSetOf(store, pack, subject, 6);
  expect('past' in set && set.past.map(({ columns }) => columns.name)).toEqual(['calm', 'called-normal', 'ruled']);
  expect(set).toMatchObject({ counted: 6 });
});

it('of a machine whose heartbeats never teach no row is read to say what is missing', () => {
  const store = newStore();
  const subject = store.transaction(() => {
    const id = store.subjects.ensure('host:desk', NOW);
    const beats = Array.from({ length: 200 }, (_, at) =>
      line(id, at + 1, { query: 'heartbeat', columns: { beat: '1' } }),
    );
    const first = [300, 301].map((at) => line(id, at, { ...named('git'), baseline: true }));
    store.actions.append([
      ...beats,
      ...first,
      line(id, 400, named('git')),
      line(id, 401, { ...named('git'), again: true }),
    ]);
    return id;
  });
  const after = vi.spyOn(store.actions, 'after');
  expect(trainingSetOf(store, pack, subject, 50)).toEqual({ missing: 49 });
  expect(after).not.toHaveBeenCalled();
  expect(trainingSetOf(store, pack, subject, 1)).toMatchObject({ counted: 1 });
});
