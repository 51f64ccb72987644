import fs, { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { writeWhole } from '../../src-main/system/whole-file.ts';
import { scratch } from '../scratch.ts';

it('puts a file in the place of another, private, and leaves nothing beside it', () => {
  const folder = scratch();
  const path = join(folder, 'kept.json');
  writeFileSync(path, 'before', { mode: 0o644 });
  // Left of a process that had the same number.
  writeFileSync(`${path}.${process.pid}`, 'half');
  writeWhole(path, 'größer');
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['größer', 0o600]);
  expect(readdirSync(folder)).toEqual(['kept.json']);
});

it('leaves what was there, and nothing beside it, when it cannot be put in place', () => {
  const folder = scratch();
  const path = join(folder, 'kept.json');
  mkdirSync(join(path, 'not empty'), { recursive: true });
  expect(() => {
    writeWhole(path, 'new');
  }).toThrow(/EISDIR|ENOTEMPTY/);
  expect([readdirSync(folder), readdirSync(path)]).toEqual([['kept.json'], ['not empty']]);
});

it('is on the disk before it has its name, and its name before it returns', ({ onTestFinished }) => {
  const done: string[] = [];
  const { openSync, fsyncSync, renameSync } = fs;
  const opened = new Map<number, string>();
  onTestFinished(() => {
    Object.assign(fs, { openSync, fsyncSync, renameSync });
    syncBuiltinESMExports();
  });
  Object.assign(fs, {
    openSync: (...words: Parameters<typeof openSync>) => {
      const file = openSync(...words);
      opened.set(file, statSync(words[0]).isDirectory() ? 'folder' : 'file');
      return file;
    },
    fsyncSync: (file: number) => {
      done.push(`sync ${opened.get(file)}`);
      fsyncSync(file);
    },
    renameSync: (...words: Parameters<typeof renameSync>) => {
      done.push('rename');
      renameSync(...words);
    },
  });
  syncBuiltinESMExports();
  writeWhole(join(scratch(), 'kept.json'), 'x');
  expect(done).toEqual(['sync file', 'rename', 'sync folder']);
});
