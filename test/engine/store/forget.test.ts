/** What belongs to a subject is deleted with it: whichever table it is in, also one that is added later. */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { Facts } from '../../../models/facts/facts.ts';
import { migrate } from '../../../src-main/engine/store/migrate.ts';
import { migrations } from '../../../src-main/engine/store/schema.ts';
import { storeOn, type Store } from '../../../src-main/engine/store/store.ts';
import { fill, incident, newFolder, NOW, opened } from './store-at.ts';

/** One row at least in every table that names a subject. */
function live(store: Store, name: string): number {
  const { subject, ids } = fill(store, name, [NOW, NOW + 1]);
  store.transaction(() => {
    const model = {
      subjectId: subject,
      createdAt: NOW,
      algorithm: 'lstm',
      manifest: {},
      afterAction: ids[0]!,
    } as const;
    const [one, two] = [1, 2].map((n) => store.versions.add({ ...model, folder: `/models/${name}-${n}` }));
    const id = store.incidents.open(incident(subject, ids[0]!, ids[1]!));
    store.scores.add({
      actionId: ids[0]!,
      score: 1,
      window: 1,
      lstm: null,
      ocsvm: null,
      incidentId: id,
      anomalous: true,
      versionId: one!,
    });
    store.feedback.add({ subjectId: subject, at: NOW, incidentId: id, verdict: 'normal', scope: {}, expires: null });
    store.subjectState.setCanary(subject, { version: two!, predecessor: one!, until: 10 });
    store.subjectState.setReference(subject, { version: one!, next: 5, share: null, asked: false });
    store.subjectState.setRejectedTraining(subject, 40);
    store.subjectState.distrust(subject, { after: 1, to: 2 });
    store.subjectState.setFacts(subject, 1, new Facts(false).save());
    store.trainings.put({
      subjectId: subject,
      begunAt: NOW,
      begunAfter: 1,
      counted: 1,
      afterAction: 1,
      leftOut: [],
    });
    store.outbox.add({ seq: 1, subjectId: subject, body: { user: name } });
    store.uidNames.replace([...store.uidNames.list(), { host: 'desk', uid: String(1000 + subject), name }]);
    store.refusals.add([{ path: '/l', line: 1, reason: 'not-json', detail: `… ${name} …`, at: NOW }]);
  });
  return subject;
}

function tablesOf(folder: string): (subject: number) => Map<string, number> {
  return (subject) => {
    const db = new DatabaseSync(join(folder, 'ubad.db'), { readOnly: true });
    const columns = db
      .prepare(
        `SELECT t.name, f."from" AS "column" FROM pragma_table_list AS t, pragma_foreign_key_list(t.name) AS f
         WHERE t.schema = 'main' AND f."table" = 'subjects'`,
      )
      .all() as { name: string; column: string }[];
    const counts = columns.map(({ name, column }): [string, number] => {
      const row = db.prepare(`SELECT count(*) AS count FROM ${name} WHERE ${column} = ?`).get(subject);
      return [name, (row as { count: number }).count];
    });
    db.close();
    return new Map(counts);
  };
}

test('every table that names a subject, whichever those are, forgets it and keeps the others', () => {
  const folder = newFolder();
  const store = opened(folder);
  const [ann, bob] = [live(store, 'ann'), live(store, 'bob')];
  const rowsOf = tablesOf(folder);
  const before = rowsOf(ann);
  expect([...before.keys()].sort()).toEqual(
    [
      'actions',
      'canaries',
      'distrusted',
      'feedback',
      'incidents',
      'known_facts',
      'outbox',
      'reference_models',
      'rejected_trainings',
      'trainings',
      'versions',
    ].sort(),
  );
  expect([...before.values()].every((count) => count > 0)).toBe(true);
  const others = rowsOf(bob);
  store.transaction(() => store.forget.subject(ann));
  expect([...rowsOf(ann).values()].every((count) => count === 0)).toBe(true);
  expect(rowsOf(bob)).toEqual(others);
  expect(store.uidNames.list().map(({ name }) => name)).toEqual(['bob']);
  expect(store.refusals.last(10).map(({ detail }) => detail)).toEqual(['… bob …']);
});

test('version 5 kept such facts as strings: each moves to its place, but the name of who was deleted then', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, migrations.slice(0, 5));
  db.exec(`
    INSERT INTO subjects VALUES (1, 'ann', 0, 0, 0), (2, 'user:uid:x', 0, 0, 0);
    INSERT INTO versions (id, subject_id, created_at, algorithm, folder, manifest, after_action) VALUES
      (7, 1, 0, 'lstm', '/m7', '{}', 0), (8, 1, 0, 'lstm', '/m8', '{}', 0);
    INSERT INTO meta VALUES ('in-place-of-lost', 'yes'), ('probation:2', ''), ('tried:1', '410'),
      ('probation:1', '{"version":8,"predecessor":7,"until":1500}'),
      ('anchor:1', '{"version":7,"next":5000,"share":0.25,"asked":true}'), ('anchor:2', '{"version":99,"next":1,"share":null}'),
      ('distrusted:1', '[{"after":3,"to":9},{"after":12,"to":20}]'),
      ('uid-names', '[["desk\\n1000","ann"],["odd\\nhost1\\n1001","uid:x"],["desk\\n1002","deleted"]]');
  `);
  migrate(db);
  const { subjectState, state, uidNames } = storeOn(db, ':memory:');
  expect(state.inPlaceOfLost()).toBe(true);
  expect(subjectState.canary(1)).toEqual({ version: 8, predecessor: 7, until: 1500 });
  expect(subjectState.canary(2)).toBeUndefined();
  expect(subjectState.rejectedTraining(1)).toBe(410);
  expect(subjectState.reference(1)).toEqual({ version: 7, next: 5000, share: 0.25, asked: true });
  expect(subjectState.reference(2)).toBeUndefined();
  expect(subjectState.distrusted(1).map((range) => ({ ...range }))).toEqual([
    { after: 3, to: 9 },
    { after: 12, to: 20 },
  ]);
  expect(uidNames.list().map((row) => ({ ...row }))).toEqual([
    { host: 'desk', uid: '1000', name: 'ann' },
    { host: 'odd\nhost1', uid: '1001', name: 'uid:x' },
  ]);
  db.close();
});
