import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createPackageWithOptions, extractAll } from '@electron/asar';
import { runtimePackages } from './runtime-packages.ts';

/** What ships beside the packages, from the repository. */
const shipped = ['out', 'build/icons', 'conf', 'LICENSE'];
/** What electron-builder takes out of package.json too. */
const notShipped = ['devDependencies', 'optionalDependencies', 'scripts'];

/**
 * Lays the built program out as it ships, packs it to `<folder>/app.asar` and unpacks that to `<folder>/app`, which is what
 * is tested: a file that the archive lacks is not there.
 *
 * @param root the repository, built
 * @param folder is made
 * @returns the folder of the unpacked archive
 */
export async function packAndUnpack(root: string, folder: string): Promise<string> {
  const [laidOut, archive, app] = ['laid-out', 'app.asar', 'app'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  layOut(root, laidOut);
  await createPackageWithOptions(laidOut, archive, {});
  extractAll(archive, app);
  rmSync(laidOut, { recursive: true });
  return app;
}

function layOut(root: string, to: string): void {
  if (!existsSync(join(root, 'out', 'main.mjs'))) throw new Error(`${root}/out is not built: npm run build`);
  for (const path of [...shipped, ...runtimePackages(root)]) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(root, path), join(to, path), {
      recursive: true,
      // A package's own packages are among the list where they ship.
      filter: (file) => !/\.map$|\/\.built-from$|node_modules\/.*\/node_modules(\/|$)/.test(file),
    });
  }
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  for (const key of notShipped) Reflect.deleteProperty(manifest, key);
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
