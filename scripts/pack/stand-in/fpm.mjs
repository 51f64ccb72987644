#!/usr/bin/env node
/**
 * Stands in for `fpm -s dir -t deb` where electron-builder's own cannot be downloaded: takes the arguments that
 * electron-builder gives, and lets dpkg-deb make the package. Plain JavaScript: it is started by its own first line.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Options whose values end in the control file, in its order. */
const fields = {
  '--name': 'Package',
  '--version': 'Version',
  '--architecture': 'Architecture',
  '--maintainer': 'Maintainer',
  '-d': 'Depends',
  '--deb-recommends': 'Recommends',
  '--deb-suggests': 'Suggests',
  '--category': 'Section',
  '--deb-priority': 'Priority',
  '--url': 'Homepage',
};
const scripts = {
  '--before-install': 'preinst',
  '--after-install': 'postinst',
  '--before-remove': 'prerm',
  '--after-remove': 'postrm',
};
const valued = new Set([
  ...Object.keys(fields),
  ...Object.keys(scripts),
  ...['-s', '-t', '--log', '--package', '--description'],
]);
for (const known of ['--deb-compression', '--vendor', '--license']) valued.add(known);
const flags = new Set(['--force', '--debug']);

/** @type {Map<string, string[]>} */
const options = new Map();
/** @type {[source: string, target: string][]} */
const mappings = [];
const words = process.argv.slice(2);
for (let word = words.shift(); word !== undefined; word = words.shift()) {
  const [, name = word, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  if (flags.has(name)) continue;
  if (valued.has(name)) options.set(name, [...(options.get(name) ?? []), value ?? words.shift() ?? '']);
  else if (word.startsWith('-')) throw new Error(`the stand-in for fpm does not know ${word}`);
  else mappings.push([word.slice(0, word.lastIndexOf('=')), word.slice(word.lastIndexOf('=') + 1)]);
}
const only = (/** @type {string} */ name) => options.get(name)?.at(-1) ?? '';

const root = mkdtempSync(join(tmpdir(), 'ubad-deb-'));
try {
  for (const [source, target] of mappings) place(source, join(root, target));
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  );
  let bytes = 0;
  const sums = [];
  for (const file of [root, ...files]) {
    const found = lstatSync(file);
    if (found.isSymbolicLink()) continue;
    chmodSync(file, found.isDirectory() || (found.mode & 0o111) !== 0 ? 0o755 : 0o644);
    if (!found.isFile()) continue;
    bytes += found.size;
    sums.push(`${createHash('md5').update(readFileSync(file)).digest('hex')}  ${file.slice(root.length + 1)}`);
  }
  const control = join(root, 'DEBIAN');
  mkdirSync(control);
  writeFileSync(join(control, 'control'), controlOf(bytes));
  writeFileSync(join(control, 'md5sums'), `${sums.join('\n')}\n`);
  for (const [option, name] of Object.entries(scripts)) {
    if (!options.has(option)) continue;
    copyFileSync(only(option), join(control, name));
    chmodSync(join(control, name), 0o755);
  }
  execFileSync('dpkg-deb', [
    '--root-owner-group',
    `-Z${only('--deb-compression')}`,
    '--build',
    root,
    only('--package'),
  ]);
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** A source with a slash at its end is a folder's content; a target with one is a folder. */
function place(/** @type {string} */ source, /** @type {string} */ target) {
  const to = target.endsWith('/') ? join(target, basename(source)) : target;
  mkdirSync(source.endsWith('/') ? to : dirname(to), { recursive: true });
  cpSync(source, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

function controlOf(/** @type {number} */ bytes) {
  const [synopsis = '', ...rest] = only('--description')
    .split('\n')
    .map((line) => line.trim());
  const lines = Object.entries(fields).flatMap(([option, field]) => {
    const values = options.get(option)?.filter((value) => value !== '') ?? [];
    return values.length === 0 ? [] : [`${field}: ${values.join(', ')}`];
  });
  const description = [synopsis, ...rest.map((line) => (line === '' ? ' .' : ` ${line}`))].join('\n');
  return `${[...lines, `Installed-Size: ${Math.ceil(bytes / 1024)}`, `Description: ${description}`].join('\n')}\n`;
}
