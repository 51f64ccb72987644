import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package that is bundled into out/, and so ships. */
export interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its licence's text, as the package brings it. */
  readonly text: string;
}

/** Read from the bundles themselves: the bundler marks where each file of a package begins. */
export function bundledPackages(root: string): readonly Bundled[] {
  const out = join(root, 'out');
  const bundles = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => /\.[cm]?js$/.test(file));
  const names = new Set<string>();
  for (const file of bundles) {
    const text = readFileSync(join(out, file), 'utf8');
    for (const [, name] of text.matchAll(/^\/\/#region (?:.*\/)?node_modules\/((?:@[^/\s]+\/)?[^/\s]+)/gm))
      names.add(name!);
    // A minified bundle says nothing of where it comes from: the map beside it does.
    for (const name of namesInMap(join(out, `${file}.map`))) names.add(name);
  }
  return [...names].sort().map((name) => describe(root, name));
}

function namesInMap(file: string): string[] {
  if (!existsSync(file)) return [];
  const { sources } = JSON.parse(readFileSync(file, 'utf8')) as { readonly sources: readonly string[] };
  return sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
}

function describe(root: string, name: string): Bundled {
  const folder = join(root, 'node_modules', name);
  const { version, license = 'not stated' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  return { name, version, license, text: file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim() };
}
