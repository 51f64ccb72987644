import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { Checkpoint } from '../contract.ts';
import { hashOf, isSameFile, sameInode } from './identity.ts';
import { firstBytes } from './read-file.ts';

/** So many equal bytes at the start are proof: they hold more than a brace and a name. */
const TELLING = 64;

/** `log.1`, `log.0`, `log-20260101`, `log.2.gz`, `log.3.zst`, …: what a log is called after it was rotated away. */
function isRotation(log: string, name: string): boolean {
  return name.startsWith(log) && /^[.-]\d[\d.T_-]*(\.(gz|zst))?$/.test(name.slice(log.length));
}

/** The rotated files of a log, oldest first. */
export async function rotatedSiblings(path: string): Promise<string[]> {
  const folder = dirname(path);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  const found = await Promise.all(
    names
      .filter((name) => isRotation(basename(path), name))
      // While it is being compressed both are there: the archive is not whole yet.
      .filter((name) => !names.includes(name.replace(/\.(gz|zst)$/, '')) || !/\.(gz|zst)$/.test(name))
      .map(async (name) => ({
        path: join(folder, name),
        number: rotationNumber(basename(path), name),
        mtime: await mtimeOf(join(folder, name)),
      })),
  );
  return found
    .filter(({ mtime }) => mtime !== undefined)
    .sort((a, b) => a.mtime! - b.mtime! || b.number - a.number)
    .map((one) => one.path);
}

/** Of `.3` is 3: older the higher. Dated names get their date, which a newer time of change has told already. */
const rotationNumber = (log: string, name: string): number => Number(/\d+/.exec(name.slice(log.length))?.[0] ?? 0);

async function mtimeOf(path: string): Promise<number | undefined> {
  try {
    const { mtimeMs, size } = await stat(path);
    return size > 0 ? mtimeMs : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Where the file that the checkpoint speaks of is now, and what was rotated away after it; oldest first. Empty when it
 * is not among the rotated files: what it had left is lost to us.
 */
export async function rotatedSince(path: string, checkpoint: Checkpoint): Promise<string[]> {
  const siblings = await rotatedSiblings(path);
  for (let s = siblings.length - 1; s >= 0; s--) if (await was(siblings[s]!, checkpoint)) return siblings.slice(s);
  return [];
}

async function was(path: string, checkpoint: Checkpoint): Promise<boolean> {
  try {
    if (/\.(gz|zst)$/.test(path)) return await unpackedWas(path, checkpoint);
    const file = await open(path, 'r');
    try {
      const found = await file.stat({ bigint: true });
      if (!(await isSameFile(file, found, checkpoint))) return false;
      // The same beginning is proof enough only where it is long: two new logs may begin alike.
      return sameInode(found, checkpoint) || checkpoint.fingerprintBytes >= TELLING;
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/** The unpacked content must begin with the same bytes, and enough of them: an archive has an inode of its own. */
async function unpackedWas(path: string, { fingerprint, fingerprintBytes }: Checkpoint): Promise<boolean> {
  if (fingerprintBytes < TELLING) return false;
  const head = await firstBytes(path, fingerprintBytes);
  return head.length === fingerprintBytes && hashOf(head) === fingerprint;
}
