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

/** The texts of packages that name their licence and bring no text of it. */
const LICENCES = join(import.meta.dirname, '..', '..', 'build', 'licences');
const knownTexts: readonly (readonly [packages: RegExp, file: string])[] = [
  [/^@tensorflow\/tfjs/, 'tensorflow.txt'],
  [/^seedrandom$/, 'seedrandom.txt'],
];

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
  const own = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const known = knownTexts.find(([packages]) => packages.test(name))?.[1];
  const file = own === undefined ? known && join(LICENCES, known) : join(folder, own);
  if (file === undefined) throw new Error(`${folder} is bundled and brings no text of its licence (${license}).`);
  return { name, version, license, text: readFileSync(file, 'utf8').trim() };
}
