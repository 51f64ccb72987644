import { open, stat, type FileHandle } from 'node:fs/promises';

import type { Batch, Checkpoint, SourceState } from '../contract.ts';
import { contentOf } from './archive.ts';
import { Batcher, type BatchLimits, type Place } from './batcher.ts';
import { readRotated, unreadRotated, type CatchUpOptions, type Present } from './catch-up.ts';
import { unmoved } from './folder.ts';
import { beginsAs, fingerprintOf, headOf, inodeOf, sameInode, type Fingerprint } from './identity.ts';
import { rotatedSince } from './rotation.ts';
import { isSystemError, notRegular, stateOf } from './states.ts';
import { Waiter } from './waiter.ts';

export interface FollowOptions extends BatchLimits {
  /** Where to read on; without one `startAt` says. */
  readonly from?: Checkpoint;
  /** Where to begin in a log that was never read: at its first byte, or after its last whole line. */
  readonly startAt: 'beginning' | 'end';
  readonly signal: AbortSignal;
  readonly onState?: (state: SourceState) => void;
  /** A sentence about something that may have been missed. */
  readonly onGap?: (text: string) => void;
  /** How long a change can stay unnoticed when inotify does not tell. */
  readonly pollMs?: number;
}

const CHUNK = 64 * 1024;
const POLL_MS = 5000;

/**
 * Follows a log through everything that happens to logs: rename and create, copytruncate, delete and create,
 * osquery's own rotation, being missing or unreadable for a while. Yields batches of whole lines in their order with the
 * position after them. Nothing more is read until the consumer asks: that is all the backpressure there is. Ends when
 * `signal` is aborted.
 *
 * What a rotated file still held is read from where it is now, also compressed, found by inode or by its first bytes.
 * A log that was renamed or deleted stays open until a later file holds something: until then its writer may write to
 * it, and a half line at its end may be finished; after that a half line is a line.
 *
 * What copytruncate itself loses, lines written between the copy and the truncation, is lost to us too unless they were
 * read in that moment. A log that is emptied without a copy loses what was not read yet: `onGap` says how much is known.
 * One that lost only its end, and begins as before, is not read again: reading goes on at its new end, and `onGap` says so.
 */
export async function* follow(path: string, options: FollowOptions): AsyncGenerator<Batch> {
  const follower = new Follower(path, options);
  try {
    yield* follower.run();
  } finally {
    follower.close();
  }
}

interface Opened extends Present {
  /** Whether it is the file of the position, which is read on. */
  readonly isSame: boolean;
}

class Follower {
  readonly #path: string;
  readonly #options: FollowOptions;
  readonly #catchUpOptions: CatchUpOptions;
  readonly #waiter: Waiter;
  #position: Checkpoint | undefined;
  /** Bytes that the position's file is known to have had. */
  #seen = 0;
  #isResuming: boolean;
  #isFirstLook = true;
  #note: string | undefined;
  #told = '';

  constructor(path: string, options: FollowOptions) {
    const { from, signal, onGap = () => undefined } = options;
    this.#path = path;
    this.#options = options;
    this.#position = from;
    this.#isResuming = from !== undefined;
    this.#catchUpOptions = { ...options, log: path, onGap, closed: new Set() };
    this.#waiter = new Waiter(path, options.pollMs ?? POLL_MS, signal, (note) => {
      this.#note = note;
    });
  }

  async *run(): AsyncGenerator<Batch> {
    while (!this.#options.signal.aborted) {
      const opened = await this.#open();
      // What is created after the first look is new from its first byte.
      const isFirstLook = this.#isFirstLook;
      this.#isFirstLook = false;
      try {
        if (!opened?.isSame) yield* this.#catchUp(opened);
        if (opened) yield* this.#readToSuccessor(opened, isFirstLook);
        else await this.#waiter.wait();
      } catch (error) {
        if (!isSystemError(error)) throw error;
        this.#tell(stateOf(this.#path, error));
        await this.#waiter.wait();
      } finally {
        await opened?.file.close();
      }
    }
  }

  close(): void {
    this.#waiter.close();
  }

  /** Opens the log as it is now. Undefined, and told, when it cannot be read. */
  async #open(): Promise<Opened | undefined> {
    let file: FileHandle | undefined;
    try {
      // Looked at before it is opened: opening a pipe would wait for its writer.
      if (!(await stat(this.#path)).isFile()) throw notRegular();
      file = await open(this.#path, 'r');
      const found = await file.stat({ bigint: true });
      const inode = inodeOf(found);
      const position = this.#position;
      const isSame = position !== undefined && sameInode(inode, position) && beginsAs(await headOf(file), position);
      if (isSame && found.size < BigInt(position.offset)) await this.#goBack(file, position);
      this.#tellFollowing();
      return { file, inode, isSame };
    } catch (error) {
      await file?.close();
      if (!isSystemError(error)) throw error;
      this.#tell(stateOf(this.#path, error));
      return undefined;
    }
  }

  /**
   * The log lost its end, as a file system may after a power failure: what is left of it was read. Lines that were
   * written since are not told from it: missing a few is better than storing weeks twice.
   */
  async #goBack(file: FileHandle, position: Checkpoint): Promise<void> {
    this.#position = { ...position, ...(await lastLineOf(file)) };
    const { line } = this.#position;
    this.#options.onGap?.(
      `${this.#path} lost its end: ${position.line} lines of it were read, ${line} are left; reading goes on after those, what was written since may be missed`,
    );
  }

  /** What was written to files that have been rotated away since the position. */
  async *#catchUp(present: Present | undefined): AsyncGenerator<Batch> {
    if (!this.#position) return;
    if (present) await this.#tellGap(this.#position);
    const source = readRotated(this.#position, present, this.#catchUpOptions);
    try {
      for (;;) {
        const { done, value } = await source.next();
        this.#position = done ? value : value.checkpoint;
        if (done) return;
        yield value;
      }
    } finally {
      // A consumer that stops in between: the file that is being read is closed.
      await source.return(this.#position);
    }
  }

  async #tellGap(position: Checkpoint): Promise<void> {
    const { line, offset } = position;
    const known = this.#seen - offset;
    if ((this.#isResuming || known > 0) && (await unmoved(() => rotatedSince(this.#path, position))).length === 0) {
      const how = this.#isResuming ? 'was replaced while nobody read it' : 'was emptied before it was read to its end';
      const much = this.#isResuming ? 'how much that was is unknown' : `${known} bytes are known to be lost`;
      this.#options.onGap?.(
        `${this.#path} ${how}; what was written to the old file after line ${line} is not among the rotated ones: ${much}`,
      );
    }
    this.#isResuming = false;
    this.#seen = 0;
  }

  /** Reads the open file until a later one holds something and this one has nothing more, or until it is begun anew. */
  async *#readToSuccessor(opened: Opened, isFirstLook: boolean): AsyncGenerator<Batch> {
    const { signal, startAt } = this.#options;
    const { file, inode, isSame } = opened;
    const isNew = this.#position === undefined;
    let begin: Place = { offset: 0, line: 0 };
    if (isSame) begin = this.#position!;
    else if (isNew && isFirstLook && startAt === 'end') begin = await lastLineOf(file);
    const batcher = new Batcher(begin, this.#options);
    const buffer = Buffer.alloc(CHUNK);
    let { offset } = begin;
    let print: Fingerprint = isSame ? this.#position! : fingerprintOf(await headOf(file));
    let isBegun = isSame || isNew;
    const unread = isBegun ? '' : await this.#unreadAfter(this.#position!, opened);
    let isOver = false;
    const take = (): Batch => {
      const batch = batcher.take({ path: this.#path, ...inode, ...print });
      this.#position = batch.checkpoint;
      return batch;
    };
    // Where reading began is worth remembering before the first line: the log may be rotated away before it comes.
    if (isNew) yield take();
    this.#isResuming = false;
    while (!signal.aborted) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, offset);
      // Looked at after reading: what was read from a file that was begun anew meanwhile is not the rest of the old one.
      const intact = await this.#intact(file, offset + bytesRead, print);
      // Before its first lines are handed on: was another file truncated or rotated away before this one was looked at?
      if (!isBegun && (!intact || bytesRead > 0)) {
        if (await this.#isBehind(this.#position!, opened)) return;
        isBegun = true;
        take();
      }
      // Emptied again before its first line was seen: that is in the copy, and does not wait for the next one.
      if (!isBegun && (await this.#unreadAfter(this.#position!, opened)) !== unread) return;
      if (!intact) {
        if (!batcher.isEmpty) yield take();
        return;
      }
      print = intact;
      offset += bytesRead;
      batcher.feed(buffer.subarray(0, bytesRead));
      if (batcher.isFull || (bytesRead === 0 && !batcher.isEmpty)) yield take();
      if (bytesRead > 0) continue;
      // At the end again after a later file was there: a writer that had this one open has had its chance.
      if (isOver) {
        batcher.end();
        if (!batcher.isEmpty) yield take();
        return;
      }
      isOver = await this.#hasSuccessor(opened);
      if (!isOver) await this.#waiter.wait();
    }
  }

  /** The fingerprint of as much as was read, if the file still begins as it did and reaches as far. */
  async #intact(file: FileHandle, reach: number, print: Fingerprint): Promise<Fingerprint | undefined> {
    const { size } = await file.stat();
    const head = await headOf(file);
    if (size < reach || !beginsAs(head, print)) return undefined;
    this.#seen = size;
    // Of what was read only: a copy of the log may end there.
    const known = head.subarray(0, reach);
    return known.length > print.fingerprintBytes ? fingerprintOf(known) : print;
  }

  async #isBehind(position: Checkpoint, present: Present): Promise<boolean> {
    const { own, later } = await unreadRotated(position, present, this.#catchUpOptions);
    return own !== undefined || later.length > 0;
  }

  /** Another text whenever there is something else to be read in rotated files. */
  async #unreadAfter(position: Checkpoint, present: Present): Promise<string> {
    const { own, later } = await unreadRotated(position, present, this.#catchUpOptions);
    return JSON.stringify([own, ...later].map((file) => file && [file.inode, file.version]));
  }

  /** Whether what is written now goes to another file: one that already holds something. */
  async #hasSuccessor(opened: Opened): Promise<boolean> {
    try {
      const now = await stat(this.#path, { bigint: true });
      if (!now.isFile()) throw notRegular();
      if (sameInode(inodeOf(now), opened.inode)) {
        this.#tellFollowing();
        return false;
      }
      if (now.size > 0n) return true;
    } catch (error) {
      this.#tell(stateOf(this.#path, error));
    }
    if (!this.#position) return false;
    return (await unreadRotated(this.#position, opened, this.#catchUpOptions)).later.length > 0;
  }

  #tellFollowing(): void {
    this.#tell({ state: 'following', path: this.#path, ...(this.#note !== undefined && { note: this.#note }) });
  }

  #tell(state: SourceState): void {
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.#options.onState?.(state);
  }
}

/** The place after the last whole line: the rest of a half one will still come, and is to come whole. */
async function lastLineOf(file: FileHandle): Promise<Place> {
  let [read, offset, line] = [0, 0, 0];
  for await (const piece of contentOf(file, 'plain')) {
    for (let at = piece.indexOf(0x0a); at >= 0; at = piece.indexOf(0x0a, at + 1))
      [offset, line] = [read + at + 1, line + 1];
    read += piece.length;
  }
  return { offset, line };
}
