import { open, stat, type FileHandle } from 'node:fs/promises';

import type { Batch, Checkpoint } from '../contract/batch.ts';
import { contentOf, packingOf, type Packing } from './archive.ts';
import { Batcher, type BatchLimits, type Place } from './batcher.ts';
import { FINGERPRINT_BYTES, fingerprintOf, headOf, inodeOf, mtimeOf } from './identity.ts';

export interface ReadOptions extends BatchLimits {
  /** Bytes of the (unpacked) content that were read already, and lines in them. */
  readonly from?: Place;
  /** What a last line without a newline is: a line (the default), or one that still waits for its rest. */
  readonly lastHalf?: 'is-whole' | 'waits';
  /** What the checkpoints say came before this file. */
  readonly before?: Checkpoint['before'];
}

const PIECE = 64 * 1024;

/**
 * Reads a log that does not grow, plain or compressed: what it is is told from its first bytes, not from its name.
 * A last line without a newline is a line. Offsets and the fingerprint are those of the unpacked content.
 * @throws Error with a sentence when the file cannot be read, when an archive is of a kind that cannot be unpacked here
 *   (the sentence names the command), or is damaged, after the lines before the damage
 */
export async function* readFile(path: string, options: ReadOptions = {}): AsyncGenerator<Batch> {
  const file = await openToRead(path);
  try {
    yield* readOpened(file, path, options);
  } finally {
    await file.close();
  }
}

/** As readFile, of a file that is open already and stays open. @param path is only what the checkpoints say */
export async function* readOpened(file: FileHandle, path: string, options: ReadOptions = {}): AsyncGenerator<Batch> {
  const { from = { offset: 0, line: 0 }, lastHalf = 'is-whole', before } = options;
  const found = await file.stat({ bigint: true });
  const packing = await packingOf(file, path);
  const isPlain = packing === 'plain';
  const batcher = new Batcher(from, options);
  let head = isPlain ? await headOf(file) : Buffer.alloc(0);
  // A plain file is not read again up to there.
  let skip = isPlain ? 0 : from.offset;
  const identity = { path, ...inodeOf(found), mtimeMs: mtimeOf(found), ...(before !== undefined && { before }) };
  const take = (): Batch => batcher.take({ ...identity, ...fingerprintOf(head) });
  try {
    for await (const chunk of contentOf(file, packing, isPlain ? from.offset : 0)) {
      if (!isPlain && head.length < FINGERPRINT_BYTES)
        head = Buffer.concat([head, chunk]).subarray(0, FINGERPRINT_BYTES);
      const unread = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - unread.length;
      // In pieces, so that a batch keeps its size whatever the chunk holds.
      for (let start = 0; start < unread.length; start += PIECE) {
        batcher.feed(unread.subarray(start, start + PIECE));
        if (batcher.isFull) yield take();
      }
    }
    if (lastHalf === 'is-whole') batcher.end();
  } catch (error) {
    if (!batcher.isEmpty) yield take();
    throw new Error(failureOf(packing, error), { cause: error });
  }
  if (!batcher.isEmpty) yield take();
}

/** @throws Error with a sentence */
async function openToRead(path: string): Promise<FileHandle> {
  try {
    // Looked at before it is opened: opening a pipe would wait for its writer.
    if (!(await stat(path)).isFile()) throw new Error('not a regular file');
    return await open(path, 'r');
  } catch (error) {
    throw new Error(`cannot be read (${reasonOf(error)}).`, { cause: error });
  }
}

function failureOf(packing: Packing, error: unknown): string {
  const isReading = packing === 'plain' || (error as NodeJS.ErrnoException).syscall !== undefined;
  if (isReading) return `reading failed (${reasonOf(error)}).`;
  return `the ${packing} archive is damaged or cut off (${reasonOf(error)}).`;
}

const reasonOf = (error: unknown): string =>
  (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
