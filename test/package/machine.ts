import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
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

/** By name: what stands in for tools that want a password, a yes, or a systemd that runs. */
const STAND_INS = {
  sudo: 'if [ "$1" = -u ]; then user=$2; shift 2; exec runuser -u "$user" -- "$@"; fi\nexec "$@"',
  apt: 'command=$1; shift\nexec apt-get "$command" --yes --no-install-recommends "$@"',
  // The machine's service does run, as whom its unit says and for as long as it takes to make its state. A user's does not.
  systemctl: `[ "$*" = "enable --now ubad" ] || exit 0
unit=/usr/lib/systemd/system/ubad.service
install -d -o ubad -g ubad -m 700 /var/lib/ubad
timeout 10 runuser -u "$(sed -n 's/^User=//p' $unit)" -- $(sed -n 's/^ExecStart=//p' $unit) && exit 1
[ -e /var/lib/ubad/ubad.db ]`,
} as const;

/** @param within a folder for them. @returns the folder of tools that goes before the PATH of whoever is root already */
export function administrator(within: string): string {
  const tools = join(within, 'administrator');
  mkdirSync(tools);
  for (const [name, text] of Object.entries(STAND_INS)) {
    writeFileSync(join(tools, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(tools, name), 0o755);
  }
  return tools;
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
