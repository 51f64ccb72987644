import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { NatsConnection } from '@nats-io/transport-node';

import { natsProgram, untilGreeted } from '../../../src-main/cli/fleet/up/nats.ts';
import { connectTo } from '../../../src-main/fleet/wire/connect.ts';

/** A real nats-server of this machine alone, for a bench. */
export interface BenchServer {
  readonly url: string;
  connect(name: string): Promise<NatsConnection>;
  stop(): Promise<void>;
}

const READY_MS = 30_000;

/** @returns undefined where there is no nats-server */
export async function startServer(folder: string): Promise<BenchServer | undefined> {
  const program = natsProgram();
  if (program === undefined) return undefined;
  const port = await freePort();
  const store = join(folder, 'jetstream');
  mkdirSync(store, { recursive: true });
  const file = join(folder, 'nats.conf');
  writeFileSync(file, `listen: "127.0.0.1:${port}"\njetstream { store_dir: ${JSON.stringify(store)} }\n`);
  const running = spawn(program, ['-c', file, '-l', join(folder, 'nats.log')], { stdio: 'ignore' });
  await untilGreeted(port, AbortSignal.timeout(READY_MS));
  const url = `nats://127.0.0.1:${port}`;
  const connections: NatsConnection[] = [];
  return {
    url,
    async connect(name) {
      const nc = await connectTo({ servers: [url], name, credentials: null, ca: null });
      connections.push(nc);
      return nc;
    },
    async stop() {
      await Promise.all(connections.map((nc) => nc.close()));
      const gone = once(running, 'exit');
      running.kill('SIGTERM');
      await gone;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
