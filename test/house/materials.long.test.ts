import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { writeBillOfMaterials } from '../../scripts/pack/beside.ts';
import { describe } from '../../scripts/pack/bundled.ts';
import { scratch } from '../scratch.ts';
import { bundledFolders, root } from './bundled.ts';

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
}
interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;

it('the bill of materials names what ships and nothing else, with the versions, sums and licences of the lock', async () => {
  const folder = scratch();
  const bundled = (await bundledFolders()).map((path) => describe(join(root, path)));
  const names = bundled.map(({ name }) => name);
  for (const name of ['commander', '@valibot/to-json-schema', 'svelte']) expect(names).toContain(name);
  const file = writeBillOfMaterials(root, folder, '0.1.0', bundled);
  const { components } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly components: Component[] };
  const nameOf = ({ group, name }: Component): string => (group ? `${group}/${name}` : name);
  expect(components.map(nameOf).sort()).toEqual([...names, 'electron'].sort());

  for (const component of components) {
    const { version, integrity } = packages[`node_modules/${nameOf(component)}`]!;
    const sum = Buffer.from(integrity!.slice('sha512-'.length), 'base64').toString('hex');
    expect(component).toMatchObject({ version, hashes: [{ alg: 'SHA-512', content: sum }] });
    expect(component.purl).toBe(`pkg:npm/${nameOf(component).replace('@', '%40')}@${version}`);
    expect(component.licenses?.length).toBeGreaterThan(0);
  }
});

it('what npm does not know is not left out of it in silence', () => {
  const stranger = { name: 'not-a-package-of-ours', version: '', license: '', text: '' };
  expect(() => writeBillOfMaterials(root, scratch(), '0.1.0', [stranger])).toThrow(/lacks not-a-package-of-ours/);
});
