/** `npm run build`: bundles the programs and the window to out/, and notes of which sources. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashSources, noteBundled, stampBuild } from './bootstrap/build-stamp.mjs';
import { bundle } from './bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const hash = hashSources(root);
try {
  noteBundled(root, await bundle(root, { write: true }));
  stampBuild(root, hash);
} catch (error) {
  console.error(`The build failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
