import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import type { Account } from '../session/account.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

/** What runs the application: a real Electron where there is one, else the stand-in host. */
export interface Electron {
  readonly isReal: boolean;
  /** For the log; a stand-in is not to be mistaken for the real one. */
  readonly says: string;
  readonly env: Readonly<Record<string, string>>;
  /** The program brings its application along: no folder is named when it is started. */
  readonly isPackaged?: boolean;
  commandFor(account: Account): { readonly command: string; readonly before: readonly string[] };
}

/** The real one where it is there, else the stand-in. */
export function pickElectron(account: Account): Electron {
  const binary = realElectron();
  return binary === undefined ? standIn(account) : real(binary);
}

function real(binary: string): Electron {
  return {
    isReal: true,
    says: `host: the real Electron at ${binary}`,
    env: {},
    commandFor: ({ ids }) => ({ command: binary, before: ids === undefined && isRoot() ? ['--no-sandbox'] : [] }),
  };
}

export function standIn(account: Account): Electron {
  const sandboxed = sandboxWorks(account);
  const doubt = sandboxed ? '' : '; CHROMIUM RUNS WITHOUT ITS SANDBOX, which does not work for this user here';
  const run = join(import.meta.dirname, '..', 'host', 'run.ts');
  return {
    isReal: false,
    says: `host: THE STAND-IN (Node and Debian's Chromium); nothing here was run by Electron itself${doubt}`,
    env: sandboxed ? {} : { UBAD_DESKTOP_NO_SANDBOX: '1' },
    commandFor: () => ({
      command: process.execPath,
      before: ['--expose-gc', '--disable-warning=ExperimentalWarning', run],
    }),
  };
}

/** A program of a package, which runs on what it was packed with. @param command its absolute path */
export function packaged(account: Account, command: string): Electron {
  const { says, env, isReal } = isStandIn(command) ? standIn(account) : real(command);
  return { isReal, env, isPackaged: true, says: `${command}; ${says}`, commandFor: () => ({ command, before: [] }) };
}

/** Electron's binary is 180 MB, an AppImage with it 100 MB; with a stand-in they are less than one. */
const isStandIn = (command: string): boolean => statSync(command).size < 40_000_000;

/** `ELECTRON_BIN`, or the binary that the package `electron` downloads; undefined where neither is there. */
export function realElectron(): string | undefined {
  const downloaded = join(repository, 'node_modules', 'electron', 'dist', 'electron');
  return [process.env.ELECTRON_BIN, downloaded].find((path) => path !== undefined && existsSync(path));
}

/** Whether Chromium can put up its sandbox: not as root, and not in every container. */
function sandboxWorks({ ids }: Account): boolean {
  if (ids === undefined && isRoot()) return false;
  const spaces = spawnSync('unshare', ['--user', '--map-root-user', '--pid', '--fork', 'true'], {
    ...ids,
    stdio: 'ignore',
  });
  return spaces.status === 0;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
