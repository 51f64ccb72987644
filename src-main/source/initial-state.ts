import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

import type { Checkpoint } from '../contract/batch.ts';
import { contentOf } from './archive.ts';
import type { Place } from './batcher.ts';
import { fingerprintOf, inodeOf, sameInode, type Inode } from './identity.ts';

export const START: Place = { offset: 0, line: 0 };

/** What stood in the log's place when watching began: nothing, or a file of this many bytes. */
export type InitialState = 'nothing' | (Inode & { readonly size: number });

export const initialStateOf = (found: BigIntStats): InitialState => ({ ...inodeOf(found), size: Number(found.size) });

/**
 * Where to begin in a log that was never read, for one who wants nothing of what was written before: after the last
 * whole line of what was there at first sight, also when it could be read only later. Another file than that one was
 * written since, all of it.
 */
export async function placeAfter(initial: InitialState | undefined, file: FileHandle, inode: Inode): Promise<Place> {
  if (initial === undefined || initial === 'nothing' || !sameInode(initial, inode)) return START;
  return lastLineOf(file, initial.size);
}

/** The place after the last whole line: the rest of a half one will still come, and is to come whole. */
export async function lastLineOf(file: FileHandle, size = Infinity): Promise<Place> {
  let [read, offset, line] = [0, 0, 0];
  for await (const bytes of contentOf(file, 'plain')) {
    const piece = bytes.subarray(0, Math.max(0, size - read));
    for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1))
      [offset, line] = [read + at + 1, line + 1];
    read += bytes.length;
    if (read >= size) break;
  }
  return { offset, line };
}

/** The position of a log that is not there yet. @param before the newest rotated file: later ones are its */
export const nowhere = (path: string, before: Checkpoint['before']): Checkpoint => ({
  path,
  device: '',
  inode: '',
  ...fingerprintOf(Buffer.alloc(0)),
  ...START,
  ...(before !== undefined && { before }),
});

export const isNowhere = ({ inode }: Checkpoint): boolean => inode === '';
