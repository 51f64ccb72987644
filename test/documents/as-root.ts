import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'vitest';

import { newFolder } from '../engine/store/store-at.ts';

/** Folders of the system that the commands change: in their place stand empty ones that nobody else sees. */
const CHANGED = ['/etc/osquery', '/etc/rsyslog.d', '/var/log/osquery'];

/** Whether this process may have mounts of its own. */
export const canBeRoot =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'true']).status === 0 &&
  spawnSync('setfacl', ['--version']).status === 0;

/** Runs commands of an administrator for real, but for starting services. @throws when one fails */
export function asRoot(folder: string, commands: readonly string[]): void {
  const tools = newFolder();
  // Who reads this is root already; no service is started on the machine of a test.
  for (const [name, text] of [
    ['sudo', 'exec "$@"'],
    ['systemctl', 'exit 0'],
  ] as const) {
    writeFileSync(join(tools, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(tools, name), 0o755);
  }
  const missing = CHANGED.filter((path) => mkdirSync(path, { recursive: true }) !== undefined);
  try {
    const mounts = CHANGED.map(
      (path) => `mount -t tmpfs -o acl none ${path} 2>/dev/null || mount -t tmpfs none ${path}`,
    );
    const script = ['set -e', ...mounts, 'touch /var/log/osquery/osqueryd.results.log', ...commands].join('\n');
    const env = { PATH: `${tools}:/usr/sbin:/usr/bin:/sbin:/bin`, USER: 'nobody' };
    const ran = spawnSync('unshare', ['--mount', 'sh', '-c', script], { cwd: folder, encoding: 'utf8', env });
    expect(ran.status, ran.stderr).toBe(0);
  } finally {
    for (const path of missing) rmSync(path, { recursive: true, force: true });
    rmSync(tools, { recursive: true });
  }
}
