/** Runs the bundlers of vite.config.js, and tells what of others they put in: that ships, whatever package.json calls it. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { build } from 'vite';
import { builds } from '../vite.config.js';

/**
 * @param {string} root absolute
 * @param {{ readonly write: boolean }} options whether out/ is written
 * @returns {Promise<string[]>} folders of packages that are in a bundle, relative to `root`
 */
export async function bundle(root, { write }) {
  const modules = new Set();
  for (const config of builds) {
    const own = { ...config, root: join(root, config.root ?? ''), configFile: false, logLevel: 'warn' };
    const made = await build({ ...own, build: { ...own.build, write } });
    for (const { output } of [made].flat())
      for (const part of output) for (const name of modulesOf(part, own.root)) modules.add(name);
  }
  return [...new Set([...modules].flatMap((name) => packageOf(root, name) ?? []))].sort();
}

/** A module is named by its whole path, a style or picture as its file is from the page's folder. */
function modulesOf(part, from) {
  return part.type === 'chunk'
    ? Object.keys(part.modules)
    : part.originalFileNames.map((name) => (isAbsolute(name) ? name : join(from, name)));
}

/** @returns the package's folder; undefined for what is our own */
function packageOf(root, name) {
  // What a bundler adds of itself has its own name after a zero: «\0rolldown/runtime.js».
  const path = name.startsWith('\0') ? join(root, 'node_modules', name.slice(1)) : name;
  const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/?]+/.exec(path)?.[0];
  if (folder !== undefined && !existsSync(join(folder, 'package.json')))
    throw new Error(`The bundle holds ${JSON.stringify(name)}, which is of no package that is installed.`);
  return folder && relative(root, folder);
}
