import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
  fsyncSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { syncFolder } from '../../system/whole-file.ts';
import { makePrivateFile, unsafeFolder } from '../store/folder.ts';
import { takeOwnership } from '../store/ownership.ts';
import { putAside } from '../store/put-aside.ts';
import { BadBackup, type Header } from './form.ts';
import { mustBeOurs, placeModels } from './database.ts';
import { readArchive, sourceOn } from './read-archive.ts';

export interface RestoreOptions {
  /** The backup. */
  readonly from: string;
  readonly state: string;
  readonly passphrase: string | undefined;
  /** What is there already is put aside instead of refused. */
  readonly force: boolean;
  /** Unix seconds: names what is put aside. */
  readonly now: number;
}

export type Restored =
  | {
      readonly ok: true;
      readonly header: Header;
      /** The text of the settings file; undefined where the backup has none. */
      readonly settings: string | undefined;
      readonly models: number;
      /** Where the database is now that was there before. */
      readonly aside: string | undefined;
    }
  | { readonly ok: false; readonly kind: 'backup' | 'state'; readonly message: string };

const MARK = '.before-restore-';

/**
 * Puts a backup's database and models into a state folder. Everything is unpacked beside it and looked at first: until all
 * of it is proven, nothing that is there is touched.
 * @throws what the system throws
 */
export function restoreBackup(options: RestoreOptions): Restored {
  const { from, state } = options;
  const refused = (message: string): Restored => ({ ok: false, kind: 'state', message });
  mkdirSync(dirname(state), { recursive: true, mode: 0o700 });
  const unsafe = unsafeFolder(state);
  if (unsafe) return refused(unsafe.message);
  const ownership = takeOwnership(state);
  if ('kind' in ownership) return refused(ownership.message);
  let ending = ownership.before;
  const unpacked = mkdtempSync(join(state, '.restoring-'));
  try {
    if (!options.force && holdsSomething(state)) {
      return refused(
        `There is something in ${state} already. Restore into another folder with --state, or have it put aside with --force.`,
      );
    }
    const { header, models } = unpack(from, options.passphrase, unpacked);
    mustBeOurs(join(unpacked, 'ubad.db'));
    placeModels(join(unpacked, 'ubad.db'), join(state, 'models'));
    const settings = join(unpacked, 'config.json');
    const text = existsSync(settings) ? readFileSync(settings, 'utf8') : undefined;
    const aside = holdsSomething(state) ? putAside(state, join(state, 'ubad.db'), options.now, MARK) : undefined;
    // The database last: without it the models are nobody's.
    for (const name of ['models', 'ubad.db'])
      if (existsSync(join(unpacked, name))) renameSync(join(unpacked, name), join(state, name));
    syncFolder(state);
    ending = 'clean';
    return { ok: true, header, settings: text, models, aside };
  } catch (error) {
    if (!(error instanceof BadBackup)) throw error;
    return { ok: false, kind: 'backup', message: `${from} ${error.message}` };
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
    ownership.release(ending);
  }
}

const holdsSomething = (state: string): boolean =>
  ['ubad.db', 'ubad.db-wal', 'models'].some((name) => existsSync(join(state, name)));

function unpack(from: string, passphrase: string | undefined, to: string): { header: Header; models: number } {
  const file = openSync(from, 'r');
  try {
    const archive = readArchive(sourceOn(file), passphrase);
    if (!archive.entries.some(({ name }) => name === 'ubad.db')) throw new BadBackup('damaged', 'holds no database.');
    const models = new Set<string>();
    for (const { name } of archive.entries) {
      if (!name.startsWith('models/')) continue;
      models.add(dirname(name));
      mkdirSync(join(to, dirname(name)), { recursive: true, mode: 0o700 });
    }
    for (const { name } of archive.entries) makePrivateFile(join(to, name));
    let open: { readonly name: string; readonly file: number } | undefined;
    const close = (): void => {
      if (!open) return;
      fsyncSync(open.file);
      closeSync(open.file);
      open = undefined;
    };
    try {
      archive.unpack(({ name }, bytes) => {
        if (open?.name !== name) {
          close();
          open = { name, file: openSync(join(to, name), 'w', 0o600) };
        }
        for (let done = 0; done < bytes.length;) done += writeSync(open.file, bytes, done);
      });
    } finally {
      close();
    }
    return { header: archive.header, models: models.size };
  } finally {
    closeSync(file);
  }
}
