import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Runs a command as root. @throws Error with all it printed, when it fails */
export function asRoot(command: string, ...args: readonly string[]): string {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed (${status}):\n${stdout}${stderr}`);
  return stdout + stderr;
}

export const isInstalled = (): boolean =>
  /^Status: .* installed$/m.test(spawnSync('dpkg-query', ['--status', 'ubad'], { encoding: 'utf8' }).stdout);

/** Every path of the system that has `ubad` in its name, but what dpkg and apt keep of what they did. */
export function traces(): readonly string[] {
  const places = ['/etc', '/opt', '/usr', '/var/lib', '/var/cache', '/var/log', '/run', '/lib/systemd'];
  const own = /^\/var\/(lib\/(apt|dpkg\/status|dpkg\/available)|cache\/(apt|man)|log\/(apt|dpkg))/;
  return places.flatMap((place) =>
    paths(place).filter((path) => path.slice(path.lastIndexOf('/')).includes('ubad') && !own.test(path)),
  );
}

function paths(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() && !path.startsWith('/usr/local/lib') ? [path, ...paths(path)] : [path];
    });
  } catch {
    return []; // gone meanwhile
  }
}
