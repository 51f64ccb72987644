import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import packageJson from '../../package.json' with { type: 'json' };
import type { Bundled } from './bundled.ts';

/** As electron-builder.yml names it. */
const MAINTAINER = 'User Behavior Anomaly Detector team <maintainers@ubad.invalid>';

/** Where electron-builder.yml takes from what is made for packages only. */
const generatedIn = (root: string): string => join(root, '.cache', 'pack');

/** Makes manual, completions, changelog and notices, of what was built. */
export function generate(root: string, bundled: readonly Bundled[]): void {
  const folder = generatedIn(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const ubad = (...words: string[]): Buffer =>
    execFileSync(process.execPath, [join(root, 'out', 'ubad.mjs'), ...words]);
  const keep = (name: string, content: Buffer | string): void => {
    writeFileSync(join(folder, name), content);
  };
  // gzip's header has no time here: the same sources give the same package.
  keep('ubad.1.gz', gzipSync(ubad('manual'), { level: 9 }));
  keep('changelog.gz', gzipSync(debianChangelog(root), { level: 9 }));
  for (const shell of ['bash', 'zsh', 'fish']) keep(`ubad.${shell}`, ubad('completion', shell));
  keep('THIRD-PARTY-NOTICES', noticesOf(bundled));
}

function noticesOf(bundled: readonly Bundled[]): string {
  const parts = bundled.map(({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`);
  return `This program contains these packages.\n\n${parts.join(`\n${'-'.repeat(76)}\n\n`)}`;
}

/** CHANGELOG.md as Debian wants it: an entry a version, the newest first. */
function debianChangelog(root: string): string {
  const [, ...versions] = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m);
  const { version: current } = packageJson;
  const date = execFileSync('git', ['log', '-1', '--format=%cD'], { cwd: root, encoding: 'utf8' }).trim();
  const entries = versions.map((text) => {
    const name = /^\[?(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? current;
    const points = [...text.matchAll(/^- [^]*?(?=\n(?:- |\n|#)|$(?![^]))/gm)].map(([point]) => wrapped(point.slice(2)));
    return [`ubad (${name}) unstable; urgency=medium`, ...points, ` -- ${MAINTAINER}  ${date}`].join('\n\n');
  });
  return `${entries.join('\n\n')}\n`;
}

/** A point of a Debian changelog, in lines of at most 80 characters. */
function wrapped(point: string): string {
  const lines: string[] = [];
  let line = '  *';
  for (const word of point.split(/\s+/)) {
    if (`${line} ${word}`.length > 80) {
      lines.push(line);
      line = '   ';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
