import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the built program is made of. */
const SOURCES = [
  'conf',
  'models',
  'src-main',
  'src-renderer',
  'package.json',
  'package-lock.json',
  'svelte.config.js',
  'vite.config.js',
];

/** The built program. */
export function builtProgram(/** @type {string} */ root) {
  return join(root, 'out', 'ubad.mjs');
}

/** Whether the built program is there and made of the sources as they are now. */
export function isBuildFresh(/** @type {string} */ root) {
  const stamp = stampPath(root);
  return existsSync(builtProgram(root)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hashSources(root);
}

/** SHA-256 (hex) over the names and contents of all sources. */
export function hashSources(/** @type {string} */ root) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesUnder(root, source))) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** @param {string} hash what `hashSources` gave before the build: a source that changed meanwhile makes the build stale */
export function stampBuild(/** @type {string} */ root, hash) {
  writeFileSync(stampPath(root), hash);
}

/** Keeps beside the bundles which packages are in them. @param {string[]} folders relative to `root` */
export function noteBundled(/** @type {string} */ root, folders) {
  writeFileSync(bundledPath(root), `${JSON.stringify(folders, null, 2)}\n`);
}

/** A list of the folders of packages that the last build put in, as JSON. */
export function bundledPath(/** @type {string} */ root) {
  return join(root, 'out', '.bundled');
}

function stampPath(/** @type {string} */ root) {
  return join(root, 'out', '.built-from');
}

/** @returns {string[]} files at or below `path`, relative to `root`, in the same order everywhere */
function filesUnder(/** @type {string} */ root, /** @type {string} */ path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found?.isFile()) return [path];
  if (!found?.isDirectory()) return [];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesUnder(root, `${path}/${name}`));
}
