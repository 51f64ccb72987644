import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

import type { Checkpoint } from '../contract.ts';

/** Bytes at a file's start by which it is known again: more than one osquery line, less than a disk block. */
const FINGERPRINT = 1024;

export type Fingerprint = Pick<Checkpoint, 'fingerprint' | 'fingerprintBytes'>;

/** The hash of a file's first bytes. @param size of the file now; a file that is shorter than wanted is hashed whole */
export async function fingerprintOf(file: FileHandle, size: number, bytes = FINGERPRINT): Promise<Fingerprint> {
  const buffer = Buffer.alloc(Math.min(bytes, size));
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return { fingerprint: hashOf(buffer.subarray(0, done)), fingerprintBytes: done };
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const sameInode = (stat: BigIntStats, { device, inode }: Checkpoint): boolean =>
  stat.dev.toString() === device && stat.ino.toString() === inode;

/** Whether an open file begins with the bytes that the checkpoint's file began with, and reaches as far. */
export async function isSameFile(file: FileHandle, stat: BigIntStats, checkpoint: Checkpoint): Promise<boolean> {
  if (stat.size < BigInt(checkpoint.offset)) return false;
  const { fingerprint } = await fingerprintOf(file, Number(stat.size), checkpoint.fingerprintBytes);
  return fingerprint === checkpoint.fingerprint;
}
