import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

import type { Checkpoint, FileIdentity } from '../contract/batch.ts';

/** Bytes at a file's start by which it is known again: more than one osquery line, less than a disk block. */
export const FINGERPRINT_BYTES = 1024;

const NEWLINE = 0x0a;

/** This many equal bytes at the start are proof without the inode: they hold more than a brace and a name. */
const TELLING_BYTES = 64;

export type Fingerprint = Pick<Checkpoint, 'fingerprint' | 'fingerprintBytes'>;
/** What tells a file from others on this machine while it exists. */
export type Inode = Pick<Checkpoint, 'device' | 'inode'>;

export const inodeOf = ({ dev, ino }: BigIntStats): Inode => ({ device: dev.toString(), inode: ino.toString() });

/** Time of last change, Unix milliseconds with a fraction: always reckoned so, that equal ones stay equal. */
export const mtimeOf = ({ mtimeNs }: BigIntStats): number => Number(mtimeNs) / 1e6;

export const sameInode = (a: Inode, b: Inode): boolean => a.inode === b.inode && a.device === b.device;

/** The first bytes of an open file: as many as a fingerprint takes, fewer where the file is shorter. */
export async function headOf(file: FileHandle): Promise<Buffer> {
  const buffer = Buffer.alloc(FINGERPRINT_BYTES);
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/**
 * Of whole lines only: the first hundred bytes of osquery's lines, a query's name and the host's, are the same in every
 * log. @param head the first bytes of a file, as `headOf` gives them
 */
export function fingerprintOf(head: Buffer): Fingerprint {
  const end = head.length >= FINGERPRINT_BYTES ? head.length : head.lastIndexOf(NEWLINE) + 1;
  return { fingerprint: hashOf(head.subarray(0, end)), fingerprintBytes: end };
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Whether a file that begins with `head` can be the one of the fingerprint: a file that grew still begins as it did. */
export function beginsAs(head: Buffer, { fingerprint, fingerprintBytes }: Fingerprint): boolean {
  if (head.length < fingerprintBytes) return false;
  return hashOf(head.subarray(0, fingerprintBytes)) === fingerprint;
}

/** Whether the beginning alone proves it: two new logs may begin alike, and every file begins as an empty one. */
export const isTelling = ({ fingerprintBytes }: Fingerprint): boolean => fingerprintBytes >= TELLING_BYTES;

/** Whether it is of any line at all: every file begins as an empty one, also one that was emptied and written again. */
export const isTold = ({ fingerprintBytes }: Fingerprint): boolean => fingerprintBytes > 0;

/**
 * Whether one beginning goes on as the other, so far as both reach: a file's, and that of its copy which lags behind or
 * is not finished.
 */
export function beginAlike(a: Buffer, b: Buffer): boolean {
  const both = Math.min(a.length, b.length);
  // A whole line at least, which holds a time and a counter: before those all lines of a query are the same.
  const isTold = both >= FINGERPRINT_BYTES || a.subarray(0, both).includes(NEWLINE);
  return isTold && both >= TELLING_BYTES && a.subarray(0, both).equals(b.subarray(0, both));
}

/** Only what tells the file, of more than that. */
export const identityOf = ({ device, inode, fingerprint, fingerprintBytes, mtimeMs }: FileIdentity): FileIdentity => ({
  device,
  inode,
  fingerprint,
  fingerprintBytes,
  ...(mtimeMs !== undefined && { mtimeMs }),
});
