import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it } from 'vitest';

import { mustBeOurs } from '../../../src-main/engine/backup/database.ts';
import { migrations } from '../../../src-main/engine/store/schema.ts';
import { newFolder, opened } from '../store/store-at.ts';

function databaseAfter(sql: string): string {
  const folder = newFolder();
  opened(folder).close();
  const path = join(folder, 'ubad.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA foreign_keys = OFF');
  database.exec(sql);
  database.close();
  return path;
}

describe('the database of a backup', () => {
  it('is taken as ubad made it', () => {
    expect(() => {
      mustBeOurs(databaseAfter(''));
    }).not.toThrow();
  });

  it.each([
    ['a trigger', 'CREATE TRIGGER evil AFTER INSERT ON versions BEGIN DELETE FROM versions; END', 'other tables'],
    ['a view', 'CREATE VIEW evil AS SELECT 1', 'other tables'],
    ['a table', 'CREATE TABLE evil (x)', 'other tables'],
    ['the mark of another program', 'PRAGMA application_id = 7', 'another program'],
    ['a newer version', `PRAGMA user_version = ${migrations.length + 1}`, 'newer version of ubad'],
  ])('is refused with %s', (_, sql, why) => {
    const path = databaseAfter(sql);
    expect(() => {
      mustBeOurs(path);
    }).toThrow(why);
  });
});
