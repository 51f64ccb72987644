import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';

import { migrate, schemaVersion } from '../../../src-main/engine/store/migrate.ts';
import { APPLICATION_ID, migrations } from '../../../src-main/engine/store/schema.ts';
import { storeOn } from '../../../src-main/engine/store/store.ts';
import { NOW } from './store-at.ts';

const later = [
  'ALTER TABLE subjects ADD COLUMN nickname TEXT',
  "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT; INSERT INTO notes VALUES (1, 'moved in')",
];
const steps = [...migrations, ...later];

function memory(): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  onTestFinished(() => {
    db.close();
  });
  return db;
}

function schemaOf(db: DatabaseSync): unknown {
  return db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
}

test('from any version on, the newest is the same', () => {
  const straight = memory();
  migrate(straight, steps);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: steps.length }), fc.integer({ min: 0, max: steps.length }), (one, other) => {
      const db = memory();
      for (const version of [Math.min(one, other), Math.max(one, other), steps.length])
        migrate(db, steps.slice(0, version));
      expect(schemaVersion(db)).toBe(steps.length);
      expect(schemaOf(db)).toEqual(schemaOf(straight));
    }),
    { numRuns: 20 },
  );
});

test('what a version 1 holds is still there after later steps', () => {
  const db = memory();
  migrate(db, steps.slice(0, 1));
  // By SQL: today's statements want today's columns.
  db.exec(`
    INSERT INTO subjects VALUES (1, 'ann', ${NOW}, ${NOW + 1}, 2);
    INSERT INTO shapes VALUES (1, 'usb', 'added', '["model"]');
    INSERT INTO origins VALUES (1, 'desk', '/var/log/x.log');
    INSERT INTO actions VALUES (1, 1, 1, 1, 1, ${NOW}, 0, '["stick"]'), (2, 1, 1, 1, 2, ${NOW + 1}, 0, '["disk"]');
    INSERT INTO incidents VALUES (7, 1, ${NOW}, NULL, 2, 2, ${NOW + 1}, ${NOW + 1}, 4, 'high', 1, 'open', NULL, '{}'),
      (8, 1, ${NOW}, ${NOW}, 2, 2, ${NOW + 1}, ${NOW + 1}, 4, 'high', 1, 'closed', NULL, '{}');
    INSERT INTO scores VALUES (1, 0.5, 0.25, NULL, 1, NULL, NULL), (2, 4, 4, 3, NULL, 7, NULL);
    INSERT INTO checkpoints VALUES ('/log', '1', '2', 'ab', 64, 100, 2, 'null');
  `);
  migrate(db, steps);
  const store = storeOn(db, ':memory:');
  expect(store.subjects.byId(1)).toMatchObject({ name: 'ann', stored: 2 });
  expect([...store.actions.after(1, 0)].map(({ action }) => action.columns)).toEqual([
    { model: 'stick' },
    { model: 'disk' },
  ]);
  expect(store.scores.of(1)).toMatchObject({ score: 0.5, window: 0.25, anomalous: false });
  expect(store.scores.of(2)).toMatchObject({ incidentId: 7, anomalous: true });
  // Nobody knows what a person had looked at by then: what is over does not all wait.
  expect(store.incidents.list().map(({ id, seen }) => [id, seen])).toEqual([
    [8, true],
    [7, false],
  ]);
  const checkpoint = { path: '/log', device: '1', inode: '2', fingerprint: 'ab', fingerprintBytes: 64 };
  expect(store.checkpoints.of('/log')).toEqual({
    checkpoint: { ...checkpoint, offset: 100, line: 2 },
    readerState: null,
  });
});

test('a step that fails leaves the version before it whole', () => {
  const db = memory();
  migrate(db);
  const before = schemaOf(db);
  expect(() => {
    migrate(db, [...migrations, 'CREATE TABLE half (a); INSERT INTO nowhere VALUES (1)']);
  }).toThrow(/nowhere/);
  expect(schemaVersion(db)).toBe(migrations.length);
  expect(schemaOf(db)).toEqual(before);
});

test('the header says whose database it is', () => {
  const db = memory();
  migrate(db);
  expect(db.prepare('PRAGMA application_id').get()).toEqual({ application_id: APPLICATION_ID });
  expect(Buffer.from(APPLICATION_ID.toString(16), 'hex').toString()).toBe('ubad');
});

test('every table is STRICT: a text where a number belongs is refused', () => {
  const db = memory();
  migrate(db);
  const tables = db
    .prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'")
    .all();
  expect(tables.filter(({ strict }) => strict !== 1)).toEqual([]);
  expect(tables.length).toBeGreaterThan(10);
});
