import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, describe } from 'vitest';

import { connectTo } from '../../src-main/fleet/wire/connect.ts';
import { scratch } from '../scratch.ts';

const natsServer = process.env.UBAD_NATS_SERVER ?? 'nats-server';

/** Major and minor number of the program; undefined where there is none. */
export const natsVersion = ((): readonly [number, number] | undefined => {
  try {
    const text = execFileSync(natsServer, ['--version'], { stdio: 'pipe', encoding: 'utf8' });
    const [, major, minor] = /v(\d+)\.(\d+)/.exec(text) ?? [];
    return [Number(major), Number(minor)];
  } catch {
    return undefined;
  }
})();

if (!natsVersion)
  console.warn('SKIPPED: there is no nats-server here; apt-get install nats-server, or set UBAD_NATS_SERVER.');

/** Tests that need a real server: skipped aloud where there is none. */
export const describeWithNats = describe.skipIf(!natsVersion);

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A real server on the loopback interface, in a scratch folder of its own. */
export class NatsServer {
  readonly port: number;
  readonly folder: string;
  #process: ChildProcess | undefined;
  readonly #connections: NatsConnection[] = [];

  private constructor(port: number, folder: string) {
    this.port = port;
    this.folder = folder;
  }

  /** @param more lines of its configuration */
  static start(more = ''): Promise<NatsServer> {
    return NatsServer.startWith(
      (listen, store) => `listen: ${listen}\njetstream { store_dir: ${JSON.stringify(store)} }\n${more}\n`,
    );
  }

  /** @param configOf its whole configuration */
  static async startWith(configOf: (listen: string, store: string) => string): Promise<NatsServer> {
    const folder = scratch();
    const port = await freePort();
    const store = join(folder, 'jetstream');
    mkdirSync(store);
    writeFileSync(join(folder, 'nats.conf'), configOf(`127.0.0.1:${port}`, store));
    const server = new NatsServer(port, folder);
    await server.begin();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get urls(): readonly string[] {
    return [this.url];
  }

  /** Starts it, again after a kill. */
  async begin(): Promise<void> {
    const log = ['-l', join(this.folder, 'nats.log')];
    this.#process = spawn(natsServer, ['-c', join(this.folder, 'nats.conf'), ...log], { stdio: 'ignore' });
    for (let tries = 0; tries < 100; tries++) {
      if (await answers(this.port)) return;
      await setTimeout(50);
    }
    throw new Error(`nats-server does not answer; see ${this.folder}/nats.log`);
  }

  async kill(): Promise<void> {
    const running = this.#process;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  async connect(name = 'test'): Promise<NatsConnection> {
    const nc = await connectTo({ servers: [this.url], name, credentials: null, ca: null });
    this.#connections.push(nc);
    return nc;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#connections.map((nc) => nc.close().catch(() => undefined)));
    await this.kill();
  }
}

/** A server for the tests of a file. */
export function serverForAll(): { readonly get: () => Promise<NatsServer> } {
  let started: Promise<NatsServer> | undefined;
  afterAll(async () => (await started)?.stop());
  return { get: () => (started ??= NatsServer.start()) };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = dial(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
