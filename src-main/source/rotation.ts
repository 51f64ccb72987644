import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

import { contentHead, packingOf } from './archive.ts';
import { beginsAs, fingerprintOf, inodeOf, isTelling, sameInode, type Fingerprint, type Inode } from './identity.ts';

export interface RotatedFile {
  readonly path: string;
  readonly inode: Inode;
  /** Another one after every change of the content: size and time of change. */
  readonly version: string;
}

interface Sibling extends RotatedFile {
  readonly mark: string;
  readonly isArchive: boolean;
  readonly mtimeMs: bigint;
}

const ARCHIVE = /\.(gz|zst)$/;
/** More digits than a count of rotations has: a date or a time. */
const DATE_DIGITS = 6;

/** The rotated files of a log, oldest first: paths, plain and compressed. Empty when there are none or no folder. */
export const rotatedSiblings = async (log: string): Promise<string[]> =>
  (await siblingsOf(log)).map(({ path }) => path);

/**
 * Where the file that the checkpoint speaks of is now, and what was rotated away after it; oldest first. Empty when it
 * is not among the rotated files: what it had left is lost to us.
 */
export async function rotatedSince(log: string, checkpoint: Inode & Fingerprint): Promise<RotatedFile[]> {
  const siblings = await siblingsOf(log);
  // From the newest: while a file is compressed the archive is there beside it, is not whole, and counts as older.
  for (let s = siblings.length - 1; s >= 0; s--) {
    if (await holds(siblings[s]!, checkpoint)) return siblings.slice(s);
  }
  return [];
}

/** Whether a file is the one that was met before, by its beginning and, where that proves little, its inode. */
export async function holds(file: Pick<RotatedFile, 'path' | 'inode'>, met: Inode & Fingerprint): Promise<boolean> {
  if (!isTelling(met) && !sameInode(file.inode, met)) return false;
  const head = await headAt(file.path);
  return head !== undefined && beginsAs(head, met);
}

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

async function siblingsOf(log: string): Promise<Sibling[]> {
  const folder = dirname(log);
  // A folder that is missing or may not be listed holds nothing for us; the log's own state says why.
  const names = await readdir(folder).catch((): string[] => []);
  const found: Sibling[] = [];
  for (const name of names) {
    const mark = markIn(basename(log), name);
    const isArchive = ARCHIVE.test(name);
    // While it is being compressed both are there: the archive is not whole yet.
    if (mark === undefined || (isArchive && names.includes(name.replace(ARCHIVE, '')))) continue;
    const path = join(folder, name);
    const is = await stat(path, { bigint: true }).catch(() => undefined);
    if (!is?.isFile() || is.size === 0n) continue;
    found.push({ path, inode: inodeOf(is), version: `${is.size}:${is.mtimeNs}`, mark, isArchive, mtimeMs: is.mtimeMs });
  }
  return withoutCopies(inOrder(found));
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
  const newest = (group: readonly Sibling[]): bigint =>
    group.reduce((most, { mtimeMs }) => (mtimeMs > most ? mtimeMs : most), 0n);
  return newest(dated) > newest(numbered) ? [...numbered, ...dated] : [...dated, ...numbered];
}

/** Leaves out an archive that is being made of the plain file after it: osquery makes `.2.zst` of `.1`. */
async function withoutCopies(siblings: readonly Sibling[]): Promise<Sibling[]> {
  const kept: Sibling[] = [];
  for (const [s, sibling] of siblings.entries()) {
    const next = siblings[s + 1];
    if (sibling.isArchive && next && !next.isArchive && (await areSame(sibling, next))) continue;
    kept.push(sibling);
  }
  return kept;
}

async function areSame(archive: RotatedFile, plain: RotatedFile): Promise<boolean> {
  const head = await headAt(plain.path);
  return (
    head !== undefined && isTelling(fingerprintOf(head)) && holds(archive, { ...fingerprintOf(head), ...plain.inode })
  );
}

/** Undefined when it cannot be read: it may have been renamed meanwhile, or is no whole archive yet. */
async function headAt(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      return await contentHead(file, await packingOf(file));
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}
