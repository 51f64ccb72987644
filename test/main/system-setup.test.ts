import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { installedCommand, SystemSetup } from '../../src-main/desktop/system-setup.ts';

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'ubad-setup-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true });
  });
  return path;
};

/** A program of the shell. */
function program(path: string, script: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const digest = 'a'.repeat(64);
const plan = { digest, steps: ['/etc/osquery/osquery.conf: new\n+{}'], advice: ['Start it.'] };

describe('setting osquery up from the window', () => {
  it('shows what the command line program says, and changes nothing', async () => {
    const command = program(
      join(folder(), 'ubad'),
      `[ "$*" = "setup --json" ] && cat <<'END'\n${JSON.stringify(plan)}\nEND`,
    );
    expect(await new SystemSetup(command).plan()).toEqual(plan);
  });

  it('lets root carry out what was shown, by the digest of it', async () => {
    const place = folder();
    const elevate = program(join(place, 'elevate'), `printf '%s\\n' "$@" > '${place}/asked'`);
    expect(await new SystemSetup('/opt/ubad/bin/ubad', elevate).carryOut(digest)).toBe(true);
    expect(readFileSync(join(place, 'asked'), 'utf8').trim().split('\n')).toEqual([
      ...['/opt/ubad/bin/ubad', 'setup', '--yes', '--json', '--digest', digest],
    ]);
  });

  it.each([126, 127])('says so when the person does not let it (%i)', async (code) => {
    const elevate = program(join(folder(), 'elevate'), `exit ${code}`);
    expect(await new SystemSetup('/opt/ubad/bin/ubad', elevate).carryOut(digest)).toBe(false);
  });

  it('tells what went wrong in its own words', async () => {
    const broken = program(
      join(folder(), 'ubad'),
      `echo 'reading' >&2; echo 'ubad: It is not as it was shown.' >&2; exit 1`,
    );
    await expect(new SystemSetup(broken).plan()).rejects.toThrow('It is not as it was shown.');
    await expect(new SystemSetup('/x', broken).carryOut(digest)).rejects.toThrow('It is not as it was shown.');
    const silent = program(join(folder(), 'ubad'), 'exit 3');
    await expect(new SystemSetup(silent).plan()).rejects.toThrow('ubad setup ended with 3.');
  });

  it('sends to a terminal where root cannot run the program, or nothing asks for a password', async () => {
    expect(await new SystemSetup(undefined).plan()).toBeNull();
    await expect(new SystemSetup(undefined).carryOut(digest)).rejects.toThrow('sudo ubad setup');
    await expect(new SystemSetup('/x', join(folder(), 'none')).carryOut(digest)).rejects.toThrow('pkexec');
  });

  it('takes the program beside the one that runs, but none of an AppImage', () => {
    const place = folder();
    expect(installedCommand(join(place, 'ubad'), {})).toBeUndefined();
    const command = program(join(place, 'bin', 'ubad'), '');
    expect(installedCommand(join(place, 'ubad'), {})).toBe(command);
    expect(installedCommand(join(place, 'ubad'), { APPIMAGE: '/home/a/ubad.AppImage' })).toBeUndefined();
  });
});
