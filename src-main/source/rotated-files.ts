import { dirname } from 'node:path';

import type { Checkpoint, FileIdentity } from '../contract/batch.ts';
import { isListable, linkTarget, unmoved } from './folder.ts';
import { beginsAs, fingerprintOf, isTelling, identityOf, sameInode } from './identity.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { headOfListed, siblingsOf, type RotatedFile } from './rotation.ts';

/** The rotated files, seen from a position. */
export interface RotatedFiles {
  /** The position's own file; undefined when it is not among them: what it had left is lost to us. */
  readonly own: RotatedFile | undefined;
  /** What was rotated away after it, oldest first. */
  readonly later: readonly RotatedFile[];
  /** The file before the first of `later`, or before what is still to come. */
  readonly before: Checkpoint['before'];
}

/**
 * Where the file of a position is now, and what was rotated away after it. When the file is gone, later ones are known
 * by the file that came before it, and when that is gone too, by their times. To be called in `unmoved`.
 */
export async function rotatedSince(log: string, position: Checkpoint, retry: RetryPolicy): Promise<RotatedFiles> {
  const siblings = await siblingsOf(log, retry);
  const at = await placeOf(siblings, position, retry);
  if (at >= 0) return { own: siblings[at], later: siblings.slice(at + 1), before: identityOf(position) };
  const first = await firstAfter(siblings, position, retry);
  const [next, ...later] = siblings.slice(first);
  const before = await identityAt(siblings[first - 1], retry);
  // Known by less than proves it, but in its place: a log that was still empty when it was met, and then compressed.
  if (next && !isTelling(position) && (await begins(next, position, retry))) return { own: next, later, before };
  return { own: undefined, later: next ? [next, ...later] : [], before };
}

/** The newest rotated file now: null where there is none, undefined where the folder cannot be listed. */
export async function newestRotated(log: string, retry: RetryPolicy): Promise<Checkpoint['before']> {
  const isListed = await isListable(dirname(await linkTarget(log)));
  return isListed ? unmoved(async () => identityAt((await siblingsOf(log, retry)).at(-1), retry)) : undefined;
}

/** The index of the first sibling that is later than a file that is gone. */
async function firstAfter(
  siblings: readonly RotatedFile[],
  { before, mtimeMs }: Checkpoint,
  retry: RetryPolicy,
): Promise<number> {
  if (before === null) return 0;
  const at = before ? await placeOf(siblings, before, retry) : -1;
  if (at >= 0) return at + 1;
  let first = siblings.length;
  if (mtimeMs !== undefined) while (first > 0 && isAfter(siblings[first - 1]!, mtimeMs)) first--;
  return first;
}

/** Times of files tick in milliseconds: of two in one tick the later one was also made in it. */
function isAfter({ mtimeMs, born }: RotatedFile, time: number): boolean {
  if (mtimeMs !== time) return mtimeMs > time;
  return born === 0n || Number(born) / 1e6 >= time;
}

/** The index of the file that was met before; −1 when it is not there. */
async function placeOf(siblings: readonly RotatedFile[], identity: FileIdentity, retry: RetryPolicy): Promise<number> {
  // From the newest: while a file is compressed the archive is there beside it, is not whole, and counts as older.
  for (let s = siblings.length - 1; s >= 0; s--) if (await holds(siblings[s]!, identity, retry)) return s;
  return -1;
}

/** By its beginning and, where that proves little, its inode; what cannot be read by its inode or its time. */
async function holds(file: RotatedFile, identity: FileIdentity, retry: RetryPolicy): Promise<boolean> {
  const head = await headOfListed(file, retry);
  const isSame = sameInode(file.inode, identity);
  if (!head) return isSame || (identity.mtimeMs !== undefined && isTimeOf(file, identity.mtimeMs));
  return (isTelling(identity) || isSame) && beginsAs(head, identity);
}

async function begins(file: RotatedFile, identity: FileIdentity, retry: RetryPolicy): Promise<boolean> {
  const head = await headOfListed(file, retry);
  return head !== undefined && beginsAs(head, identity);
}

/** Packers give their archives the time of the original, some without the fraction of the second. */
const isTimeOf = ({ mtimeMs }: RotatedFile, time: number): boolean =>
  mtimeMs === time || mtimeMs === Math.floor(time / 1000) * 1000;

/** What a rotated file is known by; null where there is none. */
export async function identityAt(file: RotatedFile | undefined, retry: RetryPolicy): Promise<FileIdentity | null> {
  if (!file) return null;
  const head = (await headOfListed(file, retry)) ?? Buffer.alloc(0);
  return { ...file.inode, ...fingerprintOf(head), mtimeMs: file.mtimeMs };
}
