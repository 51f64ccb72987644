import { userInfo } from 'node:os';
import { dirname } from 'node:path';

import type { SourceState } from '../contract.ts';

const NOT_REGULAR = 'ENOTREGULAR';

/** What is thrown where a log should be and a folder, a pipe or a device is. */
export const notRegular = (): Error => Object.assign(new Error('not a regular file'), { code: NOT_REGULAR });

/** Whether the system said no, which may heal; anything else that is thrown is a bug. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error &&
  typeof (error as NodeJS.ErrnoException).code === 'string' &&
  !(error instanceof TypeError || error instanceof RangeError);

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
