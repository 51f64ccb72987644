import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { columns, flag, number, oneOf, orNull, text } from '../../../src-main/engine/store/columns.ts';
import { connect } from '../../../src-main/engine/store/sql.ts';
import { openStore } from '../../../src-main/engine/store/open.ts';
import { subjectStateIn } from '../../../src-main/engine/store/subject-state.ts';
import { newFolder, NOW } from './store-at.ts';

const shape = columns({ n: number, word: text, on: flag, side: oneOf('left', 'right'), maybe: orNull(number) });
const reading = (values: string) =>
  connect(new DatabaseSync(':memory:'), '/ubad.db').read(
    shape,
    `SELECT column1 AS n, column2 AS word, column3 AS "on", column4 AS side, column5 AS maybe FROM (VALUES ${values})`,
  );

describe('rows of a statement', () => {
  it('are given as they are when they have their shape', () => {
    const row = { n: 1.5, word: 'x', on: 1, side: 'left', maybe: null };
    expect(reading("(1.5, 'x', 1, 'left', NULL)").all()).toEqual([row]);
    expect(reading("(1.5, 'x', 1, 'left', NULL)").get()).toEqual(row);
  });

  it.each([
    "('1', 'x', 1, 'left', NULL)",
    "(NULL, 'x', 1, 'left', NULL)",
    "(1, 2, 1, 'left', NULL)",
    "(1, 'x', 2, 'left', NULL)",
    "(1, 'x', 1, 'up', NULL)",
    "(1, 'x', 1, 'left', 'y')",
  ])('are damage when one has another: %s', (values) => {
    const statement = reading(`(1, 'x', 0, 'right', 1), ${values}`);
    expect(() => statement.all()).toThrow(/damaged: a row in it has another form/);
    expect(() => reading(values).get()).toThrow(expect.objectContaining({ reason: 'corrupt' }));
  });

  it('are damage when the statement does not select what its shape names', () => {
    const statement = connect(new DatabaseSync(':memory:'), '/ubad.db').read(columns({ n: number }), 'SELECT 1 AS m');
    expect(() => statement.get()).toThrow(/damaged/);
  });
});

it('a store whose table does not keep its types is damaged when that is read', () => {
  const folder = newFolder();
  const path = join(folder, 'ubad.db');
  const opened = openStore(folder, { now: NOW });
  if (!opened.ok) throw new Error(opened.problem.message);
  const { store } = opened;
  const id = store.transaction(() => store.subjects.ensure('alice', 0));
  store.close();
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  db.exec('PRAGMA ignore_check_constraints = ON');
  db.prepare('INSERT INTO reference_models (subject_id, version, next, share, asked) VALUES (?, 1, 2, NULL, 7)').run(
    id,
  );
  db.close();
  const connection = connect(new DatabaseSync(path), path);
  expect(() => subjectStateIn(connection).reference(id)).toThrow(/is damaged: a row in it has another form/);
  expect(connection.ending()).toBe('damaged');
});
