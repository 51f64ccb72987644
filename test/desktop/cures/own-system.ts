import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What an installation changes. */
const CHANGED = ['/usr', '/etc', '/var'];

/** Layers over the folders that packages change, on a file system that goes with the last process in it. */
const layers = (folder: string): string =>
  [
    'set -e',
    `mount -t tmpfs none ${folder}`,
    ...CHANGED.map((path) => {
      const own = `${folder}${path}`;
      const options = `lowerdir=${path},upperdir=${own}.upper,workdir=${own}.work`;
      return `mkdir ${own}.upper ${own}.work && mount -t overlay none -o ${options} ${path}`;
    }),
    'exec "$@"',
  ].join('\n');

/** Why no system of one's own can be had here; undefined where it can. */
export function whyNoOwnSystem(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root installs packages';
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'apt-get installs on Debian';
  const { status, output } = inOwnSystem(['true']);
  return status === 0 ? undefined : `no layers over the system's folders: ${output.trim()}`;
}

/** Runs a program on this system as it is; what it installs and removes is its own, and gone when it has ended. */
export function inOwnSystem(command: readonly string[]): { readonly status: number | null; readonly output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ubad-system-'));
  try {
    for (const path of CHANGED) mkdirSync(join(folder, path));
    const all = ['--mount', 'sh', '-c', layers(folder), 'sh', ...command];
    const { status, stdout, stderr } = spawnSync('unshare', all, { encoding: 'utf8', timeout: 240_000 });
    return { status, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Error where this is the machine's own system: what removes packages may not go on there */
export function mustBeInOwnSystem(): void {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  for (const path of CHANGED)
    if (!mounts.some((mount) => mount.startsWith(`none ${path} overlay `)))
      throw new Error(`${path} is the machine's own: run this by test/desktop/cures.test.ts`);
}
