import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { nkeys } from '@nats-io/transport-node';

import { roles, type Role } from '../../fleet/access/roles.ts';
import { serverConfig, type KeyHolder } from '../../fleet/access/server-config.ts';
import { isHostName } from '../../fleet/gateway/keys.ts';
import { tenantName, tokenOf } from '../../fleet/wire/subjects.ts';
import { writeWhole } from '../../system/whole-file.ts';
import { exitCodes, Failure } from '../failure.ts';
import { sayRaw, tellUser } from '../output.ts';
import { configOf, type FleetOptions } from './shared.ts';

export interface ServerConfigOptions extends FleetOptions {
  readonly keys?: string;
  readonly tenant?: readonly string[];
  readonly forward?: readonly string[];
}

/** `ubad fleet init --print-server-config`: nats-server's configuration, and a key for each role in a folder. Keys that are there stay. */
export function printServerConfig(options: ServerConfigOptions): void {
  const config = configOf(options);
  const folder = resolve(options.keys ?? 'ubad-fleet-keys');
  const tenants = (options.tenant ?? [config.tenant]).map((tenant) => {
    if (!tenantName.test(tenant))
      throw new Failure(
        `«${tenant}» is no name of a tenant: use letters, digits, _ and -, at most 32.`,
        exitCodes.usage,
      );
    const own = join(folder, tenant);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    const holders = roles.filter((role) => role !== 'forward').map((role) => holderIn(own, role));
    for (const host of options.forward ?? []) {
      if (!isHostName(host)) throw new Failure(`${JSON.stringify(host)} is no name of a host.`, exitCodes.usage);
      holders.push(holderIn(own, 'forward', host));
    }
    return { tenant, holders };
  });
  sayRaw(serverConfig(config, tenants));
  tellUser(
    `The keys are in ${folder}: give each machine only its own, and name it as credentials in its fleet.json. admin.nk is for ubad fleet init, hosts, drain, adopt and doctor.`,
  );
}

function holderIn(folder: string, role: Role, host?: string): KeyHolder {
  const file = join(folder, `${host === undefined ? role : `${role}-${tokenOf(host)}`}.nk`);
  if (!existsSync(file)) {
    const seed = new TextDecoder().decode(nkeys.createUser().getSeed());
    writeWhole(file, `${seed}\n`, 0o600);
  }
  const publicKey = publicKeyIn(file);
  return host === undefined ? { role, publicKey } : { role, host, publicKey };
}

/** @throws Failure for a file that holds no key */
function publicKeyIn(file: string): string {
  try {
    return nkeys.fromSeed(new TextEncoder().encode(readFileSync(file, 'utf8').trim())).getPublicKey();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(`${file} is no key (${why}). Move it away: another one is made then.`, exitCodes.unreadable);
  }
}
