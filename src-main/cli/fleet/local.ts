import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';

import { nkeys } from '@nats-io/transport-node';

import { stateFolder } from '../../settings/config.ts';
import { selfSigned } from './self-signed.ts';

/** Ports of a fleet of one machine. */
export interface LocalPorts {
  readonly nats: number;
  readonly gateway: number;
  readonly page: number;
}

/** Where a fleet of this machine alone is laid out. */
export const localFolderOf = (folder: string | undefined): string => resolve(folder ?? join(stateFolder(), 'fleet'));

/** The files in it. */
export const localFiles = (folder: string) => ({
  config: join(folder, 'fleet.json'),
  nats: join(folder, 'nats.conf'),
  credentials: join(folder, 'local.nk'),
  certificate: join(folder, 'gateway.pem'),
  key: join(folder, 'gateway.key'),
  enrollSecret: join(folder, 'enroll-secret'),
  keySecret: join(folder, 'node-key-secret'),
  natsLog: join(folder, 'nats.log'),
  /** What its processes say. */
  log: join(folder, 'up.log'),
});

/**
 * Lays out a fleet of one machine in a folder, for its user alone: its configuration, its server's, its certificate and its secrets. What
 * is there stays.
 * @param ports undefined: such as are free
 * @returns whether it was there already
 */
export async function layOutLocal(folder: string, ports: LocalPorts | undefined): Promise<boolean> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = localFiles(folder);
  if (existsSync(files.config)) return true;
  const { nats, gateway, page } = ports ?? (await freePorts());
  // Any account of this machine could connect: only who can read the seed is let in.
  const user = nkeys.createUser();
  const { certificate, key } = selfSigned(Date.now());
  write(files.credentials, `${Buffer.from(user.getSeed()).toString()}\n`);
  write(files.nats, natsConfig(folder, nats, user.getPublicKey()));
  write(files.certificate, certificate);
  write(files.key, key);
  for (const secret of [files.enrollSecret, files.keySecret])
    write(secret, `${randomBytes(24).toString('base64url')}\n`);
  // The last: where it is, all else is.
  write(files.config, `${JSON.stringify(configOf(folder, { nats, gateway, page }), null, 2)}\n`);
  return false;
}

function configOf(folder: string, { nats, gateway, page }: LocalPorts): object {
  const { credentials, certificate, key, enrollSecret, keySecret } = localFiles(folder);
  const secrets = { certificate, key, enrollSecretFile: enrollSecret, keySecretFile: keySecret };
  return {
    tenant: 'local',
    servers: [`nats://127.0.0.1:${nats}`],
    credentials,
    partitions: 4,
    // Learns within seconds: for a look, not for judging anybody.
    engine: { algorithm: 'ocsvm' },
    worker: { processes: 1, state: join(folder, 'worker') },
    gateway: { listen: `127.0.0.1:${gateway}`, ...secrets },
    inbox: { state: join(folder, 'inbox') },
    page: { port: page },
  };
}

const natsConfig = (folder: string, port: number, user: string): string => `listen: "127.0.0.1:${port}"
log_file: ${JSON.stringify(localFiles(folder).natsLog)}
logfile_size_limit: 1MB
jetstream {
  store_dir: ${JSON.stringify(join(folder, 'nats'))}
}
authorization {
  timeout: 30
  users: [ { nkey: ${user} } ]
}
`;

function write(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

async function freePorts(): Promise<LocalPorts> {
  const servers = [0, 0, 0].map((port) => createServer().listen(port, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const [nats = 0, gateway = 0, page = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return { nats, gateway, page };
}
