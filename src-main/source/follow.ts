import type { BigIntStats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';

import type { Batch, Checkpoint, SourceLine, SourceRefusal, SourceState } from '../contract.ts';
import { fingerprintOf, isSameFile, sameInode, type Fingerprint } from './identity.ts';
import { LineSplitter } from './line-splitter.ts';
import { MAX_BATCH_LINES, MAX_LINE_BYTES, readFile } from './read-file.ts';
import { rotatedSince } from './rotation.ts';
import { Waiter } from './waiter.ts';

export interface FollowOptions {
  /** Where to read on; without one `startAt` says. */
  readonly from?: Checkpoint;
  /** Where to begin in a log that was never read. */
  readonly startAt: 'beginning' | 'end';
  readonly signal: AbortSignal;
  readonly onState?: (state: SourceState) => void;
  /** A sentence about something that may have been missed. */
  readonly onGap?: (text: string) => void;
  readonly maxBatchLines?: number;
  readonly maxLineBytes?: number;
  /** How long a change can stay unnoticed when inotify does not tell. */
  readonly pollMs?: number;
}

const CHUNK = 64 * 1024;
const POLL_MS = 5000;
const MOST_ATTEMPTED = 1000;

/**
 * Follows a log through everything that happens to logs: rename and create, copytruncate, delete and create,
 * osquery's own rotation, being missing or unreadable for a while. Yields batches of whole lines in their order with the
 * position after them. Nothing more is read until the consumer asks: that is all the backpressure there is. Ends when
 * `signal` is aborted.
 *
 * What a rotated file still held is read from where it is now, also compressed, found by inode or by its first bytes.
 */
export async function* follow(path: string, options: FollowOptions): AsyncGenerator<Batch> {
  const follower = new Follower(path, options);
  try {
    yield* follower.run();
  } finally {
    await follower.close();
  }
}

class Follower {
  readonly #path: string;
  readonly #options: FollowOptions;
  readonly #waiter: Waiter;
  readonly #mostLines: number;
  #position: Checkpoint | undefined;
  #file: FileHandle | undefined;
  #told = '';
  /** Rotated files that were read, by device and inode. */
  readonly #attempted = new Set<string>();

  constructor(path: string, options: FollowOptions) {
    this.#path = path;
    this.#options = options;
    this.#position = options.from;
    this.#mostLines = options.maxBatchLines ?? MAX_BATCH_LINES;
    this.#waiter = new Waiter(path, options.pollMs ?? POLL_MS, options.signal, (text) => options.onGap?.(text));
  }

  async *run(): AsyncGenerator<Batch> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      const opened = await this.#open();
      if (!opened) {
        yield* this.#readRotated();
        await this.#waiter.wait();
        continue;
      }
      if (!opened.same) yield* this.#readRotated();
      yield* this.#readToReplacement(opened.file, opened.stat, opened.same);
      await opened.file.close();
      this.#file = undefined;
    }
  }

  async close(): Promise<void> {
    this.#waiter.close();
    await this.#file?.close();
  }

  /** Opens the log as it is now. Undefined, and told, when it cannot be read. */
  async #open(): Promise<{ file: FileHandle; stat: BigIntStats; same: boolean } | undefined> {
    let file: FileHandle | undefined;
    try {
      // Looked at before it is opened: opening a pipe would wait for its writer.
      if (!(await stat(this.#path)).isFile()) throw Object.assign(new Error(), { code: 'not a regular file' });
      file = await open(this.#path, 'r');
      const found = await file.stat({ bigint: true });
      const same = await this.#continues(file, found);
      this.#file = file;
      this.#tell({ state: 'following', path: this.#path });
      return { file, stat: found, same };
    } catch (error) {
      await file?.close();
      // What is created after this is new from its first byte.
      this.#firstRun = false;
      this.#tell(stateOf(this.#path, error));
      return undefined;
    }
  }

  async #continues(file: FileHandle, found: BigIntStats): Promise<boolean> {
    return (
      this.#position !== undefined &&
      sameInode(found, this.#position) &&
      (await isSameFile(file, found, this.#position))
    );
  }

  /** What was written to files that have been rotated away since the position. */
  async *#readRotated(): AsyncGenerator<Batch> {
    const position = this.#position;
    if (!position) return;
    const files = await rotatedSince(this.#path, position);
    if (files.length === 0 && position.offset > 0 && position === this.#options.from && this.#file) {
      this.#options.onGap?.(
        `${this.#path} was replaced while nobody read it; what was written to the old file after line ${position.line} is not among the rotated ones`,
      );
    }
    for (const [f, file] of files.entries()) {
      const from = f === 0 ? { offset: position.offset, line: position.line } : { offset: 0, line: 0 };
      try {
        yield* this.#readWhole(file, from);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        this.#options.onGap?.(`${file}: ${error.message} The rest of it was not read.`);
      }
      if (this.#options.signal.aborted) return;
    }
  }

  async *#readWhole(file: string, from: { offset: number; line: number }): AsyncGenerator<Batch> {
    const { maxLineBytes = MAX_LINE_BYTES, signal } = this.#options;
    const { dev, ino } = await stat(file, { bigint: true });
    const identity = { path: this.#path, device: dev.toString(), inode: ino.toString() };
    if (this.#attempted.size >= MOST_ATTEMPTED) this.#attempted.clear();
    this.#attempted.add(`${dev}:${ino}`);
    for await (const batch of readFile(file, { from, maxLineBytes, maxBatchLines: this.#mostLines })) {
      if (signal.aborted) return;
      this.#position = { ...batch.checkpoint, ...identity };
      yield { ...batch, checkpoint: this.#position };
    }
  }

  /** Whether something was rotated away that was not there when the rotated files were read. */
  async #missedRotation(): Promise<boolean> {
    if (!this.#position) return false;
    for (const file of (await rotatedSince(this.#path, this.#position)).slice(1)) {
      const found = await stat(file, { bigint: true }).catch(() => undefined);
      if (!found || !this.#attempted.has(`${found.dev}:${found.ino}`)) return true;
    }
    return false;
  }

  /** Reads the open file until another one stands in its place and this one has nothing more. */
  async *#readToReplacement(file: FileHandle, found: BigIntStats, same: boolean): AsyncGenerator<Batch> {
    const { signal, startAt, maxLineBytes = MAX_LINE_BYTES, from } = this.#options;
    const atEnd = !same && startAt === 'end' && from === undefined && this.#position === undefined && this.#first();
    const begin = same ? this.#position! : { offset: atEnd ? Number(found.size) : 0, line: 0 };
    const splitter = new LineSplitter(maxLineBytes, begin.offset, begin.line);
    const identity = { path: this.#path, device: found.dev.toString(), inode: found.ino.toString() };
    let print = await fingerprintOf(file, Number(found.size));
    const buffer = Buffer.alloc(CHUNK);
    let lines: SourceLine[] = [];
    let refused: SourceRefusal[] = [];
    let offset = begin.offset;
    let replaced = false;
    let begun = same;
    const flush = async (): Promise<Batch> => {
      if (print.fingerprintBytes < 1024) print = await fingerprintOf(file, offset);
      const checkpoint = { ...identity, ...print, offset: splitter.offset, line: splitter.number };
      const batch = { lines, refused, checkpoint };
      [lines, refused] = [[], []];
      this.#position = checkpoint;
      return batch;
    };
    // Where reading began is worth remembering before the first line: the log may be rotated away before it comes.
    if (!this.#position && from === undefined) yield await flush();
    while (!signal.aborted) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, offset);
      // Looked at after reading: what was read from a file that was begun anew meanwhile is not the rest of the old one.
      const intact = await this.#isIntact(file, offset, print);
      // Before its first lines are handed on: was another file truncated or rotated away before this one was looked at?
      if (!begun && (!intact || bytesRead > 0)) {
        if (await this.#missedRotation()) return;
        begun = true;
      }
      if (!intact) {
        if (lines.length + refused.length > 0) yield await flush();
        return;
      }
      offset += bytesRead;
      splitter.feed(buffer.subarray(0, bytesRead), lines, refused);
      if (lines.length + refused.length >= this.#mostLines) yield await flush();
      if (bytesRead > 0) continue;
      if (lines.length + refused.length > 0) yield await flush();
      // At the end twice after it was replaced: a writer that had it open has had its chance.
      if (replaced) {
        splitter.end(lines, refused);
        if (lines.length + refused.length > 0) yield await flush();
        return;
      }
      replaced = await this.#isReplaced(found);
      if (!replaced) await this.#waiter.wait();
    }
  }

  #firstRun = true;
  #first(): boolean {
    const first = this.#firstRun;
    this.#firstRun = false;
    return first;
  }

  /** Whether the open file still begins as it did, and reaches as far: copytruncate writes a new log into it. */
  async #isIntact(file: FileHandle, offset: number, print: Fingerprint): Promise<boolean> {
    const { size } = await file.stat();
    if (size < offset) return false;
    const { fingerprint } = await fingerprintOf(file, size, print.fingerprintBytes);
    return fingerprint === print.fingerprint;
  }

  async #isReplaced({ dev, ino }: BigIntStats): Promise<boolean> {
    try {
      const now = await stat(this.#path, { bigint: true });
      return now.dev !== dev || now.ino !== ino;
    } catch (error) {
      this.#tell(stateOf(this.#path, error));
      return (error as NodeJS.ErrnoException).code === 'ENOENT';
    }
  }

  #tell(state: SourceState): void {
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.#options.onState?.(state);
  }
}

function stateOf(path: string, error: unknown): SourceState {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return { state: 'missing', path, cause: 'does not exist yet: is osqueryd running?' };
  const remedy =
    code === 'EACCES'
      ? 'may not be read by this user; to allow it: sudo setfacl -m u:$USER:r'
      : `cannot be read: ${code}`;
  return { state: 'unreadable', path, cause: code === 'EACCES' ? `${remedy} ${path}` : remedy };
}
