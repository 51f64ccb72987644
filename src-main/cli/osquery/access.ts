/** Access lists, by the tools of Debian's package `acl`; paths are ours and fixed, none comes from a user. */
import { spawnSync } from 'node:child_process';

import { Failure } from '../failure.ts';

/** Who may read the log: a name or a number, as `setfacl` takes it. */
export const isUser = (text: string): boolean => /^(?:\d{1,10}|[a-z_][\w.-]{0,31})$/i.test(text);

/** The access list of a file, and a folder's default one, as `setAccess` takes it again. */
export function accessOf(path: string): string {
  return run('getfacl', ['--omit-header', '--absolute-names', '--numeric', '--', path]);
}

/** Adds entries such as `u:1000:r`, to the default list of a folder with `default`. */
export function grant(path: string, entry: string, to: 'itself' | 'default' = 'itself'): void {
  run('setfacl', [...(to === 'default' ? ['--default'] : []), '--modify', entry, '--', path]);
}

/** Takes a user's entry from a file's list, where there is one. */
export function revoke(path: string, user: string): void {
  run('setfacl', ['--remove', `u:${user}`, '--', path]);
}

/** Gives a file exactly this list again. @param list from `accessOf` */
export function setAccess(path: string, list: string): void {
  run('setfacl', ['--remove-all', '--', path]);
  run('setfacl', ['--set-file=-', '--', path], list);
}

function run(command: string, args: readonly string[], input = ''): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', input });
  if (error) throw new Failure(`${command} cannot be run (${error.message}): install the package acl.`);
  if (status !== 0) throw new Failure(`${command} ${args.at(-1)!} failed: ${stderr.trim()}`);
  return stdout;
}
