import { open, readdir, readlink, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { inodeOf, mtimeOf, sameInode, type Inode } from './identity.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { isPassing } from './states.ts';

const MOST_LINKS = 40;

/** Where a symbolic link leads, also to a file that is not there; any other path itself. @throws what may pass */
export async function linkTarget(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const next = await readlink(target).catch((error: unknown) => {
      if (isPassing(error)) throw error;
    });
    if (next === undefined) break;
    target = resolve(dirname(target), next);
  }
  return target;
}

/** A file of a folder, as it was listed. */
export interface Listed {
  readonly name: string;
  readonly path: string;
  readonly inode: Inode;
  /** Nanoseconds; 0 where the file system does not tell: an inode number is used again within milliseconds. */
  readonly born: bigint;
  readonly size: number;
  /** Another one after every change of the content: size and time of change. */
  readonly version: string;
  /** Unix milliseconds with a fraction. */
  readonly mtimeMs: number;
}

/** Names were moved while they were looked at: what was seen is of two moments, and may lack a file of both. */
class Moved extends Error {
  readonly code = 'ESTALE';
}

const ATTEMPTS = 50;

/** Looks again when rotation moved names meanwhile. @throws Error with code ESTALE when it goes on and on */
export async function unmoved<T>(look: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof Moved) || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * The regular, not empty files whose name is wanted, as they were at one moment; none where the folder is missing or
 * may not be listed: the log's own state says why. To be called in `unmoved`.
 */
export async function filesOf(
  folder: string,
  isWanted: (name: string) => boolean,
  retry: RetryPolicy,
): Promise<Listed[]> {
  const first = await glance(folder, isWanted, retry);
  const second = await glance(folder, isWanted, retry);
  // A rotation between the two shows; one glance alone may see `.1` before and `.2` after it, and what moved never.
  if (idsOf(first) !== idsOf(second)) throw new Moved(`${folder} changed while it was listed`);
  return second;
}

export const isListable = (folder: string): Promise<boolean> =>
  readdir(folder).then(
    () => true,
    () => false,
  );

/** Opens what was listed. To be called in `unmoved`. */
export async function openListed({ path, inode, born }: Pick<Listed, 'path' | 'inode' | 'born'>): Promise<FileHandle> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const found = await file.stat({ bigint: true });
    if (sameInode(inodeOf(found), inode) && found.birthtimeNs === born) return file;
  } catch (error) {
    await file?.close();
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Moved(`${path} was moved`);
  }
  await file.close();
  throw new Moved(`${path} is another file now`);
}

async function glance(folder: string, isWanted: (name: string) => boolean, retry: RetryPolicy): Promise<Listed[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (isPassing(error)) throw error;
    return [];
  });
  const found: Listed[] = [];
  for (const name of names.filter(isWanted).sort()) {
    const path = join(folder, name);
    const is = await stat(path, { bigint: true }).catch((error: unknown) => {
      retry.orThrow(error, path);
    });
    if (!is?.isFile() || is.size === 0n) continue;
    const [size, version] = [Number(is.size), `${is.size}:${is.mtimeNs}`];
    found.push({ name, path, inode: inodeOf(is), born: is.birthtimeNs, size, version, mtimeMs: mtimeOf(is) });
  }
  return found;
}

const idsOf = (files: readonly Listed[]): string =>
  JSON.stringify(files.map(({ name, inode, born }) => [name, inode, String(born)]));
