import type { FileHandle } from 'node:fs/promises';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';

import { MAGIC_BYTES, refuseUnsupported } from './unsupported-archive.ts';
import { FINGERPRINT_BYTES } from './identity.ts';

/** Told from the first bytes, never from the name. */
export type Packing = 'plain' | 'gzip' | 'zstd';

const CHUNK = 64 * 1024;
const ZSTD_FRAME = 0xfd2fb528;
/** A frame without content, sixteen magic numbers in a row: pzstd begins each of its frames with one. */
const ZSTD_SKIPPABLE = 0x184d2a50;

/** @throws UnsupportedArchive, which names the path, for an archive that cannot be unpacked here */
export async function packingOf(file: FileHandle, path: string): Promise<Packing> {
  const magic = Buffer.alloc(MAGIC_BYTES);
  await file.read(magic, 0, MAGIC_BYTES, 0);
  refuseUnsupported(magic, path);
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
  else yield* unpacked(file, packing);
}

/** The first bytes of the unpacked content: as many as a fingerprint takes, fewer where it is shorter or damaged. */
export async function contentHead(file: FileHandle, packing: Packing): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of contentOf(file, packing)) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= FINGERPRINT_BYTES) break;
    }
  } catch (error) {
    // What reading fails with is thrown; a damaged archive is one that ends there.
    if (packing === 'plain' || (error as NodeJS.ErrnoException).syscall !== undefined) throw error;
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

/**
 * Not with `for await` over the stream: when an error comes that drops what the stream still holds, the more the slower
 * its consumer is. And Node's zstd decoder ends after the first frame without a word; parallel compressors and
 * `cat a.zst b.zst` write many.
 */
async function* unpacked(file: FileHandle, packing: 'gzip' | 'zstd'): AsyncGenerator<Buffer> {
  let decoder = new Decoder(packing);
  try {
    for await (const bytes of bytesOf(file, 0)) {
      for (let left = bytes; left.length > 0;) {
        const unused = yield* decoder.feed(left);
        if (unused === 0) break;
        left = left.subarray(left.length - unused);
        decoder.close();
        decoder = new Decoder(packing);
      }
    }
    yield* decoder.end();
  } finally {
    decoder.close();
  }
}

/** A decompressing stream that is asked, so that it unpacks no more than is taken from it. */
class Decoder {
  readonly #packing: 'gzip' | 'zstd';
  readonly #stream: Gunzip | ZstdDecompress;
  #failure: Error | undefined;
  #fed = 0;
  #wake: () => void = () => undefined;

  constructor(packing: 'gzip' | 'zstd') {
    this.#packing = packing;
    this.#stream = packing === 'gzip' ? createGunzip() : createZstdDecompress();
    const wake = (): void => {
      this.#wake();
    };
    this.#stream.on('readable', wake).on('end', wake);
    this.#stream.on('error', (error: Error) => {
      this.#failure = error;
      wake();
    });
  }

  /** Yields what the bytes unpack to. Returns how many of them come after the end of a zstd frame. */
  async *feed(bytes: Buffer): AsyncGenerator<Buffer, number> {
    let isTaken = false;
    this.#fed += bytes.length;
    this.#stream.write(bytes, () => {
      isTaken = true;
      this.#wake();
    });
    yield* this.#until(() => isTaken);
    // Gunzip goes on to the next member by itself.
    return this.#packing === 'gzip' ? 0 : this.#fed - this.#stream.bytesWritten;
  }

  async *end(): AsyncGenerator<Buffer> {
    this.#stream.end();
    yield* this.#until(() => this.#stream.readableEnded);
  }

  close(): void {
    this.#stream.destroy();
  }

  async *#until(isDone: () => boolean): AsyncGenerator<Buffer> {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      for (let piece = this.#read(); piece; piece = this.#read()) yield piece;
      if (this.#failure) throw this.#failure;
      if (isDone()) return;
      await woken;
    }
  }

  #read(): Buffer | null {
    return this.#stream.read() as Buffer | null;
  }
}
