import { Hosts, type HostState } from '../../fleet/gateway/hosts.ts';
import { isHostName } from '../../fleet/gateway/keys.ts';
import { openBucket } from '../../fleet/wire/streams.ts';
import { exitCodes, Failure } from '../failure.ts';
import { clock, say, sayJson, sayTable } from '../output.ts';
import { connected, type FleetOptions, type InspectOptions } from './shared.ts';

/** `ubad fleet hosts list`: who has enrolled, and who waits for approval. */
export async function listHosts(options: InspectOptions): Promise<void> {
  const hosts = await withHosts(options, (known) => known.list());
  if (options.json) sayJson(hosts.map(({ host, state, at }) => ({ host, state, at })));
  else
    sayTable(
      ['HOST', 'STATE', 'ENROLLED'],
      hosts.map(({ host, state, at }) => [host, state, clock(at)]),
    );
}

/** `ubad fleet hosts approve <host>`: its lines are taken from now on. */
export const approveHost = (host: string, options: FleetOptions): Promise<void> =>
  decide(host, 'approved', 'Its lines are taken from now on', options);

/** `ubad fleet hosts revoke <host>`: its key is worth nothing from now on, and it cannot enroll again. */
export const revokeHost = (host: string, options: FleetOptions): Promise<void> =>
  decide(host, 'revoked', 'Its key is worth nothing from now on', options);

async function decide(host: string, state: HostState, means: string, options: FleetOptions): Promise<void> {
  if (!isHostName(host)) throw new Failure(`That is no name of a host: ${JSON.stringify(host)}.`, exitCodes.usage);
  await withHosts(options, (hosts) => hosts.decide(host, state, Math.floor(Date.now() / 1000)));
  say(`${host} is ${state}. ${means}.`);
}

const withHosts = <T>(options: FleetOptions, work: (hosts: Hosts) => Promise<T>): Promise<T> =>
  connected(options, 'hosts', async (nc, subjects) => {
    const hosts = await Hosts.on(await openBucket(nc, subjects.bucket('HOSTS')));
    try {
      return await work(hosts);
    } finally {
      hosts.stop();
    }
  });
