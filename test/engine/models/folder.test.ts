import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { writeModel } from '../../../src-main/engine/models/folder.ts';
import { readModel } from '../../../src-main/engine/models/read-model.ts';
import { FORMAT, type Manifest } from '../../../src-main/engine/models/manifest.ts';
import { StoreFull } from '../../../src-main/engine/store/problem.ts';
import { scratch } from '../../scratch.ts';

const manifest: Manifest = {
  normal: { maxima: [0.5], days: 1 },
  drift: {},
  format: FORMAT,
  subject: 'alice',
  algorithm: 'both',
  packFingerprint: 'p',
  seed: 1,
  windowLength: 100,
  training: { actions: 1, from: 0, to: 0 },
  createdAt: 0,
};
const pack = { fingerprint: 'p', fingerprints: new Map([['usb', 'u']]) };
const files = { 'a.json': '{"ü":1}', 'weights.bin': Uint8Array.of(0, 255, 128) };

function written(): string {
  const folder = join(scratch(), 'models', 'one');
  writeModel(folder, files, manifest);
  return folder;
}

it('is read as it was written, by its owner only', () => {
  const folder = written();
  expect(readModel(folder, pack)).toMatchObject({ ok: true, files });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
});

const change = (name: string, text: string) => (folder: string) => {
  writeFileSync(join(folder, name), text);
};
const SUM = '0'.repeat(64);
const rewritten = (changed: object): string => JSON.stringify({ ...manifest, files: { 'a.json': SUM }, ...changed });

it.each([
  ['a changed file', change('a.json', '{}'), 'corrupt', /a\.json is not what was written/],
  [
    'no manifest',
    (folder: string) => spawnSync('rm', [join(folder, 'manifest.json')]),
    'missing',
    /no readable manifest/,
  ],
  ['a manifest that is no JSON', change('manifest.json', '{'), 'corrupt', /is not JSON/],
  ['a manifest of something else', change('manifest.json', '[]'), 'corrupt', /not a model's manifest/],
  [
    'a format of tomorrow',
    change('manifest.json', rewritten({ format: FORMAT + 1 })),
    'other-format',
    new RegExp(`model format ${FORMAT + 1}, this program reads ${FORMAT}`),
  ],
  [
    'another pack',
    change('manifest.json', rewritten({ packFingerprint: 'q' })),
    'other-pack',
    /other queries or features/,
  ],
  [
    'another form of a query that it was trained on',
    change('manifest.json', rewritten({ trainedOn: { usb: 'v' } })),
    'other-pack',
    /other queries or features/,
  ],
  [
    'a path out of the folder',
    change('manifest.json', rewritten({ files: { '../x': SUM } })),
    'corrupt',
    /not a model's manifest/,
  ],
  ['a file that is gone', change('manifest.json', rewritten({ files: { gone: SUM } })), 'corrupt', /gone is missing/],
])('%s is refused by name', (_, spoil, kind, message) => {
  const folder = written();
  spoil(folder);
  expect(readModel(folder, pack)).toMatchObject({
    ok: false,
    problem: { kind, message: expect.stringMatching(message) as unknown },
  });
});

it('on a full disk it is refused as the database refuses, and is not there', ({ skip }) => {
  const disk = scratch();
  const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=128k,mode=0700', 'tmpfs', disk]);
  if (mounted.status !== 0) skip('a small disk needs the right to mount one (run as root)');
  onTestFinished(() => {
    spawnSync('/bin/umount', [disk]);
  });
  const folder = join(disk, 'models', 'one');
  expect(() => writeModel(folder, { 'big.bin': new Uint8Array(1_000_000) }, manifest)).toThrow(StoreFull);
  expect(existsSync(folder)).toBe(false);
});
