import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { canShowWindows, electronProgram } from '../../scripts/bootstrap/electron.mjs';
import { temporaryFolder } from './temporary-folder.ts';

describe('npm start', () => {
  it('takes Electron where its program is there, and only there', () => {
    const root = temporaryFolder({ 'node_modules/electron/index.js': '' });
    expect(electronProgram(root, {})).toBeUndefined();
    const folder = join(root, 'node_modules', 'electron', 'dist');
    mkdirSync(folder);
    writeFileSync(join(folder, 'electron'), '');
    chmodSync(join(folder, 'electron'), 0o755);
    expect(electronProgram(root, {})).toBe(join(folder, 'electron'));
    expect(electronProgram(root, { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' })).toBeUndefined();
  });

  it.each([
    [{ DISPLAY: ':0' }, 1000, true],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 1000, true],
    [{ DISPLAY: '' }, 1000, false],
    [{}, 1000, false],
    // Chromium has no sandbox for root, and is never started without one.
    [{ DISPLAY: ':0' }, 0, false],
  ])('shows windows with %j as user %i: %s', (environment, uid, can) => {
    expect(canShowWindows(environment, uid)).toBe(can);
  });
});
