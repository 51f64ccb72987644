import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { Bundled } from './bundled.ts';

/** Where electron-builder.yml takes from what is made for packages only. */
export const generatedIn = (root: string): string => join(root, '.cache', 'pack');

/** Makes manual, completions, changelog and notices, of what was built. */
export function generate(root: string, bundled: readonly Bundled[]): void {
  const folder = generatedIn(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const ubad = (...words: string[]): Buffer => execFileSync(process.execPath, [join(root, 'out', 'ubad.mjs'), ...words]);
  const keep = (name: string, content: Buffer | string): void => {
    writeFileSync(join(folder, name), content);
  };
  // gzip's header has no time here: the same sources give the same package.
  keep('ubad.1.gz', gzipSync(ubad('manual'), { level: 9 }));
  keep('changelog.gz', gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 }));
  for (const shell of ['bash', 'zsh', 'fish']) keep(`ubad.${shell}`, ubad('completion', shell));
  keep('THIRD-PARTY-NOTICES', noticesOf(bundled));
}

function noticesOf(bundled: readonly Bundled[]): string {
  const parts = bundled.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`);
  return `This program contains these packages.\n\n${parts.join(`\n${'-'.repeat(76)}\n\n`)}`;
}
