import type { FileHandle } from 'node:fs/promises';

import type { Batch, Checkpoint } from '../contract.ts';
import { contentHead, packingOf } from './archive.ts';
import type { BatchLimits, Place } from './batcher.ts';
import { openListed, unmoved } from './folder.ts';
import { fingerprintOf, headOf, sameInode, type Inode } from './identity.ts';
import { readOpened } from './read-file.ts';
import { isCopyOf, rotatedSince, type RotatedFile } from './rotation.ts';

const START: Place = { offset: 0, line: 0 };

/** The log as it is open now. */
export interface Present {
  readonly file: FileHandle;
  readonly inode: Inode;
}

export interface CatchUpOptions extends BatchLimits {
  readonly log: string;
  readonly signal: AbortSignal;
  readonly onGap: (text: string) => void;
  /** Rotated files that have nothing more for us: what was read, and what could not be read and was told. */
  readonly closed: Set<string>;
}

/**
 * Reads what rotated files hold after a position: the rest of its own file, then every later one, oldest first. The
 * folder is listed anew before each, because names move on while the consumer takes its time.
 * @param present is where it stops: the open log may itself be rotated away meanwhile
 * @returns the position after all that; the same when its file was not found
 */
export async function* readRotated(
  position: Checkpoint,
  present: Present | undefined,
  options: CatchUpOptions,
): AsyncGenerator<Batch, Checkpoint> {
  let at = position;
  let last = '';
  while (!options.signal.aborted) {
    const { own, later } = await unreadRotated(at, present, options);
    const file = own ?? later[0];
    if (!file) break;
    // Until a later file holds something its writer may still be at its last line.
    const isLast = later.length === (own ? 0 : 1) && (await isEmpty(present));
    // Looked for again after it was read: much may happen while the consumer takes its time.
    if (isLast && keyOf(file) === last) break;
    last = isLast ? keyOf(file) : '';
    const after = yield* readOne(file, own ? at : START, isLast ? 'waits' : 'is-whole', options);
    if (after) at = after;
  }
  return at;
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

interface Unread {
  readonly own: RotatedFile | undefined;
  readonly later: readonly RotatedFile[];
}

async function look(
  position: Checkpoint,
  present: Present | undefined,
  { log, closed }: CatchUpOptions,
): Promise<Unread> {
  const [first, ...rest] = await rotatedSince(log, position);
  const isOpen = first && !closed.has(keyOf(first)) && !(present && sameInode(first.inode, present.inode));
  const later: RotatedFile[] = [];
  for (const file of rest) {
    if (present && (await isPresent(file, present))) break;
    if (!closed.has(keyOf(file))) later.push(file);
  }
  return { own: isOpen ? first : undefined, later };
}

const isEmpty = async (present: Present | undefined): Promise<boolean> =>
  present === undefined || (await present.file.stat()).size === 0;

/** Whether it is the present log itself, or its copy that copytruncate makes or has made but not yet emptied the log for. */
async function isPresent(file: RotatedFile, present: Present): Promise<boolean> {
  return sameInode(file.inode, present.inode) || isCopyOf(file, await headOf(present.file));
}

/** @returns undefined when the file has another name since the folder was listed, or is gone */
async function* readOne(
  listed: RotatedFile,
  { offset, line }: Place,
  lastHalf: 'waits' | 'is-whole',
  options: CatchUpOptions,
): AsyncGenerator<Batch, Checkpoint | undefined> {
  const { log, signal, closed, onGap } = options;
  let position: Checkpoint | undefined;
  let file: FileHandle | undefined;
  try {
    file = await openListed(listed);
    const packing = await packingOf(file);
    position = { path: log, ...listed.inode, ...fingerprintOf(await contentHead(file, packing)), offset, line };
    // An archive does not grow any more.
    const half = packing === 'plain' ? lastHalf : 'is-whole';
    for await (const batch of readOpened(file, log, { ...options, from: { offset, line }, lastHalf: half })) {
      if (signal.aborted) return position;
      position = batch.checkpoint;
      yield batch;
    }
    if (half === 'is-whole') closed.add(keyOf(listed));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ESTALE') return undefined;
    closed.add(keyOf(listed));
    onGap(`${listed.path}: ${error.message} The rest of it was not read.`);
  } finally {
    await file?.close();
  }
  return position;
}

/** An inode number is used again after a delete, a file may grow, and an archive may have been half made. */
const keyOf = ({ inode: { device, inode }, born, version }: RotatedFile): string =>
  `${device}:${inode}:${born}:${version}`;
