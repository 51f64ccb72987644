/**
 * `npm run test:electron`: the desktop suite on a real Electron. Says loudly when there is none, and fails then where
 * `UBAD_REQUIRE_ELECTRON` is set, as it is wherever packages are made.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { realElectron } from './driver/electron.ts';

const root = join(import.meta.dirname, '..', '..');
const binary = realElectron();

if (binary === undefined) {
  const lines = [
    'SKIPPED: THERE IS NO ELECTRON BINARY HERE.',
    'Nothing in this run proves that the application starts in Electron.',
    'Where the network is there, "npx install-electron" downloads it; or set ELECTRON_BIN.',
  ];
  console.error(['#'.repeat(76), ...lines.map((line) => `## ${line}`), '#'.repeat(76)].join('\n'));
  process.exitCode = process.env.UBAD_REQUIRE_ELECTRON === undefined ? 0 : 1;
} else {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--project', 'desktop', 'test/desktop/app.test.ts', 'test/desktop/window.test.ts'];
  const env = { ...process.env, ELECTRON_BIN: binary };
  process.exitCode = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}
