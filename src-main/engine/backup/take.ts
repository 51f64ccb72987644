import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { syncFolder } from '../../system/whole-file.ts';
import { makePrivateFile } from '../store/folder.ts';
import { mustBeOurs } from './database.ts';
import { CHUNK, NAMES, type Part } from './form.ts';
import { readArchive, sourceOn } from './read-archive.ts';
import { PartChanged, writeArchive } from './write-archive.ts';

export interface TakeOptions {
  readonly state: string;
  /** The settings file's text; undefined where there is none. */
  readonly settings: string | undefined;
  /** The backup's path, where nothing is yet. */
  readonly to: string;
  readonly passphrase: string | undefined;
  readonly program: string;
  /** Unix seconds. */
  readonly now: number;
}

export interface Taken {
  readonly bytes: number;
  readonly models: number;
  /** Folders of models that the database names and that are not there. */
  readonly missing: readonly string[];
}

/** A model may be deleted between the database's copy and its own: both are taken again. */
const ATTEMPTS = 4;

/**
 * Writes settings, database and models to one new private file: all of it or none. The engine may go on meanwhile: the
 * database is copied as it is at one moment, without what was deleted from it. It is read back, and its database looked at, before
 * it has its name.
 * @throws what the system or SQLite throws; BadBackup where what was read back cannot be restored
 */
export function takeBackup(options: TakeOptions): Taken {
  const mark = `.unfinished-${randomBytes(4).toString('hex')}`;
  const [unfinished, copy] = [`${options.to}${mark}`, `${options.to}${mark}.db`];
  try {
    const { models, missing } = writeWhole(options, unfinished, copy);
    readBack(unfinished, copy, options.passphrase);
    renameSync(unfinished, options.to);
    syncFolder(dirname(options.to));
    return { bytes: statSync(options.to).size, models, missing };
  } finally {
    for (const path of [unfinished, copy, `${copy}-journal`]) rmSync(path, { force: true });
  }
}

/** Unpacks the database of a backup over `copy` and looks at it as a restore would; the rest is proven by its checksums. */
function readBack(path: string, copy: string, passphrase: string | undefined): void {
  const [from, to] = [openSync(path, 'r'), openSync(copy, 'w', 0o600)];
  try {
    readArchive(sourceOn(from), passphrase).unpack(({ name }, bytes) => {
      if (name === 'ubad.db') for (let done = 0; done < bytes.length;) done += writeSync(to, bytes, done);
    });
  } finally {
    closeSync(to);
    closeSync(from);
  }
  mustBeOurs(copy);
}

interface Written {
  readonly models: number;
  readonly missing: readonly string[];
}

/**
 * A model's files never change, but the model may be deleted at any moment: then all is begun again, with a database that
 * does not name it. What the archive says of a file is what was written of it, or the file is not in it.
 */
function writeWhole(options: TakeOptions, unfinished: string, copy: string): Written {
  for (let attempt = 1; ; attempt++) {
    const folders = copyDatabase(join(options.state, 'ubad.db'), copy).map((folder) =>
      existsSync(folder) ? folder : join(options.state, 'models', basename(folder)),
    );
    const [there, missing] = [folders.filter((one) => existsSync(one)), folders.filter((one) => !existsSync(one))];
    const isLast = attempt === ATTEMPTS;
    if (missing.length > 0 && !isLast) continue;
    try {
      const parts = [
        ...(options.settings === undefined ? [] : [textPart('config.json', options.settings)]),
        filePart('ubad.db', copy),
        ...there.flatMap((folder) => modelParts(folder)),
      ];
      writeTo(unfinished, options, parts);
      return { models: there.length, missing };
    } catch (error) {
      const isGone = error instanceof PartChanged || (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isGone || isLast) throw error;
      rmSync(unfinished, { force: true });
    }
  }
}

/** @returns the folders of the models that it names */
function copyDatabase(path: string, copy: string): string[] {
  rmSync(copy, { force: true });
  makePrivateFile(copy);
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    database.prepare('VACUUM INTO ?').run(copy);
  } finally {
    database.close();
  }
  const copied = new DatabaseSync(copy, { readOnly: true });
  try {
    const rows = copied.prepare('SELECT folder FROM versions WHERE removed = 0').all() as { folder: string }[];
    return [...new Set(rows.map(({ folder }) => folder))];
  } finally {
    copied.close();
  }
}

const modelParts = (folder: string): Part[] =>
  readdirSync(folder)
    .map((name): [name: string, path: string] => [`models/${basename(folder)}/${name}`, join(folder, name)])
    .filter(([name, path]) => NAMES.test(name) && lstatSync(path).isFile())
    .map(([name, path]) => filePart(name, path));

function textPart(name: string, text: string): Part {
  const bytes = Buffer.from(text);
  return { name, bytes: bytes.length, read: () => [bytes] };
}

const filePart = (name: string, path: string): Part => ({
  name,
  bytes: statSync(path).size,
  read: () => piecesOf(path),
});

function* piecesOf(path: string): Generator<Uint8Array> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const buffer = Buffer.alloc(CHUNK);
      const count = readSync(file, buffer);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

function writeTo(path: string, { passphrase, now, program }: TakeOptions, parts: readonly Part[]): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    const write = (bytes: Uint8Array): void => {
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    };
    writeArchive(write, { madeAt: now, program }, parts, passphrase);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
