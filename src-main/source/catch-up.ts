import { open, type FileHandle } from 'node:fs/promises';

import type { Batch, Checkpoint } from '../contract.ts';
import { contentHead, packingOf } from './archive.ts';
import type { BatchLimits, Place } from './batcher.ts';
import { fingerprintOf, headOf, inodeOf, isTelling, sameInode, type Inode } from './identity.ts';
import { readOpened } from './read-file.ts';
import { holds, rotatedSince, type RotatedFile } from './rotation.ts';

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
  /** Rotated files that have nothing more for us: archives that were read, and what could not be read and was told. */
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
  let isOwnRead = false;
  while (!options.signal.aborted) {
    const own = isOwnRead ? undefined : (await rotatedSince(options.log, position))[0];
    const file = own && !isClosed(own, present, options) ? own : await nextRotated(at, present, options);
    if (!file) break;
    // Without any later file its writer may still be at its last line.
    const isLast = file === own && !present && !(await nextRotated(at, present, options));
    const from = file === own ? position : START;
    const after = yield* readOne(file, at, from, isLast ? 'waits' : 'is-whole', options);
    if (!after) continue;
    at = after;
    isOwnRead = true;
  }
  return at;
}

/** The oldest rotated file after the position's own; undefined when there is none before the present log. */
export async function nextRotated(
  position: Checkpoint,
  present: Present | undefined,
  { log, closed }: Pick<CatchUpOptions, 'log' | 'closed'>,
): Promise<RotatedFile | undefined> {
  for (const file of (await rotatedSince(log, position)).slice(1)) {
    if (closed.has(keyOf(file))) continue;
    if (present && (await isPresent(file, present))) return undefined;
    return file;
  }
  return undefined;
}

const isClosed = (file: RotatedFile, present: Present | undefined, { closed }: CatchUpOptions): boolean =>
  closed.has(keyOf(file)) || (present !== undefined && sameInode(file.inode, present.inode));

/** Whether it is the present log itself, or its copy that copytruncate has made but not yet emptied the log for. */
async function isPresent(file: RotatedFile, present: Present): Promise<boolean> {
  if (sameInode(file.inode, present.inode)) return true;
  const print = fingerprintOf(await headOf(present.file));
  return isTelling(print) && holds(file, { ...present.inode, ...print });
}

/** @returns undefined when the file has another name since the folder was listed, or is gone */
async function* readOne(
  listed: RotatedFile,
  before: Checkpoint,
  { offset, line }: Place,
  lastHalf: 'waits' | 'is-whole',
  options: CatchUpOptions,
): AsyncGenerator<Batch, Checkpoint | undefined> {
  const { path, inode } = listed;
  const { log, signal, closed, onGap } = options;
  let position = before;
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    if (!sameInode(inodeOf(await file.stat({ bigint: true })), inode)) return undefined;
    const packing = await packingOf(file);
    position = { path: log, ...inode, ...fingerprintOf(await contentHead(file, packing)), offset, line };
    for await (const batch of readOpened(file, log, { ...options, from: { offset, line }, lastHalf })) {
      if (signal.aborted) return position;
      position = batch.checkpoint;
      yield batch;
    }
    if (packing !== 'plain') closed.add(keyOf(listed));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    closed.add(keyOf(listed));
    onGap(`${path}: ${error.message} The rest of it was not read.`);
  } finally {
    await file?.close();
  }
  return position;
}

/** With the time of change: an inode number is used again after a delete, and an archive may have been half made. */
const keyOf = ({ inode: { device, inode }, mtimeMs }: RotatedFile): string => `${device}:${inode}:${mtimeMs}`;
