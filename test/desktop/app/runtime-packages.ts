import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Folders of the packages that have to ship, relative to `root`: `dependencies` and theirs, found as Node finds them. What
 * is optional does not ship: it only trains faster, and is larger than all the rest.
 *
 * @throws Error naming a package that is not installed
 */
export function runtimePackages(root: string): readonly string[] {
  const found = new Set<string>();
  const visit = (folder: string): void => {
    for (const name of Object.keys(manifestIn(folder).dependencies ?? {})) {
      const at = folderOf(name, folder, root);
      if (found.has(at)) continue;
      found.add(at);
      visit(at);
    }
  };
  visit(root);
  return [...found].map((folder) => relative(root, folder)).sort();
}

/** Node looks in each node_modules upwards. */
function folderOf(name: string, from: string, root: string): string {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
  }
  throw new Error(`the package ${name} is not installed; ${from} needs it`);
}

const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
