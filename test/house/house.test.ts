import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(read('package.json')) as Manifest;

/** Every file that is, or would be, committed. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));

describe('the house', () => {
  it.each(['README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md'])('has its %s', (path) => {
    expect(read(path).trim()).not.toBe('');
  });

  it.each(files.filter((path) => path.endsWith('.md')))('%s names only scripts that exist', (path) => {
    const named = [...read(path).matchAll(/\bnpm (?:run )?((?<=run )[\w:-]+|test|start)\b/g)].map((match) => match[1]);
    expect(named.filter((name) => name === undefined || !(name in manifest.scripts))).toEqual([]);
  });

  it('keeps the script names that are promised', () => {
    const promised = ['check', 'test', 'test:unit', 'test:window', 'test:desktop', 'test:package'];
    expect(Object.keys(manifest.scripts)).toEqual(
      expect.arrayContaining([...promised, 'bench', 'torture', 'fuzz', 'pack', 'start']),
    );
  });

  it('pins every package to one version', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('locks packages of the npm registry only', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<Record<string, { readonly resolved?: string; readonly integrity?: string }>>;
    };
    const elsewhere = Object.entries(packages).filter(
      ([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
    );
    const unsealed = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && integrity === undefined);
    expect({ elsewhere, unsealed }).toEqual({ elsewhere: [], unsealed: [] });
  });
});

describe('no file names a place of the machine that it was written on', () => {
  // Spelt so that this file does not name them itself. A home of root is a fair example in a log, not in a program.
  const everywhere = [/(?<![\w.])\/work[/]/, /\.\.\/shared\b/, /\bfa[r]m\b/i];
  const inPrograms = [...everywhere, /(?<![\w.])\/root[/]/];
  const examples = /^(conf|data|docs|test)\//;
  const text = files.filter((path) =>
    /\.(ts|js|mjs|json|md|svelte|css|html|yml|sh|conf|log|desktop)$|^[^.]*$|^\.ci\//.test(path),
  );

  it.each(text.filter((path) => path !== 'package-lock.json'))('%s', (path) => {
    const content = read(path);
    for (const place of examples.test(path) ? everywhere : inPrograms) expect(content).not.toMatch(place);
  });
});
