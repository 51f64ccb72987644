import type { FileHandle } from 'node:fs/promises';

import { unmoved } from './folder.ts';
import { beginsAs, fingerprintOf, sameInode, type Fingerprint, type Inode } from './identity.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { fileOf, headOfListed, siblingsOf, type RotatedFile } from './rotation.ts';

/** The files that were rotated away before a log was opened, by `fileOf`: once that is gone no name tells which came after it. */
export type Older = ReadonlyMap<string, Fingerprint>;

const NOTHING = fingerprintOf(Buffer.alloc(0));

/** All that is rotated away now. */
export const rotatedNow = (log: string, retry: RetryPolicy): Promise<Older> =>
  unmoved(async () => olderOf(await siblingsOf(log, retry), retry));

/** … before an open file that is, or just was, the log; undefined where that is gone, and no name tells. */
export const olderThan = (
  log: string,
  { file, inode }: { readonly file: FileHandle; readonly inode: Inode },
  retry: RetryPolicy,
): Promise<Older | undefined> =>
  unmoved(async () => {
    const siblings = await siblingsOf(log, retry);
    const at = siblings.findIndex((one) => sameInode(one.inode, inode));
    if (at < 0 && (await file.stat()).nlink === 0) return undefined;
    return olderOf(at < 0 ? siblings : siblings.slice(0, at), retry);
  });

async function olderOf(siblings: readonly RotatedFile[], retry: RetryPolicy): Promise<Older> {
  const older = new Map<string, Fingerprint>();
  for (const file of siblings) older.set(fileOf(file), await fingerprintNow(file, retry));
  return older;
}

/** Of nothing, which every file begins as, where it cannot be read: it is not waited for, most is never asked for. */
const fingerprintNow = async (file: RotatedFile, retry: RetryPolicy): Promise<Fingerprint> => {
  try {
    const head = await headOfListed(file, retry);
    return head ? fingerprintOf(head) : NOTHING;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESTALE') throw error;
    return NOTHING;
  }
};

/**
 * Whether a file came after a log that is gone. An archive may be an older file that was packed since: it is later when
 * none of those began as it does. Where that is not known, read too early is better than not at all.
 * @param mtimeMs of the log. To be called in `unmoved`.
 */
export async function isLater(
  file: RotatedFile,
  { older, mtimeMs }: { readonly older: Older; readonly mtimeMs: number },
  retry: RetryPolicy,
): Promise<boolean> {
  if (older.has(fileOf(file)) || file.mtimeMs < mtimeMs) return false;
  if (!file.isArchive) return true;
  const head = await headOfListed(file, retry);
  return head !== undefined && [...older.values()].every((print) => !beginsAs(head, print));
}
