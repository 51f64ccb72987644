import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A Debian package that some tests need; those look for `command` themselves and skip where it is missing. */
export interface SystemPackage {
  readonly package: string;
  /** The program that is looked for to know whether the package is there; a file, where it begins with a slash. */
  readonly command: string;
  readonly neededFor: string;
}

/**
 * Installs what is missing where this user may (root, or sudo without a password) and the system has apt-get.
 * `UBAD_SYSTEM_PACKAGES=keep` installs nothing.
 *
 * @returns the packages that are still missing
 */
export function ensureSystemPackages(wanted: readonly SystemPackage[]): readonly SystemPackage[] {
  const missing = wanted.filter(({ command }) => !isThere(command));
  const aptGet = missing.length === 0 || process.env.UBAD_SYSTEM_PACKAGES === 'keep' ? undefined : allowedAptGet();
  if (aptGet === undefined) return missing;

  const names = missing.map((one) => one.package);
  console.log(`Installing system packages for the tests: ${names.join(' ')}…`);
  const install = ['install', '--yes', '--no-install-recommends', ...names];
  // Lists of packages may be old or, in a container, absent: only then is it worth asking for new ones.
  if (!run(aptGet, install) && run(aptGet, ['update'])) run(aptGet, install);
  return missing.filter(({ command }) => !isThere(command));
}

/** What to tell about packages that are still missing; empty when there are none. */
export function noticeOf(missing: readonly SystemPackage[]): string {
  if (missing.length === 0) return '';
  const reasons = missing.map((one) => `  ${one.package}: ${one.neededFor}`);
  const command = `sudo apt-get install ${missing.map((one) => one.package).join(' ')}`;
  return ['SKIPPED for want of system packages:', ...reasons, `To run them too: ${command}`].join('\n');
}

/** Whether what a package is known by is there. */
export function isThere(command: string): boolean {
  return command.startsWith('/') ? existsSync(command) : isOnPath(command);
}

export function isOnPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, command)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The command line that installs packages without asking anybody; undefined where that is not allowed. */
function allowedAptGet(): readonly string[] | undefined {
  if (!isOnPath('apt-get')) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  const sudo = isOnPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return sudo ? ['sudo', '-n', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'] : undefined;
}

/** Whether it worked; what it prints is shown only when it did not. */
function run([command, ...before]: readonly string[], args: readonly string[]): boolean {
  if (command === undefined) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const done = spawnSync(command, [...before, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  if (done.status !== 0) process.stdout.write(`${done.stdout}${done.stderr}`);
  return done.status === 0;
}
