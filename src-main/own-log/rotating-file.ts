import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface Bounds {
  /** Of one file. */
  readonly bytes: number;
  /** The one that is written and those before it. */
  readonly files: number;
}

export const BOUNDS: Bounds = { bytes: 1_000_000, files: 5 };

/** A pipe in the file's place must not be waited for, nor a link be followed to another's file. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The file, or the one that was put aside this many rotations ago. */
export const generation = (path: string, back: number): string => (back === 0 ? path : `${path}.${back}`);

/**
 * Appends whole lines to a private file, which is put aside when it would be longer than it may be. It is opened for each
 * line: several processes write to it, and each finds the new one after another's rotation. Two that rotate in the same
 * moment may put one file aside twice, and so lose the oldest before its time; nothing else.
 * @throws what the system throws
 */
export function appendLines(path: string, text: string, { bytes, files }: Bounds = BOUNDS): void {
  const line = Buffer.from(text);
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  mustBeOurs(folder);
  let file = openSync(path, FLAGS, 0o600);
  try {
    const { size } = mustBePrivate(file);
    if (size > 0 && size + line.length > bytes) {
      closeSync(file);
      file = -1;
      rotate(path, files);
      file = openSync(path, FLAGS, 0o600);
      mustBePrivate(file);
    }
    const written = writeSync(file, line);
    // A disk that became full cut the line: the next one must not go on in it.
    if (written < line.length && written > 0) writeSync(file, '\n');
  } finally {
    if (file !== -1) closeSync(file);
  }
}

/** Whoever else may write there could read along, or put something in the file's place. */
function mustBeOurs(folder: string): void {
  const { mode, uid } = statSync(folder);
  if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) throw new Error(`${folder} is not this user's alone.`);
}

function mustBePrivate(file: number): { readonly size: number } {
  const found = fstatSync(file);
  if (!found.isFile()) throw new Error('This is no file.');
  // The umask can only take bits away, but one that was copied here may have come with more.
  if ((found.mode & 0o777) !== 0o600) fchmodSync(file, 0o600);
  return found;
}

function rotate(path: string, files: number): void {
  rmSync(generation(path, files - 1), { force: true });
  for (let back = files - 1; back > 0; back--) {
    try {
      renameSync(generation(path, back - 1), generation(path, back));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
