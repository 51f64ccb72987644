import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { newFolder } from '../engine/store/store-at.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

it('keeps its settings where nobody else can write, whatever the umask', () => {
  const home = newFolder();
  const run = (): void => {
    const { XDG_CONFIG_HOME: _, XDG_STATE_HOME: __, ...rest } = process.env;
    const command = `umask 0; exec '${process.execPath}' src-main/cli.ts config set alertsPerWeek 2`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', env: { ...rest, HOME: home } });
    expect(status, stderr).toBe(0);
  };
  run();
  const folder = join(home, '.config/ubad');
  expect([modeOf(join(home, '.config')), modeOf(folder), modeOf(join(folder, 'config.json'))]).toEqual([
    0o700, 0o700, 0o600,
  ]);
  // One that an earlier version has left open.
  chmodSync(folder, 0o777);
  run();
  expect(modeOf(folder)).toBe(0o755);
});

it('asks as a user whether users may have namespaces, when it decides on the helper of the sandbox', () => {
  const folder = newFolder();
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  const install = (answer: 'yes' | 'no'): string => {
    const shims = {
      chmod: `echo "$1" > '${folder}/mode'`,
      // Root may in any case; others as it is on this machine.
      setpriv: `[ "$1" = --reuid=65534 ] || exit 9; ${answer === 'yes' ? 'exit 0' : 'exit 1'}`,
      unshare: 'exit 0',
      'systemd-sysusers': 'exit 0',
      systemctl: 'exit 0',
      cat: 'echo 0',
    };
    for (const [name, text] of Object.entries(shims)) {
      spawnSync('sh', [
        '-c',
        `printf '#!/bin/sh\\n%s\\n' "$1" > "$2" && /bin/chmod 755 "$2"`,
        'x',
        text,
        join(tools, name),
      ]);
    }
    const env = { PATH: tools };
    const { status, stderr } = spawnSync('/bin/sh', ['build/linux/postinst.sh', 'configure'], {
      env,
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    return spawnSync('/bin/cat', [join(folder, 'mode')], { encoding: 'utf8' }).stdout.trim();
  };
  expect(install('yes')).toBe('0755');
  expect(install('no')).toBe('4755');
});
