import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import packageJson from '../../package.json' with { type: 'json' };
import type { Bundled } from './bundled.ts';

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly 'bom-ref': string;
}
interface Bom {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

export const SUMS = 'SHA256SUMS';

/**
 * Writes a CycloneDX bill of materials: what npm knows of the packages that ship, which are the bundled ones and Electron.
 *
 * @returns the file's name
 */
export function writeBillOfMaterials(root: string, dist: string, version: string, bundled: readonly Bundled[]): string {
  const npm = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const bom = JSON.parse(execFileSync('npm', npm, { cwd: root, maxBuffer: 2 ** 27, encoding: 'utf8' })) as Bom;
  const ships = new Map(bundled.map((one) => [one.name, one.version]));
  ships.set('electron', packageJson.devDependencies.electron);
  const nameOf = ({ group, name }: Component): string => (group ? `${group}/${name}` : name);
  const components = bom.components.filter(
    // Tools bring other versions of some, which do not ship.
    (component) => ships.get(nameOf(component)) === component.version,
  );
  const missing = [...ships.keys()].filter((name) => !components.some((component) => nameOf(component) === name));
  if (missing.length > 0) throw new Error(`npm's bill of materials lacks ${missing.join(', ')}`);
  const refs = new Set(components.map((component) => component['bom-ref']));
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));
  const name = `ubad_${version}.cdx.json`;
  writeFileSync(join(dist, name), `${JSON.stringify({ ...bom, components, dependencies }, null, 2)}\n`);
  return name;
}

/** Writes the SHA-256 sums of all that is given away, as `sha256sum --check` reads them. */
export function writeSums(dist: string, version: string): readonly string[] {
  const files = readdirSync(dist)
    .filter((name) => name.startsWith(`ubad_${version}`) && /\.(deb|AppImage|tar\.gz|cdx\.json)$/.test(name))
    .sort();
  const line = (name: string): string => {
    return `${createHash('sha256')
      .update(readFileSync(join(dist, name)))
      .digest('hex')}  ${name}\n`;
  };
  writeFileSync(join(dist, SUMS), files.map(line).join(''));
  return files;
}
