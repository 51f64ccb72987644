/** `npm run build`: bundles the command line program to out/, and notes of which sources. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { hashSources, stampBuild } from './bootstrap/build-stamp.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const hash = hashSources(root);
try {
  await build({ root, logLevel: 'warn' });
  stampBuild(root, hash);
} catch (error) {
  console.error(`The build of src-main/cli.ts failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
