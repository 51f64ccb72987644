import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { FLEET_FILE, fleetConfigOf } from '../../fleet/config.ts';
import { makeStreams } from '../../fleet/wire/streams.ts';
import { stateFolder } from '../../settings/config.ts';
import { tellUser, say } from '../output.ts';
import { localFolder } from './local.ts';
import { connected, fileOf, type FleetOptions } from './shared.ts';

export interface InitOptions extends FleetOptions {
  readonly local?: boolean;
  readonly folder?: string;
}

/** `ubad fleet init`: makes a fleet's streams and buckets on its servers; a configuration that is missing is written first. */
export async function init(options: InitOptions): Promise<void> {
  if (options.local) {
    const folder = resolve(options.folder ?? join(stateFolder(), 'fleet'));
    const file = localFolder(folder);
    say(`A fleet of this machine alone is laid out in ${folder}. Each in a terminal of its own:`);
    say(`nats-server -c ${join(folder, 'nats.conf')}`);
    say(`ubad fleet init --config ${file} && ubad fleet worker --config ${file}`);
    say(`ubad fleet gateway needs a certificate first: ${join(folder, 'gateway.pem')} and gateway.key`);
    return;
  }
  const file = fileOf(options);
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
