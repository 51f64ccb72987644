import type { FileHandle } from 'node:fs/promises';

import type { Batch, Checkpoint, FileIdentity } from '../contract/batch.ts';
import { contentHead, packingOf } from './archive.ts';
import type { BatchLimits, Place } from './batcher.ts';
import { openListed, unmoved } from './folder.ts';
import { beginsAs, fingerprintOf, headOf, isTelling, isTold, identityOf, sameInode, type Inode } from './identity.ts';
import { isLater, type Older } from './older.ts';
import { readOpened } from './read-file.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { isCopyOf, keyOf, type RotatedFile } from './rotation.ts';
import { identityAt, rotatedSince, type RotatedFiles } from './rotated-files.ts';

const START: Place = { offset: 0, line: 0 };

/** The log as it is open now. */
export interface Present {
  readonly file: FileHandle;
  readonly inode: Inode;
  /** Its first bytes as they were read, by which a copy of it is known; undefined before: they are looked at then. */
  readonly head?: Buffer | undefined;
  /** Undefined where nothing is to be caught up. */
  readonly older?: Older | undefined;
}

export interface CatchUpOptions extends BatchLimits {
  readonly log: string;
  readonly signal: AbortSignal;
  readonly onGap: (text: string) => void;
  /** Rotated files that have nothing more for us: what was read, and what could not be read and was told. */
  readonly closed: Set<string>;
  readonly retry: RetryPolicy;
}

/**
 * Reads what rotated files hold after a position: the rest of its own file, then every later one, oldest first. Names
 * move on while the consumer takes its time: the folder is listed again when one has, and for the last file, not for each.
 * @param present is where it stops: the open log may itself be rotated away meanwhile
 * @returns the position after all that, the same when nothing was found; and what the last look left unread
 */
export async function* readRotated(
  position: Checkpoint,
  present: Present | undefined,
  options: CatchUpOptions,
): AsyncGenerator<Batch, CaughtUp> {
  let at = position;
  let left = '';
  let files: readonly RotatedFile[] = [];
  let next = 0;
  let last = '';
  const suspected = new Set<string>();
  while (!options.signal.aborted) {
    let task: Task = { from: START, before: identityOf(at) };
    if (files.length - next < 2) {
      const unread = await unreadRotated(at, present, options);
      const { own, later, before } = unread;
      left = textOf(unread);
      files = own ? [own, ...later] : later;
      next = 0;
      task = own ? { from: at, before: at.before } : { from: START, before };
    }
    const file = files[next++];
    if (!file) break;
    // Until a later file holds something its writer may still be at its last line.
    const isLast = next === files.length && (await isEmpty(present));
    // Looked for again after it was read: much may happen while the consumer takes its time.
    if (isLast && keyOf(file) === last) break;
    last = isLast ? keyOf(file) : '';
    // Once a file: where two begin alike the second look finds no more than the first.
    const own = task.from === START && !suspected.has(keyOf(file)) ? at : undefined;
    suspected.add(keyOf(file));
    const after = yield* readOne(file, { ...task, own }, isLast ? 'waits' : 'is-whole', options);
    if (after === 'moved') files = [];
    else at = after ?? at;
  }
  return { position: at, left };
}

export interface CaughtUp {
  readonly position: Checkpoint;
  /** As `textOf` writes it: whatever is another text later is to be caught up with. */
  readonly left: string;
}

/** Another text whenever there is something else to be read in rotated files. */
export const textOf = ({ own, later }: Pick<Unread, 'own' | 'later'>): string =>
  JSON.stringify([own, ...later].map((file) => file && [file.inode, file.version]));

/** … where there is nothing. */
export const NOTHING_LEFT = textOf({ own: undefined, later: [] });

/** Where to begin in a rotated file, and what came before it. */
interface Task {
  readonly from: Place;
  readonly before: Checkpoint['before'];
  /** The file that was read before, which this one is not to be. */
  readonly own?: FileIdentity | undefined;
}

export interface Unread extends RotatedFiles {
  /** Whether the position's own file is there, read or not. */
  readonly isFound: boolean;
}

/**
 * The rotated files that hold something after a position and before the present log: the position's own, unless all of
 * it was read, and the later ones, oldest first.
 */
export const unreadRotated = async (
  position: Checkpoint,
  present: Present | undefined,
  options: CatchUpOptions,
): Promise<Unread> => unmoved(() => look(position, present, options));

async function look(
  position: Checkpoint,
  present: Present | undefined,
  { log, closed, retry }: CatchUpOptions,
): Promise<Unread> {
  const { own, later: rest, before } = await rotatedSince(log, position, retry);
  const isOpen = own && !closed.has(keyOf(own)) && !(present && sameInode(own.inode, present.inode));
  const head = present && (present.head ?? (await headOf(present.file)));
  const gone = present && (await goneSince(present));
  let later: RotatedFile[] = [];
  // Where the position tells of no line, its own file is known by its place: that may be the copy's.
  let copy = own && head && !isTold(position) && (await isCopyOf(own, head, retry)) ? own : undefined;
  let firstLater: number | undefined;
  for (const file of copy ? [] : rest) {
    if (present && sameInode(file.inode, present.inode)) break;
    // That copytruncate makes or has made, but has not yet emptied the log for; or the present log itself, packed and gone.
    if (head && (await isCopyOf(file, head, retry))) {
      copy = file;
      break;
    }
    if (gone && firstLater === undefined && (await isLater(file, gone, retry))) firstLater = later.length;
    if (!closed.has(keyOf(file))) later.push(file);
  }
  // Its own place among the names is sure, where it has one: what copytruncate made of it earlier is before that.
  if (!copy) later = later.slice(0, firstLater);
  const found = { isFound: own !== undefined, own: isOpen && own !== copy ? own : undefined, later };
  // Nothing in the copy is later than the log: it may have grown since, and is then not known as the same any more.
  return { ...found, before: copy && later.length === 0 ? await identityAt(copy, retry) : before };
}

/** The present log, where it was rotated away and deleted: no name tells any more which of the others came after it. */
async function goneSince({ file, older }: Present): Promise<Gone | undefined> {
  const { nlink, mtimeNs } = await file.stat({ bigint: true });
  return nlink === 0n && older ? { older, mtimeMs: Number(mtimeNs) / 1e6 } : undefined;
}

interface Gone {
  readonly older: Older;
  readonly mtimeMs: number;
}

const isEmpty = async (present: Present | undefined): Promise<boolean> =>
  present === undefined || (await present.file.stat()).size === 0;

/** @returns the position after it; 'moved' when it has another name since it was listed, or is gone; undefined when it cannot be read */
async function* readOne(
  listed: RotatedFile,
  { from: { offset, line }, before, own }: Task,
  lastHalf: 'waits' | 'is-whole',
  options: CatchUpOptions,
): AsyncGenerator<Batch, Checkpoint | 'moved' | undefined> {
  const { log, signal, closed, retry, onGap } = options;
  let position: Checkpoint | undefined;
  let file: FileHandle | undefined;
  try {
    file = await openListed(listed);
    const packing = await packingOf(file, listed.path);
    const head = await contentHead(file, packing);
    // It could not be read when it was looked for, and so was not known as what was read already.
    if (own && isTelling(own) && beginsAs(head, own)) return 'moved';
    const identity = { ...listed.inode, ...fingerprintOf(head), mtimeMs: listed.mtimeMs };
    position = { path: log, ...identity, offset, line, ...(before !== undefined && { before }) };
    // An archive does not grow any more.
    const half = packing === 'plain' ? lastHalf : 'is-whole';
    const task = { from: { offset, line }, lastHalf: half, ...(before !== undefined && { before }) } as const;
    for await (const batch of readOpened(file, log, { ...options, ...task })) {
      if (signal.aborted) return position;
      position = batch.checkpoint;
      yield batch;
    }
    if (half === 'is-whole') closed.add(keyOf(listed));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ESTALE') return 'moved';
    // Reading tells what failed as a sentence.
    retry.orThrow(error.cause ?? error, keyOf(listed));
    closed.add(keyOf(listed));
    onGap(`${listed.path}: ${error.message} The rest of it was not read.`);
  } finally {
    await file?.close();
  }
  return position;
}
