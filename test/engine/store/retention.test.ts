import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { MOST_WAL_BYTES } from '../../../src-main/engine/store/open.ts';
import type { Retention } from '../../../src-main/engine/store/retention.ts';
import type { Store } from '../../../src-main/engine/store/store.ts';
import { fill, incident, line, newFolder, newStore, NOW, opened } from './store-at.ts';

const DAY = 86_400;
const everything: Retention = { now: NOW, maxAgeDays: 30, maxBytes: Infinity, keepPerSubject: 0, limit: 1000 };

function pruneAll(store: Store, limits: Retention): number[] {
  const deleted: number[] = [];
  for (;;) {
    const pruned = store.prune(limits);
    deleted.push(pruned.deleted);
    if (!pruned.more) return deleted;
  }
}

function idsOf(store: Store, subject: number): number[] {
  return [...store.actions.after(subject, 0)].map(({ id }) => id);
}

test('what is deleted is what is too old, not among the newest kept, and not of an open incident', () => {
  const anyAction = fc.record({ who: fc.constantFrom('ann', 'bob'), days: fc.integer({ min: 0, max: 60 }) });
  const anySpan = fc.record({ from: fc.nat(40), length: fc.nat(6), closed: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(anyAction, { maxLength: 40 }),
      fc.array(anySpan, { maxLength: 3 }),
      fc.nat(8),
      fc.integer({ min: 1, max: 9 }),
      (given, spans, keepPerSubject, limit) => {
        const store = newStore();
        const rows = store.transaction(() =>
          given.map(({ who, days }, at) => {
            const subject = store.subjects.ensure(who, NOW);
            const [id] = store.actions.append([line(subject, at + 1, { time: NOW - days * DAY })]);
            store.scores.add({
              actionId: id!,
              score: 1,
              window: 1,
              lstm: null,
              ocsvm: null,
              incidentId: null,
              anomalous: false,
              versionId: null,
            });
            return { id: id!, subject, days };
          }),
        );
        const open = spans.flatMap(({ from, length, closed }) => {
          const first = rows[from];
          if (first === undefined) return [];
          const id = store.transaction(() =>
            store.incidents.open(incident(first.subject, first.id, first.id + length)),
          );
          if (!closed) return [{ subject: first.subject, first: first.id, last: first.id + length }];
          store.transaction(() => {
            store.incidents.close(id, NOW);
          });
          return [];
        });
        const kept = rows.filter(
          ({ id, subject, days }) =>
            days <= 30 ||
            rows.filter((other) => other.subject === subject && other.id > id).length < keepPerSubject ||
            open.some((span) => span.subject === subject && span.first <= id && id <= span.last),
        );

        const slices = pruneAll(store, { ...everything, keepPerSubject, limit });
        expect(Math.max(...slices)).toBeLessThanOrEqual(limit);
        expect(slices.reduce((sum, each) => sum + each, 0)).toBe(rows.length - kept.length);
        for (const { id, name, stored } of store.subjects.list()) {
          const expected = kept.filter(({ subject }) => subject === id).map((row) => row.id);
          expect([name, idsOf(store, id)]).toEqual([name, expected]);
          expect(stored).toBe(expected.length);
        }
        const keptIds = new Set(kept.map(({ id }) => id));
        for (const { id } of rows) expect(store.scores.of(id) !== undefined).toBe(keptIds.has(id));
        store.close();
      },
    ),
    { numRuns: 60 },
  );
});

test('a store that is too large shrinks below the limit, on disk too, from whoever has most', () => {
  const folder = newFolder();
  const store = opened(folder);
  const times = Array.from({ length: 20_000 }, (_, at) => NOW + at);
  const loud = fill(store, 'loud', times);
  const quiet = fill(store, 'quiet', times.slice(0, 300));
  const full = store.sizes().usedBytes;
  const maxBytes = Math.round(full / 3);
  pruneAll(store, { ...everything, maxAgeDays: Infinity, maxBytes, keepPerSubject: 100 });
  const { usedBytes, databaseBytes } = store.sizes();
  expect(usedBytes).toBeLessThanOrEqual(maxBytes);
  // No more than it takes: one slice of a thousand beyond at most.
  expect(usedBytes).toBeGreaterThan(maxBytes - full / 10);
  expect(databaseBytes).toBe(usedBytes);
  expect(store.subjects.byId(quiet.subject)?.stored).toBe(300);
  const left = idsOf(store, loud.subject);
  expect(left).toEqual(loud.ids.slice(-left.length));
  store.close();
  expect(statSync(store.path).size).toBeLessThanOrEqual(maxBytes);
});

test('a limit that cannot be reached ends with what must be kept', () => {
  const store = newStore();
  const { subject, ids } = fill(
    store,
    'ann',
    Array.from({ length: 2500 }, (_, at) => NOW + at),
  );
  store.transaction(() => store.incidents.open(incident(subject, ids[10]!, ids[12]!)));
  pruneAll(store, { ...everything, maxBytes: 0, keepPerSubject: 50 });
  expect(idsOf(store, subject)).toEqual([...ids.slice(10, 13), ...ids.slice(-50)]);
});

test('the id of a deleted action is never given again', () => {
  const store = newStore();
  const { ids } = fill(store, 'ann', [NOW - 90 * DAY, NOW - 80 * DAY]);
  pruneAll(store, everything);
  const again = fill(store, 'ann', [NOW]);
  expect(again.ids[0]).toBeGreaterThan(Math.max(...ids));
});

test('the -wal stays small, and is small again after a reader that held on to an old state', () => {
  const store = newStore();
  const batch = (): void => {
    fill(
      store,
      'ann',
      Array.from({ length: 2000 }, (_, at) => NOW + at),
    );
  };
  for (let times = 0; times < 30; times++) batch();
  expect(store.sizes().databaseBytes).toBeGreaterThan(4_000_000);
  expect(store.sizes().walBytes).toBeLessThan(MOST_WAL_BYTES);

  const reader = new DatabaseSync(store.path, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM actions').get();
  while (store.sizes().walBytes < 1.5 * MOST_WAL_BYTES) batch();
  reader.close();
  batch();
  batch();
  expect(store.sizes().walBytes).toBeLessThanOrEqual(MOST_WAL_BYTES);
});
