import { spawnSync } from 'node:child_process';
import { chmodSync, lchownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Whose processes a desktop's are: never root's where that can be helped, for Chromium's sandbox refuses root. */
export interface Account {
  /** Undefined: the account that runs the tests. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
  /** One line for the log. */
  readonly says: string;
}

const nobody = { uid: 65_534, gid: 65_534 };

/**
 * @param folder what the account has to be able to read: this repository
 */
export function pickAccount(folder: string): Account {
  if (process.getuid?.() !== 0) return { ids: undefined, says: 'runs as the user who runs the tests' };
  const reads = spawnSync(process.execPath, ['-e', `require('fs').readdirSync(process.argv[1])`, folder], {
    ...nobody,
    stdio: 'ignore',
  });
  return reads.status === 0
    ? { ids: nobody, says: 'runs as nobody, since the tests run as root' }
    : { ids: undefined, says: `RUNS AS ROOT: the user nobody cannot read ${folder}` };
}

/** Gives a file, or a folder and all in it, to the account. */
export function giveTo({ ids }: Account, folder: string): void {
  if (ids === undefined) return;
  lchownSync(folder, ids.uid, ids.gid);
  if (!lstatSync(folder).isDirectory()) return;
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(folder, entry), ids.uid, ids.gid);
  }
}

/** X servers of plain users want their sockets' folder to be root's. */
export function makeSocketFolder(): void {
  if (process.getuid?.() !== 0) return;
  mkdirSync('/tmp/.X11-unix', { recursive: true });
  chmodSync('/tmp/.X11-unix', 0o1777);
}
