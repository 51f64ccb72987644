import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

import type { Batch, SourceLine, SourceRefusal } from '../contract.ts';
import { hashOf } from './identity.ts';
import { LineSplitter } from './line-splitter.ts';

export interface ReadOptions {
  readonly maxBatchLines?: number;
  readonly maxLineBytes?: number;
  /** Bytes of the (unpacked) content that were read already, and lines in them. */
  readonly from?: { readonly offset: number; readonly line: number };
}

export const MAX_LINE_BYTES = 1024 * 1024;
export const MAX_BATCH_LINES = 2000;

/**
 * Reads a log that does not grow, plain or compressed: what it is is told from its first bytes, not from its name.
 * A last line without a newline is a line. Offsets and the fingerprint are those of the unpacked content.
 * @throws Error with a sentence when the file cannot be read or an archive is damaged, after the lines before the damage
 */
export async function* readFile(path: string, options: ReadOptions = {}): AsyncGenerator<Batch> {
  const { maxBatchLines = MAX_BATCH_LINES, maxLineBytes = MAX_LINE_BYTES, from = { offset: 0, line: 0 } } = options;
  const { stream, failure } = await unpacked(path);
  const splitter = new LineSplitter(maxLineBytes, from.offset, from.line);
  const head: Buffer[] = [];
  let headBytes = 0;
  let skip = from.offset;
  let lines: SourceLine[] = [];
  let refused: SourceRefusal[] = [];
  const batch = (): Batch => {
    const bytes = Buffer.concat(head).subarray(0, 1024);
    const fingerprint = { fingerprint: hashOf(bytes), fingerprintBytes: bytes.length };
    const { offset, number: line } = splitter;
    const made = { lines, refused, checkpoint: { path, device: '0', inode: '0', ...fingerprint, offset, line } };
    lines = [];
    refused = [];
    return made;
  };
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (headBytes < 1024) head.push(Buffer.from(chunk));
      headBytes += chunk.length;
      const unread = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - unread.length;
      // In pieces, so that a batch keeps its size whatever the chunk holds.
      for (let start = 0; start < unread.length; start += 65_536) {
        splitter.feed(unread.subarray(start, start + 65_536), lines, refused);
        if (lines.length + refused.length >= maxBatchLines) yield batch();
      }
    }
    splitter.end(lines, refused);
  } catch (error) {
    if (lines.length + refused.length > 0) yield batch();
    throw new Error(failure(error), { cause: error });
  }
  if (lines.length + refused.length > 0) yield batch();
}

/** The first bytes of the (unpacked) content, at most `count`. @throws Error when it cannot be read */
export async function firstBytes(path: string, count: number): Promise<Buffer> {
  const { stream } = await unpacked(path);
  const head: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    head.push(chunk);
    bytes += chunk.length;
    if (bytes >= count) break;
  }
  return Buffer.concat(head).subarray(0, count);
}

async function unpacked(path: string): Promise<{ stream: Readable; failure: (error: unknown) => string }> {
  const reason = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
  let magic: Buffer;
  try {
    const file = await open(path, 'r');
    try {
      if (!(await file.stat()).isFile())
        throw Object.assign(new Error('not a regular file'), { code: 'not a regular file' });
      magic = Buffer.alloc(4);
      await file.read(magic, 0, 4, 0);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Error(`cannot be read (${reason(error)}).`, { cause: error });
  }
  const raw = createReadStream(path);
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
  const zstd = magic.readUInt32LE(0) === 0xfd2fb528;
  if (!gzip && !zstd) return { stream: raw, failure: (error) => `reading failed (${reason(error)}).` };
  const stream = gzip ? createGunzip() : createZstdDecompress();
  pipeline(raw, stream, () => undefined);
  return {
    stream,
    failure: (error) => `the ${gzip ? 'gzip' : 'zstd'} archive is damaged or cut off (${reason(error)}).`,
  };
}
