import { userInfo } from 'node:os';
import { dirname } from 'node:path';

import type { SourceState } from '../contract/desktop.ts';

const NOT_REGULAR = 'ENOTREGULAR';

/** What is thrown where a log should be and a folder, a pipe or a device is. */
export const notRegular = (): Error => Object.assign(new Error('not a regular file'), { code: NOT_REGULAR });

/** Whether the system said no, which may heal; anything else that is thrown is a bug. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error &&
  typeof (error as NodeJS.ErrnoException).code === 'string' &&
  !(error instanceof TypeError || error instanceof RangeError);

/**
 * Whether what failed is worth another attempt: for want of something that comes back by itself, or a disk that failed
 * for once. What is forbidden, or not there, is no such thing.
 */
export const isPassing = (error: unknown): boolean =>
  isExhausted(error) || PASSING.includes(codeOf(error)) || codeOf(error).startsWith(NAMELESS);

/** Whether there was nothing to open or read it with: nothing is said about the file. */
export const isExhausted = (error: unknown): boolean => EXHAUSTED.includes(codeOf(error));

const EXHAUSTED = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR'];
const PASSING = ['EIO', 'ENOSPC', 'EROFS', 'EBUSY', 'ETIMEDOUT'];
/** Node has no name for some, EDQUOT among them. */
const NAMELESS = 'Unknown system error';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** Whether there is no log in its place. */
export const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', NOT_REGULAR].includes((error as NodeJS.ErrnoException).code ?? '');

/** Why a log cannot be read, and what cures it. */
export function stateOf(path: string, error: unknown): SourceState {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { state: 'missing', path, cause: 'does not exist yet: is osqueryd running?' };
    case 'EACCES':
    case 'EPERM':
      return { state: 'unreadable', path, cause: `may not be read by this user; to allow it: ${aclCommands(path)}` };
    case NOT_REGULAR:
      return { state: 'unreadable', path, cause: 'cannot be read: not a regular file' };
    default:
      return { state: 'unreadable', path, cause: `cannot be read: ${code}` };
  }
}

/** Tells each state once, when it begins. */
export class StateTeller {
  /** Why changes are noticed late; undefined when they are not. */
  note: string | undefined;
  readonly #path: string;
  readonly #onState: ((state: SourceState) => void) | undefined;
  #told = '';

  constructor(path: string, onState: ((state: SourceState) => void) | undefined) {
    this.#path = path;
    this.#onState = onState;
  }

  following(): void {
    this.#tell({ state: 'following', path: this.#path, ...(this.note !== undefined && { note: this.note }) });
  }

  /** @throws error itself, where it is no system's */
  failed(error: unknown): void {
    if (!isSystemError(error)) throw error;
    this.#tell(stateOf(this.#path, error));
  }

  #tell(state: SourceState): void {
    const text = JSON.stringify(state);
    if (text === this.#told) return;
    this.#told = text;
    this.#onState?.(state);
  }
}

/** With the folder's default entry: osqueryd undoes a chmod at its next line, and rotation makes new files. */
function aclCommands(path: string): string {
  const folder = dirname(path);
  const user = userName();
  return `sudo setfacl -m u:${user}:rx ${folder}; sudo setfacl -d -m u:${user}:r ${folder}; sudo setfacl -m u:${user}:r ${path}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // No entry for this uid: the shell knows at least what to ask.
    return '$USER';
  }
}
