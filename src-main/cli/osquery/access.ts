/** Access lists, by the tools of Debian's package `acl`, on what is open already: no name is looked up by them. */
import { spawnSync } from 'node:child_process';

import { SetupFailure } from './setup-words.ts';

/** Who may read the log: a name or a number, as `setfacl` takes it. */
export const isUser = (text: string): boolean => /^(?:\d{1,10}|[a-z_][\w.-]{0,31})$/i.test(text);

/** The access list of an open file, and a folder's default one, as `setAccess` takes it again. */
export function accessOf(file: number): string {
  return run('getfacl', ['--omit-header', '--absolute-names', '--numeric'], file);
}

/** Adds entries such as `u:1000:r`, to the default list of a folder with `default`. */
export function grant(file: number, entry: string, to: 'itself' | 'default' = 'itself'): void {
  run('setfacl', [...(to === 'default' ? ['--default'] : []), '--modify', entry], file);
}

/** Takes a user's entry from a file's list, where there is one. */
export function revoke(file: number, user: string): void {
  run('setfacl', ['--remove', `u:${user}`], file);
}

/** Gives a file exactly this list again. @param list from `accessOf` */
export function setAccess(file: number, list: string): void {
  run('setfacl', ['--remove-all'], file);
  run('setfacl', ['--set-file=-'], file, list);
}

/** The tool gets the open file as its descriptor 3. */
function run(command: string, args: readonly string[], file: number, input = ''): string {
  const { error, status, stdout, stderr } = spawnSync(command, [...args, '--', '/proc/self/fd/3'], {
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'pipe', 'pipe', file],
  });
  if (error) throw new SetupFailure('setup.acl.none', { command, cause: error.message });
  if (status !== 0) throw new SetupFailure('setup.acl.failed', { command, cause: stderr.trim() });
  return stdout;
}
