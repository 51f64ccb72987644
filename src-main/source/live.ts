import { stat, type FileHandle } from 'node:fs/promises';

import type { Batch, Checkpoint } from '../contract/batch.ts';
import { Batcher, type Place } from './batcher.ts';
import { NOTHING_LEFT, textOf, unreadRotated, type CatchUpOptions, type Present, type Unread } from './catch-up.ts';
import { beginsAs, fingerprintOf, headOf, inodeOf, isTold, mtimeOf, sameInode, type Fingerprint } from './identity.ts';
import { notRegular, type StateTeller } from './states.ts';
import type { ChangeWatcher } from './change-watcher.ts';

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;

/** What a follower knows of where it is. */
export interface FollowState {
  readonly catchUp: CatchUpOptions;
  readonly states: StateTeller;
  readonly watcher: ChangeWatcher;
  /** Undefined before the first batch. */
  position: Checkpoint | undefined;
  /** What was left unread in rotated files when they were last looked at before this log was opened. Of a later look it would
   *  not be known whether something came between the two. */
  left: string;
  /** Bytes that the position's file is known to have had. */
  seen: number;
  /** Whether nothing was looked at since reading was taken up where another run left it. */
  isResuming: boolean;
}

/** The log as it was opened. */
export interface Opened extends Present {
  /** Whether it is the file of the position, which is read on. */
  readonly isSame: boolean;
}

/** Reads the open log until a later one holds something and this one has nothing more, or until it is begun again. */
export class LiveLog {
  readonly #state: FollowState;
  readonly #opened: Opened;
  readonly #batcher: Batcher;
  #offset: number;
  #print: Fingerprint;
  /** The first bytes that were read, a half line among them: a file that was begun again and has grown since has others. */
  #head: Buffer = Buffer.alloc(0);
  /** Bytes that the file had when it was last found intact. */
  #size = 0;
  #mtimeMs: number | undefined;
  #before: Checkpoint['before'];

  /** @param begin where to read on; @param print of as much as was read; @param before what came before this file, where it is known */
  constructor(state: FollowState, opened: Opened, begin: Place, print: Fingerprint, before: Checkpoint['before']) {
    this.#state = state;
    this.#opened = opened;
    this.#batcher = new Batcher(begin, state.catchUp);
    this.#offset = begin.offset;
    this.#print = print;
    this.#before = before;
  }

  async *read(): AsyncGenerator<Batch> {
    const { catchUp, position, watcher } = this.#state;
    const { file, isSame } = this.#opened;
    const buffer = Buffer.alloc(CHUNK);
    // Where reading began is worth remembering before the first line: the log may be rotated away before it comes.
    if (!position) yield await this.#takeFirst();
    const isOwn = isSame || !position;
    if (isOwn && !isTold(this.#print)) this.#state.left = NOTHING_LEFT;
    let isBegun = isOwn && isTold(this.#print);
    let isOver = false;
    this.#state.isResuming = false;
    while (!catchUp.signal.aborted) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, this.#offset);
      // Looked at after reading: what was read from a file that was begun again meanwhile is not the rest of the old one.
      const isIntact = await this.#isIntact(buffer.subarray(0, bytesRead));
      // Nothing of it was handed on: whatever became of it comes after what was read before it.
      if (!isBegun && !isIntact) return;
      // Before its first lines are handed on: was another file truncated or rotated away before this one was looked at? A
      // half line may be the end of what is in a copy now, and go on with what was written since.
      if (!isBegun && (isOver ? this.#head.length > 0 : bytesRead > 0 && isTold(this.#print))) {
        const { own, later, before } = await this.#unread();
        if (own !== undefined || later.length > 0) return;
        isBegun = true;
        this.#before = before;
        this.#take();
      }
      // Emptied again before its first line was seen: that is in the copy, and does not wait for the next one.
      if (!isBegun && textOf(await this.#unread()) !== this.#state.left) return;
      if (!isIntact) {
        if (!this.#batcher.isEmpty) yield this.#take();
        return;
      }
      if (isOwn || isBegun) this.#state.seen = this.#size;
      this.#offset += bytesRead;
      this.#batcher.feed(buffer.subarray(0, bytesRead));
      if (this.#batcher.isFull || (bytesRead === 0 && !this.#batcher.isEmpty)) yield this.#take();
      if (bytesRead > 0) continue;
      // At the end again after a later file was there: a writer that had this one open has had its chance.
      if (isOver) {
        this.#batcher.end();
        if (!this.#batcher.isEmpty) yield this.#take();
        return;
      }
      isOver = await this.#hasSuccessor();
      if (!isOver) await watcher.wait();
    }
  }

  #take(): Batch {
    const batch = this.#batcher.take({
      path: this.#state.catchUp.log,
      ...this.#opened.inode,
      ...this.#print,
      ...(this.#mtimeMs !== undefined && { mtimeMs: this.#mtimeMs }),
      ...(this.#before !== undefined && { before: this.#before }),
    });
    this.#state.position = batch.checkpoint;
    return batch;
  }

  async #takeFirst(): Promise<Batch> {
    this.#mtimeMs = mtimeOf(await this.#opened.file.stat({ bigint: true }));
    return this.#take();
  }

  /** Whether the file still begins as it did and reaches as far, and what was read now is still there. */
  async #isIntact(chunk: Buffer): Promise<boolean> {
    const reach = this.#offset + chunk.length;
    const { file } = this.#opened;
    const now = await file.stat({ bigint: true });
    const head = await headOf(file);
    if (now.size < reach || !beginsAs(head, this.#print)) return false;
    // Also half a line: a fingerprint is of whole ones only.
    if (!head.subarray(0, this.#head.length).equals(this.#head)) return false;
    const read = head.subarray(this.#offset, reach);
    if (!chunk.subarray(0, read.length).equals(read)) return false;
    this.#size = Number(now.size);
    this.#mtimeMs = mtimeOf(now);
    // Of what was read only, and no more than it takes: a copy of the log may end there.
    const known = head.subarray(0, reach);
    this.#head = known;
    const isSettled = head.subarray(0, this.#print.fingerprintBytes).includes(NEWLINE);
    const print = fingerprintOf(known);
    if (!isSettled && print.fingerprintBytes > this.#print.fingerprintBytes) this.#print = print;
    return true;
  }

  /** What rotated files hold between the position and this log, as far as that was read: it may be another since. */
  #unread(): Promise<Unread> {
    return unreadRotated(this.#state.position!, { ...this.#opened, head: this.#head }, this.#state.catchUp);
  }

  /** Whether what is written now goes to another file: one that already holds something. */
  async #hasSuccessor(): Promise<boolean> {
    const { catchUp, position, states } = this.#state;
    try {
      const now = await stat(catchUp.log, { bigint: true });
      if (!now.isFile()) throw notRegular();
      if (sameInode(inodeOf(now), this.#opened.inode)) {
        states.following();
        return false;
      }
      if (now.size > 0n) return true;
    } catch (error) {
      states.failed(error);
    }
    if (position === undefined) return false;
    // Also what came after this one, where it is gone itself.
    const { file, inode } = this.#opened;
    return (await unreadRotated(position, { file, inode }, catchUp)).later.length > 0;
  }
}

/** How a log is told apart that is opened for the first time, or again. */
export const printOf = async (file: FileHandle, position: Checkpoint | undefined): Promise<Fingerprint> =>
  position ?? fingerprintOf(await headOf(file));
