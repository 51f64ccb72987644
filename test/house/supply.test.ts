import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { describe } from '../../scripts/pack/bundled.ts';
import { bundledFolders, root } from './bundled.ts';

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly license?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');
/** What the bundlers really put in: also what is a tool to npm, such as Svelte, whose code runs in the window. */
const bundled = await bundledFolders();
const shipped = locked.filter(([path, { dev }]) => dev !== true || bundled.includes(path));

/** Licences under which a part may be shipped in a program under the MIT licence. */
const FREE =
  /^\(?(MIT|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|Unlicense|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0)( (OR|AND) [\w.-]+)*\)?$/;

/**
 * TensorFlow fetches its library, core-js asks for money, and what electron-builder brings for Windows chooses a packer;
 * each is looked at when it changes.
 */
const KNOWN_TO_RUN: readonly string[] = [
  'node_modules/@tensorflow/tfjs-node',
  'node_modules/core-js',
  'node_modules/electron-winstaller',
];

/** What npm's own lock does not say: read where it is installed. */
function licenceOf(path: string, { license }: Locked): string {
  if (license !== undefined) return license;
  const file = join(root, path, 'package.json');
  if (!existsSync(file)) return 'unknown: not installed';
  const said = JSON.parse(readFileSync(file, 'utf8')) as { license?: unknown; licenses?: { type?: string }[] };
  return typeof said.license === 'string' ? said.license : (said.licenses?.[0]?.type ?? 'none');
}

it('every package is sealed with SHA-512 and comes from the registry under its own name', () => {
  // Without an address npm asks the registry for the name of the path.
  const odd = locked.filter(([path, { resolved, integrity = '', version = '' }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const base = name.slice(name.lastIndexOf('/') + 1);
    const expected = `https://registry.npmjs.org/${name}/-/${base}-${version}.tgz`;
    return !integrity.startsWith('sha512-') || (resolved !== undefined && resolved !== expected);
  });
  expect(odd.map(([path, { resolved }]) => [path, resolved])).toEqual([]);
});

it('what is shipped may be shipped: every licence is a free one without conditions on the rest', () => {
  const others = shipped
    .map(([path, one]) => [path, licenceOf(path, one)])
    .filter(([, licence]) => !FREE.test(licence!));
  expect(others).toEqual([]);
});

it('what is bundled is known with its licence, whose text ships too', () => {
  // Of both kinds, and the bundler's own part: the metadata tells of all three.
  const some = ['node_modules/commander', 'node_modules/svelte', 'node_modules/rolldown'];
  expect(bundled).toEqual(expect.arrayContaining(some));
  expect(bundled.filter((path) => !Object.hasOwn(packages, path))).toEqual([]);
  for (const path of bundled) {
    const { license, text } = describe(join(root, path));
    expect(license, path).toMatch(FREE);
    expect(text.length, path).toBeGreaterThan(200);
  }
});

it('only known packages run a program when they are installed', () => {
  const running = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
  expect(running.sort()).toEqual(KNOWN_TO_RUN);
});
