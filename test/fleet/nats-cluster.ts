import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { describe } from 'vitest';

import { connectTo } from '../../src-main/fleet/wire/connect.ts';
import { freePort, NatsServer, natsVersion } from './nats-server.ts';
import { until } from './processes.ts';

/** Set by `npm run test:fleet`. */
const isAskedFor = process.env.UBAD_FLEET_KILLS !== undefined;
const [major, minor] = natsVersion ?? [0, 0];
const isNewEnough = major > 2 || (major === 2 && minor >= 10);

if (!isAskedFor) console.warn('SKIPPED: a cluster of nats-servers; npm run test:fleet tries it.');
else if (!isNewEnough)
  console.warn(
    `SKIPPED: a cluster takes nats-server 2.10 or later, and here is ${natsVersion?.join('.') ?? 'none'}; put one on PATH, or set UBAD_NATS_SERVER.`,
  );

/** Tests that need servers which may be a cluster: skipped aloud where they are older, and left out of `npm test`. */
export const describeWithCluster = describe.skipIf(!isAskedFor || !isNewEnough);

const SIZE = 3;

/** Three real servers of one cluster on the loopback interface. */
export class NatsCluster {
  readonly #servers: readonly (readonly [name: string, server: NatsServer])[];
  readonly #connections: NatsConnection[] = [];

  private constructor(servers: readonly (readonly [string, NatsServer])[]) {
    this.#servers = servers;
  }

  static async start(): Promise<NatsCluster> {
    const ports: number[] = [];
    for (let n = 0; n < SIZE; n++) ports.push(await freePort());
    const routes = ports.map((port) => `nats://127.0.0.1:${port}`).join(', ');
    const servers = await Promise.all(
      ports.map(async (port, n) => {
        const name = `nats-${n + 1}`;
        const configOf = (listen: string, store: string): string => `server_name: ${name}
listen: ${listen}
jetstream { store_dir: ${JSON.stringify(store)}, sync_interval: always }
cluster { name: test, listen: "127.0.0.1:${port}", routes: [ ${routes} ] }
`;
        return [name, await NatsServer.startWith(configOf)] as const;
      }),
    );
    const cluster = new NatsCluster(servers);
    const nc = await cluster.connect('waits');
    await until('the cluster has a leader', () =>
      jetstreamManager(nc).then(
        () => true,
        () => false,
      ),
    );
    return cluster;
  }

  get urls(): readonly string[] {
    return this.#servers.map(([, { url }]) => url);
  }

  named(name: string): NatsServer {
    return this.#servers.find(([own]) => own === name)![1];
  }

  async connect(name = 'test'): Promise<NatsConnection> {
    const nc = await connectTo({ servers: this.urls, name, credentials: null, ca: null });
    this.#connections.push(nc);
    return nc;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#connections.map((nc) => nc.close().catch(() => undefined)));
    for (const [, server] of this.#servers) await server.stop();
  }
}
