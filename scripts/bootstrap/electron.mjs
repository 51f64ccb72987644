import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Electron's program, where it is there: its package brings it only when it is first run with a network.
 *
 * @param {string} root the checkout
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string | undefined}
 */
export function electronProgram(root, environment) {
  const { ELECTRON_OVERRIDE_DIST_PATH: elsewhere } = environment;
  const folder = elsewhere ?? join(root, 'node_modules', 'electron', 'dist');
  const program = join(folder, 'electron');
  return existsSync(program) ? program : undefined;
}

/**
 * Whether the desktop program can be shown: not without a screen, and not to root, for whom Chromium has no sandbox.
 *
 * @param {NodeJS.ProcessEnv} environment
 * @param {number | undefined} uid
 */
export function canShowWindows({ DISPLAY: x11, WAYLAND_DISPLAY: wayland }, uid) {
  return ((x11 ?? '') !== '' || (wayland ?? '') !== '') && uid !== 0;
}
