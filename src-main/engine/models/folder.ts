import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';

import type { SavedDetector } from '../../../models/detector.ts';
import { syncFolder, writeNew } from '../../system/whole-file.ts';
import { seesTheSame, type Fingerprints } from '../reading/fingerprints.ts';
import { StoreBroken, StoreFull } from '../store/problem.ts';
import { FORMAT, formatOf, MANIFEST, manifestOf, sha256, type Manifest, type StoredManifest } from './manifest.ts';

/** A folder that is being written, or that a crash left half written. */
const UNFINISHED = '.unfinished-';

/**
 * Writes a model's files to a new folder: all of them or none, also across a power cut. Private: 0700, files 0600.
 * @param folder must not exist
 * @throws StoreFull or StoreBroken as the database does: then there is no such folder
 */
export function writeModel(folder: string, files: SavedDetector, manifest: Manifest): StoredManifest {
  try {
    return write(folder, files, manifest);
  } catch (error) {
    throw asDiskError(error, folder);
  }
}

function asDiskError(error: unknown, folder: string): unknown {
  const cause = { cause: error };
  const { code, errno, syscall } = error as NodeJS.ErrnoException;
  // Node has no name for EDQUOT.
  switch (errno === -constants.errno.EDQUOT ? 'ENOSPC' : code) {
    case 'ENOSPC':
      return new StoreFull(`The disk is full, the model ${folder} cannot be stored. Free some space.`, cause);
    case 'EROFS':
    case 'EACCES':
      return new StoreBroken(
        'read-only',
        `The model ${folder} cannot be written. Check the folder's permissions.`,
        cause,
      );
    default:
      if (syscall === undefined) return error;
      return new StoreBroken('input-output', `The model ${folder} cannot be written (${code ?? syscall}).`, cause);
  }
}

function write(folder: string, files: SavedDetector, manifest: Manifest): StoredManifest {
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const unfinished = join(parent, `${UNFINISHED}${basename(folder)}-${randomBytes(4).toString('hex')}`);
  mkdirSync(unfinished, { mode: 0o700 });
  const stored = {
    ...manifest,
    files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)])),
  };
  try {
    for (const [name, bytes] of Object.entries(files)) writeNew(join(unfinished, name), bytes);
    writeNew(join(unfinished, MANIFEST), `${JSON.stringify(stored, null, 2)}\n`);
    syncFolder(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    // On a full disk it is tried again and again: what is left of each try would take the room that comes back.
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
  syncFolder(parent);
  return stored;
}

/** Why a version cannot be used, as far as a glance tells: reading all of its files is left to `readModel`. */
export function cannotBeUsed(
  version: { readonly folder: string; readonly manifest: unknown },
  pack: Fingerprints,
): string | undefined {
  const { folder } = version;
  const manifest = manifestOf(version);
  if (!manifest) {
    const format = formatOf(version) ?? FORMAT;
    if (format !== FORMAT) return `It is of model format ${format}, this program reads ${FORMAT}.`;
    return 'What the database says of it is damaged: go back to another version, or train it again.';
  }
  if (!seesTheSame(manifest, pack)) return 'It was trained with other queries or features than the pack now has.';
  return existsSync(join(folder, MANIFEST)) ? undefined : `Its files in ${folder} are missing.`;
}

/** What a model's files take of the disk; 0 where there is none. */
export function bytesOf(folder: string): number {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return 0;
  }
  return names.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Deletes what a crash left: half-written folders, and folders that no version names. */
export function removeStrays(parent: string, known: ReadonlySet<string>): void {
  let names: string[];
  try {
    names = readdirSync(parent);
  } catch {
    return;
  }
  for (const name of names) {
    const folder = join(parent, name);
    if (name.startsWith(UNFINISHED) || !known.has(folder)) rmSync(folder, { recursive: true, force: true });
  }
}
