import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { FLEET_FILE, fleetConfigOf } from '../../fleet/config.ts';
import { makeStreams } from '../../fleet/wire/streams.ts';
import { exitCodes, Failure } from '../failure.ts';
import { tellUser, say } from '../output.ts';
import { layOutLocal, localFolderOf, type LocalPorts } from './local.ts';
import { printServerConfig, type ServerConfigOptions } from './server-config.ts';
import { connected } from './shared.ts';

export interface InitOptions extends ServerConfigOptions {
  readonly printServerConfig?: boolean;
  readonly local?: boolean;
  readonly folder?: string;
  readonly ports?: string;
}

/** `ubad fleet init`: makes a fleet's streams and buckets on its servers; a configuration that is missing is written first. */
export async function init(options: InitOptions): Promise<void> {
  if (options.printServerConfig) {
    printServerConfig(options);
    return;
  }
  if (options.local) {
    await initLocal(options);
    return;
  }
  const file = options.config ?? FLEET_FILE;
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    const { tenant, servers, credentials, ca, partitions, replicas } = fleetConfigOf({}, file);
    const begin = { tenant, servers, credentials, ca, partitions, replicas };
    writeFileSync(file, `${JSON.stringify(begin, null, 2)}\n`, { mode: 0o640 });
    tellUser(`${file} was written with the defaults. See to servers, credentials and ca in it, then: ubad fleet init`);
    return;
  }
  await connected({ config: file }, 'init', (nc, subjects, config) => makeStreams(nc, subjects, config));
  const named = file === FLEET_FILE ? '' : ` --config ${file}`;
  say(`The fleet is made. On each worker: ubad fleet worker${named}`);
}

/** `ubad fleet init --local`: lays out a fleet of this machine alone. */
async function initLocal({ folder: wanted, ports }: InitOptions): Promise<void> {
  const folder = localFolderOf(wanted);
  const wasThere = await layOutLocal(folder, ports === undefined ? undefined : portsOf(ports));
  say(
    wasThere
      ? `A fleet of this machine alone is laid out in ${folder} already; nothing was changed.`
      : `A fleet of this machine alone is laid out in ${folder}: its configuration, keys and certificate, for you alone.`,
  );
  say(`Start it with: ubad fleet up${wanted === undefined ? '' : ` --folder ${folder}`}`);
}

function portsOf(text: string): LocalPorts {
  const ports = text.split(',').map(Number);
  const [nats = 0, gateway = 0, page = 0] = ports;
  if (ports.length === 3 && ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536))
    return { nats, gateway, page };
  throw new Failure(
    `--ports «${text}»: use three ports of this machine, for nats-server, gateway and page, such as 14222,18443,18080.`,
    exitCodes.usage,
  );
}
