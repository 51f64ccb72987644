import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { localFolder } from '../../src-main/cli/fleet/local.ts';
import { fleetConfigOf, readFleetConfig } from '../../src-main/fleet/config.ts';
import { alertMessage, manifestRecord, read } from '../../src-main/fleet/wire/messages.ts';
import { scratch } from '../scratch.ts';

it('has a default for everything', () => {
  expect(fleetConfigOf({}, 'x')).toMatchObject({
    tenant: 'main',
    partitions: 64,
    lease: 20,
    worker: { keepDays: 14 },
    snapshot: { lines: 50_000 },
  });
});

it.each([
  [{ tenant: 'a.b' }, 'tenant: use letters'],
  [{ partitions: 60 }, 'partitions: use a power of two'],
  [{ worker: { state: 'here' } }, 'worker.state: give the whole path'],
  [{ gateway: { listen: 'everywhere' } }, 'gateway.listen: use address:port'],
  [{ servers: [] }, 'servers'],
  [{ partitons: 4 }, 'partitons'],
])('says which setting is wrong: %j', (value, message) => {
  expect(() => fleetConfigOf(value, 'fleet.json')).toThrow(`fleet.json: ${message}`);
});

it('says what is wrong with the file itself', () => {
  const file = join(scratch(), 'fleet.json');
  expect(() => readFleetConfig(file)).toThrow(/cannot be read \(ENOENT\)\. Make it with: ubad fleet init/);
  writeFileSync(file, '{');
  expect(() => readFleetConfig(file)).toThrow(/is no JSON/);
});

it('lays a fleet of one machine out, and leaves what is there as it is', () => {
  const folder = mkdtempSync(join(scratch(), 'local-'));
  const file = localFolder(folder);
  expect(readFleetConfig(file)).toMatchObject({ tenant: 'local', worker: { state: join(folder, 'worker') } });
  const secret = readFileSync(join(folder, 'enroll-secret'), 'utf8');
  expect(secret.trim().length).toBeGreaterThanOrEqual(16);
  localFolder(folder);
  expect(readFileSync(join(folder, 'enroll-secret'), 'utf8')).toBe(secret);
});

it('takes no snapshot whose files would lie elsewhere, and no message of another form', () => {
  const manifest = (path: string): string =>
    JSON.stringify({ form: 1, partition: 0, seq: 1, epoch: 1, before: null, files: [{ path, chunks: [] }] });
  expect(read(manifestRecord, manifest('ubad.db'))).toBeDefined();
  expect(read(manifestRecord, manifest('models/1-ocsvm-abc/manifest.json'))).toBeDefined();
  for (const path of [
    '../ubad.db',
    '/etc/passwd',
    'models/../../x',
    'models/../x/y',
    'models/a/..',
    'models/a/b/c',
    '',
  ])
    expect(read(manifestRecord, manifest(path)), path).toBeUndefined();
  expect(read(alertMessage, '{"form":2,"kind":"owner","epoch":1,"owner":"a","at":1,"n":0}')).toBeUndefined();
  expect(read(alertMessage, '{"form":1,"kind":"owner","epoch":1,"owner":"a","at":1,"n":0}')).toBeDefined();
});
