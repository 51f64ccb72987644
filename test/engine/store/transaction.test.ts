import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

import { StoreFull } from '../../../src-main/engine/store/problem.ts';
import { migrate } from '../../../src-main/engine/store/migrate.ts';
import { storeOn, type Store } from '../../../src-main/engine/store/store.ts';
import { checkpoint, incident, line, LOG, newFolder, newStore, NOW, opened } from './store-at.ts';

/** What one batch of lines writes: everything that must stand or fall together. */
function ingest(store: Store, from: number, count: number, subject = 'ann', text = ''): void {
  const id = store.subjects.ensure(subject, NOW);
  const lines = Array.from({ length: count }, (_, at) =>
    line(id, from + at + 1, { query: `q${(from + at) % 3}`, columns: { name: `${from + at}${text}` } }),
  );
  const ids = store.actions.append(lines);
  for (const actionId of ids) {
    store.scores.add({
      actionId,
      score: 1,
      window: 0.5,
      lstm: null,
      ocsvm: 2,
      incidentId: null,
      anomalous: false,
      versionId: null,
    });
  }
  if (ids[0] !== undefined) store.incidents.open(incident(id, ids[0], ids[0]));
  store.refusals.add([{ at: NOW, path: LOG, line: from, reason: 'not-json', detail: '' }]);
  store.losses.add({ host: 'desk', query: 'q0', count: 1, at: NOW });
  store.checkpoints.put({ checkpoint: checkpoint(from + count), readerState: { counter: from } });
}

function linesOf(store: Store): number[] {
  return store.subjects
    .list()
    .flatMap(({ id }) => [...store.actions.after(id, 0)].map((stored) => stored.line))
    .sort((a, b) => a - b);
}

test('any sequence of commits and failures leaves what the commits alone would', () => {
  const batch = fc.record({
    count: fc.integer({ min: 0, max: 5 }),
    subject: fc.constantFrom('ann', 'bob', 'eve'),
    fails: fc.boolean(),
    reopen: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 12 }), (batches) => {
      const folder = newFolder();
      let store = opened(folder);
      let committed = 0;
      let commits = 0;
      for (const { count, subject, fails, reopen } of batches) {
        const write = (): void => {
          store.transaction(() => {
            ingest(store, committed, count, subject);
            if (fails) throw new Error('in the middle');
          });
        };
        if (fails) expect(write).toThrow('in the middle');
        else {
          write();
          committed += count;
          commits += 1;
        }
        if (reopen) {
          store.close();
          store = opened(folder);
        }
      }
      expect(linesOf(store)).toEqual(Array.from({ length: committed }, (_, at) => at + 1));
      expect(store.subjects.list().reduce((sum, { stored }) => sum + stored, 0)).toBe(committed);
      expect(store.checkpoints.of(LOG)?.checkpoint.line ?? 0).toBe(committed);
      expect(store.refusals.counts()[0]?.count ?? 0).toBe(commits);
      expect(store.losses.list()[0]?.count ?? 0).toBe(commits);
      store.close();
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 40 },
  );
});

describe('mistakes of the caller are told at once', () => {
  test('a write outside of a transaction', () => {
    const store = newStore();
    expect(() => store.subjects.ensure('ann', NOW)).toThrow('outside of store.transaction()');
    expect(() => store.actions.append([])).toThrow('outside of store.transaction()');
    expect(() => {
      store.checkpoints.put({ checkpoint: checkpoint(1), readerState: null });
    }).toThrow('outside of store.transaction()');
  });

  test('a transaction in a transaction, and the outer one is undone', () => {
    const store = newStore();
    expect(() => {
      store.transaction(() => {
        store.subjects.ensure('ann', NOW);
        store.transaction(() => undefined);
      });
    }).toThrow('inside of');
    expect(store.subjects.list()).toEqual([]);
  });

  test('an async function: what it awaits would be outside', () => {
    const store = newStore();
    expect(() =>
      store.transaction(async () => {
        store.subjects.ensure('ann', NOW);
        await Promise.resolve();
      }),
    ).toThrow('must not be async');
    expect(store.subjects.list()).toEqual([]);
  });
});

describe('a full disk', () => {
  test('undoes the transaction, says so by name, and passes', () => {
    const path = join(newFolder(), 'small.db');
    const db = new DatabaseSync(path);
    onTestFinished(() => {
      db.close();
    });
    db.exec('PRAGMA journal_mode = WAL');
    migrate(db);
    const store = storeOn(db, path);
    store.transaction(() => {
      ingest(store, 0, 2);
    });
    db.exec('PRAGMA max_page_count = 60');
    const tooMuch = (): void => {
      store.transaction(() => {
        ingest(store, 2, 2000, 'ann', 'x'.repeat(200));
      });
    };
    expect(tooMuch).toThrow(StoreFull);
    expect(linesOf(store)).toEqual([1, 2]);
    expect(store.checkpoints.of(LOG)?.checkpoint.line).toBe(2);
    db.exec('PRAGMA max_page_count = 1000000');
    tooMuch();
    expect(linesOf(store)).toHaveLength(2002);
  });

  test('a real one', ({ skip }) => {
    const folder = newFolder();
    const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1M,mode=0700', 'tmpfs', folder]);
    if (mounted.status !== 0) skip('a small disk needs the right to mount one (run as root)');
    onTestFinished(() => {
      spawnSync('/bin/umount', [folder]);
    });
    const store = opened(folder);
    const filler = join(folder, 'filler');
    writeFileSync(filler, Buffer.alloc(256 * 1024));
    let committed = 0;
    expect(() => {
      for (;;) {
        store.transaction(() => {
          ingest(store, committed, 50);
        });
        committed += 50;
      }
    }).toThrow(StoreFull);
    expect(linesOf(store)).toHaveLength(committed);
    rmSync(filler);
    store.transaction(() => {
      ingest(store, committed, 50);
    });
    expect(linesOf(store)).toHaveLength(committed + 50);
    store.close();
    expect(linesOf(opened(folder))).toHaveLength(committed + 50);
  });
});
