import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A port that is NATS's own plus this: a server that is there already is left alone. */
const PORT = 14_222;
const GATEWAY_PORT = 18_443;

/**
 * Lays out a fleet of one machine in a folder: its configuration, its server's, and its secrets. What is there stays.
 * @returns the configuration's file
 */
export function localFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'fleet.json');
  const config = {
    tenant: 'local',
    servers: [`nats://127.0.0.1:${PORT}`],
    partitions: 4,
    lease: 6,
    worker: { processes: 1, state: join(folder, 'worker') },
    gateway: {
      listen: `127.0.0.1:${GATEWAY_PORT}`,
      certificate: join(folder, 'gateway.pem'),
      key: join(folder, 'gateway.key'),
      enrollSecretFile: join(folder, 'enroll-secret'),
      keySecretFile: join(folder, 'node-key-secret'),
    },
    inbox: { state: join(folder, 'inbox') },
  };
  const nats = `listen: "127.0.0.1:${PORT}"
jetstream {
  store_dir: ${JSON.stringify(join(folder, 'nats'))}
}
`;
  writeMissing(file, `${JSON.stringify(config, null, 2)}\n`);
  writeMissing(join(folder, 'nats.conf'), nats);
  for (const secret of ['enroll-secret', 'node-key-secret'])
    writeMissing(join(folder, secret), `${randomBytes(24).toString('base64url')}\n`);
  return file;
}

function writeMissing(file: string, text: string): void {
  if (!existsSync(file)) writeFileSync(file, text, { mode: 0o600 });
}
