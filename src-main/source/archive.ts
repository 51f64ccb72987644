import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';

import { FINGERPRINT_BYTES } from './identity.ts';

/** Told from the first bytes, never from the name. */
export type Packing = 'plain' | 'gzip' | 'zstd';

const CHUNK = 64 * 1024;
const ZSTD_FRAME = 0xfd2fb528;
/** A frame without content, sixteen magic numbers in a row: pzstd begins each of its frames with one. */
const ZSTD_SKIPPABLE = 0x184d2a50;

export async function packingOf(file: FileHandle): Promise<Packing> {
  const magic = Buffer.alloc(4);
  await file.read(magic, 0, 4, 0);
  if (magic[0] === 0x1f && magic[1] === 0x8b) return 'gzip';
  const word = magic.readUInt32LE(0);
  return word === ZSTD_FRAME || (word & ~0xf) >>> 0 === ZSTD_SKIPPABLE ? 'zstd' : 'plain';
}

/**
 * The unpacked content, in pieces that stay valid. Leaves the file open.
 * @param start only of a plain file: the byte to begin with
 * @throws what reading or unpacking throws
 */
export async function* contentOf(file: FileHandle, packing: Packing, start = 0): AsyncGenerator<Buffer> {
  if (packing === 'plain') yield* bytesOf(file, start);
  else if (packing === 'gzip') yield* unpacked(file, 0, createGunzip());
  else yield* zstdFrames(file);
}

/** The first bytes of the unpacked content, at most as many as a fingerprint takes. @throws as contentOf does */
export async function contentHead(file: FileHandle, packing: Packing): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of contentOf(file, packing)) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= FINGERPRINT_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, FINGERPRINT_BYTES);
}

async function* bytesOf(file: FileHandle, start: number): AsyncGenerator<Buffer> {
  for (let at = start; ;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Node's decoder ends after the first frame without a word; parallel compressors and `cat a.zst b.zst` write many. */
async function* zstdFrames(file: FileHandle): AsyncGenerator<Buffer> {
  const { size } = await file.stat();
  for (let start = 0; start < size;) {
    const decoder = createZstdDecompress();
    yield* unpacked(file, start, decoder);
    if (decoder.bytesWritten === 0) return;
    start += decoder.bytesWritten;
  }
}

async function* unpacked(
  file: FileHandle,
  start: number,
  decoder: ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>,
): AsyncGenerator<Buffer> {
  // Its failure reaches the loop as the decoder's; waited for, so that no read is under way when the file is closed.
  const fed = pipeline(Readable.from(bytesOf(file, start)), decoder).catch(() => undefined);
  try {
    for await (const piece of decoder as AsyncIterable<Buffer>) yield piece;
  } finally {
    decoder.destroy();
    await fed;
  }
}
