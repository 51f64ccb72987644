import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { pathOf, whatIsMissing } from '../../scripts/pack/stand-in/programs.ts';
import { scratch } from '../scratch.ts';

it('`npm run pack` names what is missing, what has it, and what can be made without it', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/pack.ts', '--stand-in'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: scratch() },
  });
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toBe(
    'There is no mksquashfs, which AppImage needs, and no desktop-file-validate, which AppImage needs, and no 7zz, which tar.gz ' +
      'needs, and no dpkg-deb, which deb needs. To install: sudo apt-get install squashfs-tools desktop-file-utils 7zip dpkg.\n',
  );
});

it('only what the wanted targets need is missed', () => {
  const folder = scratch();
  for (const program of ['7zz', 'dpkg-deb', 'desktop-file-validate']) {
    writeFileSync(join(folder, program), '#!/bin/sh\n');
    chmodSync(join(folder, program), 0o755);
  }
  expect(whatIsMissing(['deb', 'tar.gz'], folder)).toBeUndefined();
  expect(whatIsMissing(['deb', 'AppImage'], folder)).toBe(
    'There is no mksquashfs, which AppImage needs. To install: sudo apt-get install squashfs-tools. Or make the others alone: npm run pack -- --target deb',
  );
  expect(pathOf('7zz', folder)).toBe(join(folder, '7zz'));
});
