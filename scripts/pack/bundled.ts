import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { bundledPath } from '../bootstrap/build-stamp.mjs';

/** A package that is bundled into out/, and so ships. */
export interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its licence's text, as the package brings it. */
  readonly text: string;
}

/** What the bundlers told when out/ was built. @throws Error where it is not, or a package brings no text of its licence */
export function bundledPackages(root: string): readonly Bundled[] {
  const file = bundledPath(root);
  if (!existsSync(file)) throw new Error(`${file} is missing. Run: npm run build`);
  return (JSON.parse(readFileSync(file, 'utf8')) as string[]).map((folder) => describe(join(root, folder)));
}

/** @param folder of an installed package; @throws Error where it brings no text of its licence, which has to ship too */
export function describe(folder: string): Bundled {
  const {
    name,
    version,
    license = 'not stated',
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (file === undefined) throw new Error(`${folder} is bundled and brings no text of its licence (${license}).`);
  return { name, version, license, text: readFileSync(join(folder, file), 'utf8').trim() };
}
