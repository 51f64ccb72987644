import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { layOutLocal, localFiles } from '../../src-main/cli/fleet/local.ts';
import { selfSigned } from '../../src-main/cli/fleet/self-signed.ts';
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
    // Nothing leaves a machine, and nobody else is listened to, before somebody says so.
    mirror: 'off',
    bridge: { subject: null, stream: null },
  });
});

it.each([
  [{ tenant: 'a.b' }, 'tenant: use letters'],
  [{ partitions: 60 }, 'partitions: use a power of two'],
  [{ worker: { state: 'here' } }, 'worker.state: give the whole path'],
  [{ gateway: { listen: 'everywhere' } }, 'gateway.listen: use address:port'],
  [{ servers: [] }, 'servers'],
  [{ mirror: 'all' }, 'mirror'],
  [{ forward: { alerts: 'here' } }, 'forward.alerts: give the whole path'],
  [{ bridge: { subject: 'osquery results' } }, 'bridge.subject: use a subject'],
  [{ bridge: { stream: 'a.b' } }, 'bridge.stream: use the name of a stream'],
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

it('lays a fleet of one machine out for its user alone, and leaves what is there as it is', async () => {
  const folder = mkdtempSync(join(scratch(), 'local-'));
  expect(await layOutLocal(folder, undefined)).toBe(false);
  const files = localFiles(folder);
  const config = readFleetConfig(files.config);
  expect(config).toMatchObject({ tenant: 'local', worker: { state: join(folder, 'worker') } });
  const { log: _, natsLog: __, ...written } = files;
  for (const file of Object.values(written)) expect(statSync(file).mode & 0o777, file).toBe(0o600);
  const addresses = [...config.servers.map((server) => new URL(server).host), config.gateway.listen];
  expect(addresses.every((address) => address.startsWith('127.0.0.1:'))).toBe(true);
  expect(new Set([...addresses, `127.0.0.1:${config.page.port}`]).size).toBe(3);
  const secret = readFileSync(files.enrollSecret, 'utf8');
  expect(secret.trim().length).toBeGreaterThanOrEqual(16);
  expect(await layOutLocal(folder, { nats: 1, gateway: 2, page: 3 })).toBe(true);
  expect(readFileSync(files.enrollSecret, 'utf8')).toBe(secret);
  expect(readFleetConfig(files.config)).toEqual(config);
});

it('signs a certificate of this machine’s own address', () => {
  const { certificate, key } = selfSigned(Date.now());
  const read_ = new X509Certificate(certificate);
  expect(read_.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(read_.checkHost('localhost')).toBe('localhost');
  expect(read_.checkHost('example.org')).toBeUndefined();
  expect(read_.verify(read_.publicKey)).toBe(true);
  expect(read_.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(new Date(read_.validTo).getTime()).toBeGreaterThan(Date.now() + 9 * 365 * 86_400_000);
});

it('takes no snapshot whose files would lie elsewhere, and no message of another form', () => {
  const manifest = (path: string): string =>
    JSON.stringify({ form: 1, partition: 0, seq: 1, epoch: 1, at: 1, before: null, files: [{ path, chunks: [] }] });
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
