/** Damage is found by looks, and by what no healthy database answers; no start fails for ever. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, test } from 'vitest';

import type { Store } from '../../../src-main/engine/store/store.ts';
import { action, checkpoint, fill, incident, newFolder, NOW, opened, problemOf } from './store-at.ts';

const CORRUPT = expect.objectContaining({ name: 'StoreBroken', reason: 'corrupt' }) as Error;

function filled(folder: string): void {
  const store = opened(folder);
  for (const name of ['ann', 'bob']) {
    const { subject, ids } = fill(
      store,
      name,
      Array.from({ length: 700 }, (_, at) => NOW + at),
    );
    store.transaction(() => {
      const incidentId = store.incidents.open(incident(subject, ids[0]!, ids[1]!));
      const model = { subjectId: subject, createdAt: NOW, algorithm: 'lstm', manifest: {}, afterAction: 1 } as const;
      const versionId = store.versions.add({ ...model, folder: `/m/${name}` });
      store.scores.add({
        actionId: ids[0]!,
        score: 1,
        window: 1,
        lstm: null,
        ocsvm: null,
        incidentId,
        anomalous: true,
        versionId,
      });
      store.checkpoints.put({ checkpoint: checkpoint(1), readerState: {} });
    });
  }
  store.close();
}

function change(folder: string, sql: string): void {
  const db = new DatabaseSync(join(folder, 'ubad.db'));
  db.exec('PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON');
  db.exec(sql);
  db.close();
}

const looked = (store: Store): number => [...store.look()].length;

describe('a look in slices', () => {
  test('reads every table and index of a sound store, and finds nothing', () => {
    const folder = newFolder();
    filled(folder);
    const store = opened(folder);
    // 1,400 actions alone: three slices of the table and of each of its two indexes.
    expect(looked(store)).toBeGreaterThan(9);
    fill(store, 'carol', [NOW]);
    expect(looked(store)).toBeGreaterThan(9);
  });

  test.each([
    ['a text that is no JSON', "UPDATE actions SET vals = '[' WHERE id = 1399"],
    ['a row that names one that is gone', 'DELETE FROM origins'],
    ['a page of a table', 'page actions'],
    ['a page of an index', 'page actions_by_time'],
    ['a page of a partial index', 'page strange_scores'],
  ])('finds %s', (_, sql) => {
    const folder = newFolder();
    filled(folder);
    if (sql.startsWith('page ')) spoilLastPage(folder, sql.slice(5));
    else change(folder, sql);
    const store = opened(folder, { lookedAtAtOnce: 0 });
    expect(() => looked(store)).toThrow(CORRUPT);
    store.close();
    expect(problemOf(folder).kind).toBe('corrupt');
    opened(folder).close();
  });
});

/** Overwrites the head of the last page of a table or an index. */
function spoilLastPage(folder: string, name: string): void {
  const db = new DatabaseSync(join(folder, 'ubad.db'));
  const { page } = db.prepare('SELECT max(pageno) AS page FROM dbstat WHERE name = ?').get(name) as { page: number };
  db.close();
  const file = openSync(join(folder, 'ubad.db'), 'r+');
  writeSync(file, Buffer.alloc(64, 0xa5), 0, 64, (page - 1) * 4096);
  closeSync(file);
}

describe('what no healthy database answers', () => {
  test('is damage where a look finds any: the parents of rows are gone', () => {
    const folder = newFolder();
    filled(folder);
    const store = opened(folder);
    const other = new DatabaseSync(join(folder, 'ubad.db'));
    other.exec('PRAGMA foreign_keys = OFF; DELETE FROM subjects');
    other.close();
    expect(() => {
      store.transaction(() => {
        store.actions.append([{ subjectId: 1, action: action(), host: 'desk', path: '/l', line: 1 }]);
      });
    }).toThrow(CORRUPT);
    store.close();
    expect(problemOf(folder).kind).toBe('corrupt');
    opened(folder).close();
  });

  test('is damage the second time, where a look finds none: no start fails for ever', () => {
    const folder = newFolder();
    filled(folder);
    // A count that is less than what is deleted later.
    change(folder, 'UPDATE subjects SET stored = 3');
    const limits = { now: NOW * 2, maxAgeDays: 1, maxBytes: 1e9, keepPerSubject: 0, limit: 1000 };
    const first = opened(folder);
    expect(() => first.prune(limits)).toThrow(/CHECK constraint/);
    first.close();
    const second = opened(folder);
    expect(() => second.prune(limits)).toThrow(CORRUPT);
    second.close();
    expect(problemOf(folder).kind).toBe('corrupt');
    opened(folder).close();
  });

  test('once, and nothing the next time, is forgotten', () => {
    const folder = newFolder();
    filled(folder);
    const wrong = (store: Store): void => {
      expect(() => {
        store.transaction(() => {
          store.incidents.open(incident(4711, 1, 2));
        });
      }).toThrow(/FOREIGN KEY/);
    };
    const first = opened(folder);
    wrong(first);
    first.close();
    opened(folder).close();
    const third = opened(folder);
    wrong(third);
    third.close();
    expect(opened(folder).subjects.list()).toHaveLength(2);
  });

  test('on opening too: a version that is not the tables', () => {
    const folder = newFolder();
    filled(folder);
    change(folder, 'PRAGMA user_version = 2');
    expect(problemOf(folder).kind).toBe('corrupt');
    opened(folder).close();
  });

  test('a header that names another program, over our own tables, is damaged', () => {
    const folder = newFolder();
    filled(folder);
    change(folder, 'PRAGMA application_id = 77');
    expect(problemOf(folder).kind).toBe('corrupt');
    opened(folder).close();
  });
});
