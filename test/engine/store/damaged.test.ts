import { mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, test } from 'vitest';

import { takeOwnership } from '../../../src-main/engine/store/ownership.ts';
import { checkpoint, fill, newFolder, NOW, opened, problemOf } from './store-at.ts';

/** Rows that carry query, change and columns themselves. */
const ofItsOwn = (values: string): string => `UPDATE shapes SET names = 'null'; UPDATE actions SET vals = '${values}'`;

const database = (folder: string): string => join(folder, 'ubad.db');

describe('a store that lost what it knew', () => {
  test.each([0, 1, 511])('%i bytes of a database are no new one: it is put aside, and that is told', (bytes) => {
    const folder = newFolder();
    const store = opened(folder);
    fill(store, 'ann', [NOW]);
    store.close();
    truncateSync(database(folder), bytes);
    expect(problemOf(folder).kind).toBe('corrupt');
    expect(opened(folder).state.inPlaceOfLost()).toBe(true);
  });

  test('takes its models along: a new store knows none, and would delete them', () => {
    const folder = newFolder();
    opened(folder).close();
    mkdirSync(join(folder, 'models', '1-ocsvm-ab'), { recursive: true });
    writeFileSync(database(folder), 'no database at all '.repeat(500));
    problemOf(folder);
    expect(readdirSync(join(folder, 'models.corrupt-20261125T081500Z'))).toEqual(['1-ocsvm-ab']);
  });

  test('is not known as lost after a crash that left a position', () => {
    const folder = newFolder();
    const store = opened(folder);
    store.transaction(() => {
      store.checkpoints.put({ checkpoint: checkpoint(1), readerState: {} });
    });
    store.close();
    writeFileSync(join(folder, 'ubad.running'), '4711\n');
    expect(opened(folder).state.inPlaceOfLost()).toBe(false);
  });
});

describe('damage that no look at the pages finds', () => {
  test.each([
    ['a text that is no JSON any more', "UPDATE actions SET vals = '[\"gi'"],
    ['a shape that is not there', 'PRAGMA foreign_keys = OFF; UPDATE actions SET shape_id = 4711'],
    ['a number that JavaScript cannot hold', 'UPDATE actions SET line = 9223372036854775807'],
    ['names that are a number', "UPDATE shapes SET names = '1e309'"],
    ['a name that is no text', "UPDATE shapes SET names = '[1, 2]'"],
    ['a change that is none', "PRAGMA ignore_check_constraints = ON; UPDATE shapes SET change = 'moved'"],
    ['values that are an object', "UPDATE actions SET vals = '{}'"],
    ['a value that is no text', "UPDATE actions SET vals = '[1, null]'"],
    ['fewer values than names', `UPDATE actions SET vals = '["git"]'`],
    ['a row that should say everything itself', "UPDATE shapes SET names = 'null'"],
    ['a row of its own whose change is none', ofItsOwn('["q", "moved", {}]')],
    ['a row of its own whose value is no text', ofItsOwn('["q", "added", {"a": 1}]')],
    ['a row of its own that says too little', ofItsOwn('["q"]')],
  ])('%s: the store is put aside at the next start', (_, change) => {
    const folder = newFolder();
    const first = opened(folder);
    const { subject } = fill(first, 'ann', [NOW, NOW + 1]);
    first.close();
    const other = new DatabaseSync(database(folder));
    other.exec(change);
    other.close();
    const second = opened(folder, { lookedAtAtOnce: 0 });
    expect(() => [...second.actions.after(subject, 0)]).toThrow(
      expect.objectContaining({ name: 'StoreBroken', reason: 'corrupt' }),
    );
    second.close();
    expect(problemOf(folder).kind).toBe('corrupt');
    expect(opened(folder).subjects.list()).toEqual([]);
  });

  test.each(['7', '[]', '{"device": "1"}', JSON.stringify({ ...checkpoint(1), fingerprintBytes: -1 })])(
    'a position whose predecessor is %s: the same',
    (predecessor) => {
      const folder = newFolder();
      const store = opened(folder);
      store.transaction(() => {
        store.checkpoints.put({ checkpoint: { ...checkpoint(1), before: checkpoint(2) }, readerState: {} });
      });
      expect(store.checkpoints.list()[0]?.checkpoint.before).toMatchObject({ fingerprint: 'ab12' });
      const other = new DatabaseSync(database(folder));
      other.prepare('UPDATE checkpoints SET predecessor = ?').run(predecessor);
      other.close();
      expect(() => store.checkpoints.list()).toThrow(
        expect.objectContaining({ name: 'StoreBroken', reason: 'corrupt' }),
      );
      store.close();
      expect(problemOf(folder).kind).toBe('corrupt');
    },
  );

  test.each(['7', '[]', '{"program": 7}', '{"hours": [1]}', '{"action": {"query": "usb"}}', '{"action": null}'])(
    'a word about what is normal whose scope is %s: the same',
    (scope) => {
      const folder = newFolder();
      const store = opened(folder);
      const { subject } = fill(store, 'ann', [NOW]);
      const said = { at: NOW, subjectId: subject, incidentId: null, verdict: 'normal', expires: null } as const;
      store.transaction(() => {
        store.feedback.add({ ...said, scope: null });
        store.feedback.add({ ...said, scope: { program: '/usr/bin/nc', hours: [0, 24] } });
      });
      expect(store.feedback.list(subject)).toHaveLength(2);
      const other = new DatabaseSync(database(folder));
      other.prepare('UPDATE feedback SET scope = ? WHERE id = 2').run(scope);
      other.close();
      expect(() => store.feedback.list(subject)).toThrow(
        expect.objectContaining({ name: 'StoreBroken', reason: 'corrupt' }),
      );
    },
  );

  describe('the right to write', () => {
    test('is there in spite of a damaged lock file, and still one process has it', () => {
      const folder = newFolder();
      writeFileSync(join(folder, 'ubad.lock'), 'no database at all '.repeat(500), { mode: 0o600 });
      opened(folder);
      expect(problemOf(folder).kind).toBe('in-use');
    });

    test('is given back when the mark cannot be written', () => {
      const folder = newFolder();
      mkdirSync(join(folder, 'ubad.running'));
      expect(() => takeOwnership(folder)).toThrow(expect.objectContaining({ syscall: expect.any(String) as string }));
      expect(problemOf(folder)).toMatchObject({ kind: 'unusable' });
      expect(problemOf(folder)).toMatchObject({ kind: 'unusable' });
    });
  });
});
