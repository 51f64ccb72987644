import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { describe, expect, onTestFinished, test } from 'vitest';

import { migrations } from '../../../src-main/engine/store/schema.ts';
import { fill, newFolder, NOW, opened, problemOf } from './store-at.ts';

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function database(folder: string): string {
  return join(folder, 'ubad.db');
}

describe('what others may see', () => {
  test.each([0o022, 0o000, 0o077])('only the owner reads the store, under umask %o', (umask) => {
    const before = process.umask(umask);
    onTestFinished(() => {
      process.umask(before);
    });
    const folder = join(newFolder(), 'state', 'ubad');
    fill(opened(folder), 'ann', [NOW]);
    expect(modeOf(folder)).toBe('700');
    const files = readdirSync(folder).sort();
    expect(files).toEqual(['ubad.db', 'ubad.db-shm', 'ubad.db-wal', 'ubad.lock', 'ubad.running']);
    for (const file of files) expect([file, modeOf(join(folder, file))]).toEqual([file, '600']);
  });

  test('a database that others can read is closed to them', () => {
    const folder = newFolder();
    opened(folder).close();
    chmodSync(database(folder), 0o644);
    opened(folder);
    expect(modeOf(database(folder))).toBe('600');
  });

  test.each([0o777, 0o720])('a folder of mode %o is refused: others could put their own database there', (mode) => {
    const folder = newFolder();
    chmodSync(folder, mode);
    expect(problemOf(folder)).toMatchObject({
      kind: 'unsafe-folder',
      message: expect.stringContaining('chmod go-w') as string,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a folder that cannot be made is a problem with its cause, not an exception', () => {
    const file = join(newFolder(), 'a-file');
    writeFileSync(file, '');
    expect(problemOf(join(file, 'state'))).toMatchObject({
      kind: 'unusable',
      message: expect.stringContaining('ENOTDIR') as string,
    });
  });
});

describe('whose database it is', () => {
  test('one of a newer version is left as it is', () => {
    const folder = newFolder();
    opened(folder).close();
    const db = new DatabaseSync(database(folder));
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    db.close();
    const before = readFileSync(database(folder));
    const newer = { kind: 'newer', found: migrations.length + 1, known: migrations.length };
    expect(problemOf(folder)).toMatchObject(newer);
    expect(problemOf(folder, { readOnly: true })).toMatchObject(newer);
    expect(readFileSync(database(folder)).equals(before)).toBe(true);
  });

  test("another program's is left as it is", () => {
    const folder = newFolder();
    const db = new DatabaseSync(database(folder));
    db.exec('CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)');
    db.close();
    const before = readFileSync(database(folder));
    expect(problemOf(folder)).toMatchObject({ kind: 'foreign' });
    expect(readFileSync(database(folder)).equals(before)).toBe(true);
  });

  test('a reader makes nothing, and waits for a writer to migrate', () => {
    const folder = newFolder();
    expect(problemOf(folder, { readOnly: true })).toMatchObject({ kind: 'missing' });
    expect(problemOf(join(folder, 'nowhere'), { readOnly: true })).toMatchObject({ kind: 'missing' });
    writeFileSync(database(folder), '');
    expect(problemOf(folder, { readOnly: true })).toMatchObject({ kind: 'missing' });
    expect(readdirSync(folder)).toEqual(['ubad.db']);
  });
});

describe('one writer, many readers', () => {
  test('a second writer is refused, by the process that holds the store', () => {
    const folder = newFolder();
    const first = opened(folder);
    const refused = {
      kind: 'in-use',
      pid: process.pid,
      message: expect.stringContaining(`process ${process.pid}`) as string,
    };
    expect(problemOf(folder)).toMatchObject(refused);
    // The refused one must not have taken the lock away in passing.
    expect(problemOf(folder)).toMatchObject(refused);
    first.close();
    first.close();
    expect(existsSync(join(folder, 'ubad.running'))).toBe(false);
    fill(opened(folder), 'ann', [NOW]);
  });

  test('a reader sees what the writer has committed, while it goes on', () => {
    const folder = newFolder();
    const writer = opened(folder);
    const reader = opened(folder, { readOnly: true });
    expect(reader.subjects.list()).toEqual([]);
    const { subject } = fill(writer, 'ann', [NOW, NOW + 1]);
    expect(reader.subjects.byName('ann')?.stored).toBe(2);
    writer.transaction(() => {
      writer.subjects.ensure('bob', NOW);
      expect(reader.subjects.byName('bob')).toBeUndefined();
    });
    expect([...reader.actions.after(subject, 0)]).toHaveLength(2);
    writer.close();
    expect(reader.subjects.byName('bob')?.name).toBe('bob');
  });

  test('a reader cannot write', () => {
    const folder = newFolder();
    opened(folder).close();
    const reader = opened(folder, { readOnly: true });
    expect(() => reader.transaction(() => reader.subjects.ensure('ann', NOW))).toThrow(
      expect.objectContaining({ name: 'StoreBroken', reason: 'read-only' }),
    );
  });
});

describe('a damaged database', () => {
  /** Overwrites the second half of the file, where rows are; the header and the schema stay. */
  function damage(path: string): Buffer {
    const bytes = readFileSync(path);
    bytes.fill(0xa5, bytes.length / 2);
    writeFileSync(path, bytes);
    return bytes;
  }

  test('is put aside whole, and a new one begins', () => {
    const folder = newFolder();
    writeFileSync(database(folder), 'no database at all '.repeat(500));
    const problem = problemOf(folder);
    const aside = `${database(folder)}.corrupt-20261125T081500Z`;
    expect(problem).toMatchObject({
      kind: 'corrupt',
      putAside: aside,
      message: expect.stringContaining(aside) as string,
    });
    expect(readFileSync(aside, 'utf8')).toContain('no database at all');
    expect(modeOf(aside)).toBe('600');
    expect(opened(folder).subjects.list()).toEqual([]);
  });

  test('a second one of the same second does not replace the first', () => {
    const folder = newFolder();
    for (const text of ['first ', 'second ']) {
      writeFileSync(database(folder), text.repeat(500));
      problemOf(folder);
    }
    const texts = readdirSync(folder)
      .filter((name) => name.includes('corrupt'))
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8').split(' ')[0]);
    expect(texts).toEqual(['first', 'second']);
  });

  test('is found after an unclean end, before anything is read from it', () => {
    const folder = newFolder();
    const store = opened(folder);
    fill(
      store,
      'ann',
      Array.from({ length: 8000 }, (_, at) => NOW + at),
    );
    store.close();
    writeFileSync(join(folder, 'ubad.running'), '4711\n');
    const damaged = damage(database(folder));
    const problem = problemOf(folder);
    expect(problem.kind).toBe('corrupt');
    if (problem.kind === 'corrupt') expect(readFileSync(problem.putAside!).equals(damaged)).toBe(true);
  });

  test('found while running, it is checked at the next start', () => {
    const folder = newFolder();
    const first = opened(folder);
    const { subject } = fill(
      first,
      'ann',
      Array.from({ length: 8000 }, (_, at) => NOW + at),
    );
    first.close();
    damage(database(folder));
    const second = opened(folder, { lookedAtAtOnce: 0 });
    expect(() => [...second.actions.after(subject, 0)]).toThrow(
      expect.objectContaining({ name: 'StoreBroken', reason: 'corrupt' }),
    );
    second.close();
    expect(problemOf(folder).kind).toBe('corrupt');
  });

  test('is found after a clean end too', () => {
    const folder = newFolder();
    const store = opened(folder);
    fill(
      store,
      'ann',
      Array.from({ length: 8000 }, (_, at) => NOW + at),
    );
    store.close();
    damage(database(folder));
    expect(problemOf(folder).kind).toBe('corrupt');
  });

  test('a reader leaves it where it is', () => {
    const folder = newFolder();
    writeFileSync(database(folder), 'no database at all '.repeat(500));
    expect(problemOf(folder, { readOnly: true })).toMatchObject({ kind: 'corrupt', putAside: undefined });
    expect(readdirSync(folder)).toEqual(['ubad.db']);
  });

  test('an unclean end of a sound database loses nothing', () => {
    const folder = newFolder();
    const store = opened(folder);
    fill(store, 'ann', [NOW, NOW + 1]);
    // What a power cut leaves: the files as they are on disk, with the -wal and the mark.
    const copy = join(newFolder(), 'copy');
    mkdirSync(copy, { mode: 0o700 });
    for (const name of ['ubad.db', 'ubad.db-wal', 'ubad.running']) copyFileSync(join(folder, name), join(copy, name));
    expect(opened(copy).subjects.byName('ann')?.stored).toBe(2);
  });
});
