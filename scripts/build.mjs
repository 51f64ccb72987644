/** `npm run build`: bundles the programs and the window to out/, and notes of which sources. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { builds } from '../vite.config.js';
import { hashSources, stampBuild } from './bootstrap/build-stamp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const hash = hashSources(root);
try {
  for (const config of builds)
    await build({ ...config, root: join(root, config.root ?? ''), configFile: false, logLevel: 'warn' });
  stampBuild(root, hash);
} catch (error) {
  console.error(`The build failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
