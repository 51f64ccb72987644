import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';

import { contentHead, packingOf } from './archive.ts';
import { filesOf, linkTarget, openListed, unmoved, type Listed } from './folder.ts';
import { beginAlike } from './identity.ts';
import { RetryPolicy } from './retry-policy.ts';

export interface RotatedFile extends Pick<Listed, 'path' | 'inode' | 'born' | 'size' | 'version' | 'mtimeMs'> {
  /** By its name. */
  readonly isArchive: boolean;
}

interface Sibling extends Listed, RotatedFile {
  readonly mark: string;
}

const ARCHIVE = /\.(gz|zst|xz|bz2)$/;
/** More digits than a count of rotations has: a date or a time. */
const DATE_DIGITS = 6;

/** The rotated files of a log, oldest first: paths, plain and compressed. Empty when there are none or no folder. */
export const rotatedSiblings = async (log: string, retry = new RetryPolicy()): Promise<string[]> =>
  (await unmoved(() => siblingsOf(log, retry))).map(({ path }) => path);

/**
 * The mark that rotation put into a name: `.1`, `-20260101`, `.2026-01-01T10`, after the name or before its extension;
 * undefined for what is no rotated file of the log.
 */
function markIn(log: string, name: string): string | undefined {
  const extension = extname(log);
  const stem = basename(log, extension);
  const plain = name.replace(ARCHIVE, '');
  let mark: string | undefined;
  if (plain.startsWith(log)) mark = plain.slice(log.length);
  else if (plain.startsWith(stem) && plain.endsWith(extension)) mark = plain.slice(stem.length, -extension.length);
  return mark !== undefined && /^[.-]\d[\d.T_-]*$/.test(mark) ? mark : undefined;
}

/** The same, as they were listed. To be called in `unmoved`. */
export async function siblingsOf(path: string, retry: RetryPolicy): Promise<RotatedFile[]> {
  // Rotation renames what a link points to, and leaves it beside that.
  const log = await linkTarget(path);
  const found = await filesOf(dirname(log), (name) => markIn(basename(log), name) !== undefined, retry);
  const names = new Set(found.map(({ name }) => name));
  const siblings = found
    // While it is being compressed both are there: the archive is not whole yet.
    .filter(({ name }) => !ARCHIVE.test(name) || !names.has(name.replace(ARCHIVE, '')))
    .map((file) => ({ ...file, mark: markIn(basename(log), file.name)!, isArchive: ARCHIVE.test(file.name) }));
  return withoutCopies(inOrder(siblings), retry);
}

/**
 * Oldest first. The names decide, not the times: osquery compresses `.1` to `.2.zst` just before it renames the log to
 * `.1`, so that the older content has the newer time. Where a log has names of both kinds, those come first whose last
 * change is longer ago.
 */
function inOrder(siblings: readonly Sibling[]): Sibling[] {
  const digits = ({ mark }: Sibling): string => mark.replaceAll(/\D/g, '');
  const isDated = (sibling: Sibling): boolean => digits(sibling).length >= DATE_DIGITS;
  const dated = siblings.filter(isDated).sort((a, b) => (digits(a) < digits(b) ? -1 : 1));
  const numbered = siblings.filter((one) => !isDated(one)).sort((a, b) => Number(digits(b)) - Number(digits(a)));
  const newest = (group: readonly Sibling[]): number => group.reduce((most, { mtimeMs }) => Math.max(most, mtimeMs), 0);
  return newest(dated) > newest(numbered) ? [...numbered, ...dated] : [...dated, ...numbered];
}

/** Leaves out an archive that is being made of the plain file after it: osquery makes `.2.zst` of `.1`. */
async function withoutCopies(siblings: readonly Sibling[], retry: RetryPolicy): Promise<Sibling[]> {
  const kept: Sibling[] = [];
  for (const [s, sibling] of siblings.entries()) {
    const next = siblings[s + 1];
    if (sibling.isArchive && next && !next.isArchive && (await areSame(sibling, next, retry))) continue;
    kept.push(sibling);
  }
  return kept;
}

async function areSame(archive: RotatedFile, plain: RotatedFile, retry: RetryPolicy): Promise<boolean> {
  const head = await headOfListed(plain, retry);
  return head !== undefined && (await isCopyOf(archive, head, retry));
}

/** Whether a file holds the same as another that begins so, or is a copy that is being made of it. */
export async function isCopyOf(file: RotatedFile, original: Buffer, retry: RetryPolicy): Promise<boolean> {
  const head = await headOfListed(file, retry);
  return head !== undefined && beginAlike(head, original);
}

/**
 * The first bytes of its content; undefined when it cannot be read: it may be no whole archive yet.
 * @throws what the disk failed with, as long as there is retry: what is not known as read may be lost, or read twice
 */
export async function headOfListed(listed: RotatedFile, retry: RetryPolicy): Promise<Buffer | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await openListed(listed);
    return await contentHead(file, await packingOf(file, listed.path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESTALE') throw error;
    retry.orThrow(error, keyOf(listed));
    return undefined;
  } finally {
    await file?.close();
  }
}

/** An inode number is used again after a delete. */
export const fileOf = ({ inode: { device, inode }, born }: RotatedFile): string => `${device}:${inode}:${born}`;

/** … and a file may grow, and an archive may have been half made. */
export const keyOf = (file: RotatedFile): string => `${fileOf(file)}:${file.version}`;
