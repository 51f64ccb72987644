import { open, stat, type FileHandle } from 'node:fs/promises';

import type { Batch, Checkpoint } from '../contract/batch.ts';
import type { SourceState } from '../contract/desktop.ts';
import { message } from '../contract/story/messages.ts';
import type { BatchLimits, Place } from './batcher.ts';
import { readRotated, unreadRotated, type Present, type Unread } from './catch-up.ts';
import {
  isNowhere,
  lastLineOf,
  nowhere,
  placeAfter,
  initialStateOf,
  START,
  type InitialState,
} from './initial-state.ts';
import { beginsAs, headOf, inodeOf, isTold, sameInode } from './identity.ts';
import { LiveLog, printOf, type FollowState, type Opened } from './live.ts';
import { olderThan, rotatedNow } from './older.ts';
import { RetryPolicy } from './retry-policy.ts';
import { headOfListed, keyOf, type RotatedFile } from './rotation.ts';
import { newestRotated } from './rotated-files.ts';
import { isMissing, notRegular, StateTeller } from './states.ts';
import { ChangeWatcher } from './change-watcher.ts';

export interface FollowOptions extends BatchLimits {
  /** Where to read on; without one `startAt` says. */
  readonly from?: Checkpoint;
  /**
   * Where to begin in a log that was never read. 'beginning': at its first byte. 'end': with nothing of what was written
   * before watching began, so after the last whole line of what is there at first initial, also where that can be read
   * only later; a log that is not there at first is read from its first byte. Rotated files that are older are not read.
   */
  readonly startAt: 'beginning' | 'end';
  readonly signal: AbortSignal;
  readonly onState?: (state: SourceState) => void;
  /** A sentence about something that may have been missed. */
  readonly onGap?: (text: string) => void;
  /** A rotated file that a failing disk does not give is passed over after so long. */
  readonly retryForMs?: number;
  /** How long a change can stay unnoticed when inotify does not tell. */
  readonly pollMs?: number;
}

const POLL_MS = 5000;

/**
 * Follows a log through everything that happens to logs: rename and create, copytruncate, delete and create,
 * osquery's own rotation, being missing or unreadable for a while. Yields batches of whole lines in their order with the
 * position after them. Nothing more is read until the consumer asks: that is all the backpressure there is. Ends when
 * `signal` is aborted.
 *
 * What a rotated file still held is read from where it is now, also compressed, found by inode or by its first bytes.
 * A log that was renamed or deleted stays open until a later file holds something: until then its writer may write to
 * it, and a half line at its end may be finished; after that a half line is a line. When the file that was read last is
 * gone, the later ones are known by the file that came before it, and when that is gone too, by their times.
 *
 * What copytruncate itself loses, lines written between the copy and the truncation, is lost to us too unless they were
 * read in that moment. A log that is emptied without a copy loses what was not read yet: `onGap` says how much is known.
 * One that lost only its end, and begins as before, is not read again: reading goes on at its new end, and `onGap` says so.
 * Files that are rotated into another folder are not looked for there, archives of xz and bzip2 are not unpacked: `onGap`
 * says what was not read.
 */
export async function* follow(path: string, options: FollowOptions): AsyncGenerator<Batch> {
  const follower = new Follower(path, options);
  try {
    yield* follower.run();
  } finally {
    follower.close();
  }
}

class Follower {
  readonly #path: string;
  readonly #options: FollowOptions;
  readonly #onGap: (text: string) => void;
  readonly #state: FollowState;
  #initial: InitialState | undefined;

  constructor(path: string, options: FollowOptions) {
    const { from, signal, onState, onGap = () => undefined } = options;
    this.#path = path;
    this.#options = options;
    this.#onGap = onGap;
    const states = new StateTeller(path, onState);
    this.#state = {
      catchUp: { ...options, log: path, onGap, closed: new Set(), retry: new RetryPolicy(options.retryForMs) },
      states,
      watcher: new ChangeWatcher(path, options.pollMs ?? POLL_MS, signal, (note) => {
        states.note = note;
      }),
      position: from,
      left: '',
      seen: 0,
      isResuming: from !== undefined,
    };
  }

  async *run(): AsyncGenerator<Batch> {
    const { states, watcher } = this.#state;
    while (!this.#options.signal.aborted) {
      const opened = await this.#open();
      try {
        if (!opened && !this.#state.position) yield* this.#awaitFirst();
        if (!opened?.isSame) yield* this.#catchUp(opened);
        if (opened) yield* await this.#live(opened);
        else await watcher.wait();
      } catch (error) {
        states.failed(error);
        await watcher.wait();
      } finally {
        await opened?.file.close();
      }
    }
  }

  close(): void {
    this.#state.watcher.close();
  }

  /** Opens the log as it is now. Undefined, and told, when it cannot be read. */
  async #open(): Promise<Opened | undefined> {
    const { position, states, catchUp } = this.#state;
    const { retry } = catchUp;
    let file: FileHandle | undefined;
    try {
      // Looked at before it is opened: opening a pipe would wait for its writer.
      const there = await stat(this.#path, { bigint: true });
      if (!there.isFile()) throw notRegular();
      this.#initial ??= initialStateOf(there);
      const earlier = await rotatedNow(this.#path, retry);
      file = await open(this.#path, 'r');
      const found = await file.stat({ bigint: true });
      const inode = inodeOf(found);
      const isSame =
        position !== undefined &&
        sameInode(inode, position) &&
        beginsAs(await headOf(file), position) &&
        // Of a position before the first line, what came next may be in a copy, and the file be another since.
        (isTold(position) || !(await this.#isUnread(position, { file, inode })));
      if (isSame && found.size < BigInt(position.offset)) await this.#goBack(file, position);
      const older = isSame ? undefined : ((await olderThan(this.#path, { file, inode }, retry)) ?? earlier);
      states.following();
      return { file, inode, isSame, older };
    } catch (error) {
      await file?.close();
      states.failed(error);
      if (isMissing(error)) this.#initial ??= 'nothing';
      return undefined;
    }
  }

  async #isUnread(position: Checkpoint, present: Present): Promise<boolean> {
    const { own, later } = await unreadRotated(position, present, this.#state.catchUp);
    return own !== undefined || later.length > 0;
  }

  /**
   * The log lost its end, as a file system may after a power failure: what is left of it was read. Lines that were
   * written since are not told from it: missing a few is better than storing weeks twice.
   */
  async #goBack(file: FileHandle, position: Checkpoint): Promise<void> {
    const { offset, line } = await lastLineOf(file);
    this.#state.position = { ...position, offset, line };
    this.#onGap(message('log.cut', { path: this.#path, n: position.line, left: line }));
  }

  /** A log of which all is to be read may be rotated before it is seen: what is rotated from now on is its. */
  async *#awaitFirst(): AsyncGenerator<Batch> {
    if (this.#initial !== 'nothing' && this.#options.startAt === 'end') return;
    const before = await newestRotated(this.#path, this.#state.catchUp.retry);
    if (this.#initial !== 'nothing' && before === undefined) return;
    this.#state.position = nowhere(this.#path, before);
    yield { lines: [], refused: [], checkpoint: this.#state.position };
  }

  /** What was written to files that have been rotated away since the position. */
  async *#catchUp(present: Present | undefined): AsyncGenerator<Batch> {
    const { position, catchUp } = this.#state;
    if (!position) return;
    const unread = await unreadRotated(position, present, catchUp);
    if (unread.own) await this.#passOver(unread.own, position);
    this.#tellGap(position, present, unread);
    const source = readRotated(position, present, catchUp);
    try {
      for (;;) {
        const { done, value } = await source.next();
        if (done) {
          this.#state.position = value.position;
          this.#state.left = value.left;
          return;
        }
        this.#state.position = value.checkpoint;
        yield value;
      }
    } finally {
      // A consumer that stops in between: the file that is being read is closed.
      await source.return({ position, left: '' });
    }
  }

  /** What can no longer be read, packed or locked away since, is no gap where all of it was read before. */
  async #passOver(own: RotatedFile, position: Checkpoint): Promise<void> {
    const { seen, isResuming, catchUp } = this.#state;
    if (isResuming || seen > position.offset) return;
    // The same file, which has grown since: it is not read to its end.
    if (sameInode(own.inode, position) && own.size > position.offset) return;
    // What was moved meanwhile is looked for again.
    const head = await headOfListed(own, catchUp.retry).catch(() => 'moved');
    if (head === undefined) catchUp.closed.add(keyOf(own));
  }

  #tellGap(position: Checkpoint, present: Present | undefined, { isFound, later }: Unread): void {
    const { seen, isResuming } = this.#state;
    const known = seen - position.offset;
    // It may still come back from where it is: until another one holds something nothing is lost.
    if (!present && later.length === 0) return;
    this.#state.isResuming = false;
    this.#state.seen = 0;
    if (isFound || isNowhere(position) || !(isResuming || known > 0)) return;
    const where = { path: this.#path, line: position.line };
    this.#onGap(isResuming ? message('log.replaced.unknown', where) : message('log.emptied', { ...where, n: known }));
  }

  async #live(opened: Opened): Promise<AsyncGenerator<Batch>> {
    const { file, inode, isSame } = opened;
    const { position } = this.#state;
    const isNew = position === undefined;
    const begin = isSame ? position! : isNew ? await this.#firstPlace(file, inode) : START;
    const before = isSame
      ? position!.before
      : isNew
        ? await newestRotated(this.#path, this.#state.catchUp.retry)
        : undefined;
    const print = await printOf(file, isSame ? position : undefined);
    return new LiveLog(this.#state, opened, begin, print, before).read();
  }

  async #firstPlace(file: FileHandle, inode: Opened['inode']): Promise<Place> {
    if (this.#options.startAt === 'beginning') return START;
    const initial = this.#initial;
    if (typeof initial === 'object' && !sameInode(initial, inode))
      this.#onGap(message('log.replaced', { path: this.#path }));
    return placeAfter(initial, file, inode);
  }
}
