import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, expect, it, vi } from 'vitest';

import { BadBackup } from '../../../src-main/engine/backup/form.ts';
import { readArchive } from '../../../src-main/engine/backup/read-archive.ts';
import { takeBackup } from '../../../src-main/engine/backup/take.ts';
import type { Store } from '../../../src-main/engine/store/store.ts';
import { scratch } from '../../scratch.ts';
import { opened } from '../store/store-at.ts';

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return { ...real, openSync: vi.fn(real.openSync) };
});
const { openSync: reallyOpen } = await vi.importActual<typeof import('node:fs')>('node:fs');
afterEach(() => {
  vi.mocked(openSync).mockReset().mockImplementation(reallyOpen);
});

/** A store that names three models of two files each. */
function made(): { state: string; store: Store; folders: string[]; ids: number[] } {
  const state = join(scratch(), 'state');
  const store = opened(state);
  const folders = ['a', 'b', 'c'].map((name) => join(state, 'models', name));
  const ids = store.transaction(() => {
    const subjectId = store.subjects.ensure('alice', 1);
    return folders.map((folder) => {
      mkdirSync(folder, { recursive: true });
      for (const name of ['manifest.json', 'model.json']) writeFileSync(join(folder, name), `${folder} ${name}`);
      return store.versions.add({
        subjectId,
        createdAt: 1,
        algorithm: 'ocsvm',
        folder,
        manifest: {},
        afterAction: 0,
      });
    });
  });
  return { state, store, folders, ids };
}

const options = (state: string) => ({
  state,
  settings: '{}',
  to: join(state, '..', 'backup'),
  passphrase: undefined,
  program: '1',
  now: 1,
});

function namesIn(path: string): string[] {
  const bytes = readFileSync(path);
  const source = {
    size: bytes.length,
    read: (at: number, size: number) => Buffer.from(bytes.subarray(at, at + size)),
  };
  const archive = readArchive(source, undefined);
  archive.unpack(() => undefined);
  return archive.entries.map(({ name }) => name);
}

/** Does it as a file of this path is about to be opened, this many times. */
function whenOpened(part: string, work: () => void, times = 1): void {
  let done = 0;
  vi.mocked(openSync).mockImplementation((path, ...more) => {
    if (String(path).includes(part) && done++ < times) work();
    return reallyOpen(path, ...more);
  });
}

it('is begun again when a model is deleted after it was listed: whole, without that one', () => {
  const { state, store, folders, ids } = made();
  whenOpened(join('models', 'b', 'model.json'), () => {
    store.transaction(() => {
      store.versions.remove(ids[1]!);
    });
    rmSync(folders[1]!, { recursive: true });
  });
  const { to, ...rest } = options(state);
  expect(takeBackup({ to, ...rest })).toMatchObject({ models: 2, missing: [] });
  const files = ['a', 'c'].flatMap((name) => [`models/${name}/manifest.json`, `models/${name}/model.json`]);
  expect(namesIn(to).sort()).toEqual(['config.json', ...files, 'ubad.db']);
});

it('is begun again when a file is shorter than it was, and given up with a sentence when it is so each time', () => {
  const { state, folders } = made();
  const file = join(folders[1]!, 'model.json');
  const { to, ...rest } = options(state);
  whenOpened(join('models', 'b', 'model.json'), () => {
    truncateSync(file, 3);
  });
  expect(takeBackup({ to, ...rest }).models).toBe(3);
  expect(namesIn(to)).toHaveLength(8);

  rmSync(to);
  let more = 10;
  whenOpened(
    join('models', 'b', 'model.json'),
    () => {
      truncateSync(file, ++more);
    },
    Infinity,
  );
  expect(() => takeBackup({ to, ...rest })).toThrow('models/b/model.json changed while it was read; try again.');
});

it('is none where the database is damaged in a way that copying does not notice, and leaves nothing', () => {
  const { state, store } = made();
  store.close();
  const database = new DatabaseSync(join(state, 'ubad.db'));
  database.exec("UPDATE versions SET manifest = '{'");
  database.close();
  expect(() => takeBackup(options(state))).toThrow(BadBackup);
  expect(readdirSync(join(state, '..'))).toEqual(['state']);
});

it('is none where what is read back is not what was written', () => {
  const { state } = made();
  whenOpened(
    '.unfinished-',
    () => {
      const unfinished = readdirSync(join(state, '..')).find((name) => /unfinished-[0-9a-f]+$/.test(name));
      // Opened for writing first, then for reading back.
      if (unfinished !== undefined) truncateSync(join(state, '..', unfinished), 300);
    },
    99,
  );
  expect(() => takeBackup(options(state))).toThrow(BadBackup);
  expect(readdirSync(join(state, '..'))).toEqual(['state']);
});
