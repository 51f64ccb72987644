import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

import { makeStreams } from '../../src-main/fleet/wire/streams.ts';
import { fleetConfigOf, type FleetConfig } from '../../src-main/fleet/config.ts';
import { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { scratch } from '../scratch.ts';
import type { NatsServer } from './nats-server.ts';

/** One server, or a cluster of them. */
export type Servers = Pick<NatsServer, 'urls' | 'connect'>;

const cli = join(import.meta.dirname, '..', '..', 'src-main', 'cli.ts');

/** Waits for something. @throws saying what did not come */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 90): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    if (await isSo()) return;
    await setTimeout(100);
  }
  throw new Error(`It did not come within ${seconds} s: ${what}`);
}

/** A tenant of a fleet whose workers are processes of the real command. */
export class TestFleet {
  readonly subjects: Subjects;
  readonly partitions: number;
  readonly folder = scratch();
  /** Of gateways, by name: the address and port of each. */
  readonly listens = new Map<string, string>();
  readonly #server: Servers;
  readonly #config: FleetConfig;
  readonly #more: NodeJS.ProcessEnv;
  readonly #names = new Set<string>();
  readonly #workers = new Map<string, ChildProcess>();

  private constructor(server: Servers, config: FleetConfig, more: NodeJS.ProcessEnv) {
    this.#more = more;
    this.#server = server;
    this.#config = config;
    this.partitions = config.partitions;
    this.subjects = new Subjects(config.tenant);
  }

  /** @param more of the processes' environment */
  static async make(
    server: Servers,
    tenant: string,
    changed: object = {},
    more: NodeJS.ProcessEnv = {},
  ): Promise<TestFleet> {
    const config = fleetConfigOf(
      {
        tenant,
        servers: server.urls,
        partitions: 4,
        lease: 4,
        snapshot: { lines: 700, minutes: 30 },
        engine: { algorithm: 'ocsvm', trainAfter: 1000 },
        ...changed,
      },
      'a test',
    );
    const fleet = new TestFleet(server, config, more);
    const nc = await server.connect('setup');
    await makeStreams(nc, fleet.subjects, config);
    return fleet;
  }

  stateOf(name: string): string {
    return join(this.folder, name);
  }

  logOf(name: string): string {
    return join(this.folder, `${name}.log`);
  }

  /** Writes the configuration of a process, whose state is in a folder of its own. */
  configOf(name: string): string {
    const file = join(this.folder, `${name}.json`);
    const { processes } = this.#config.worker;
    const worker = {
      ...this.#config.worker,
      processes: processes === 'cores' ? 1 : processes,
      state: this.stateOf(name),
    };
    const inbox = { ...this.#config.inbox, state: this.stateOf('inbox') };
    const { listen } = this.#config.gateway;
    const gateway = { ...this.#config.gateway, listen: this.listens.get(name) ?? listen };
    writeFileSync(file, JSON.stringify({ ...this.#config, worker, inbox, gateway }));
    return file;
  }

  get #env(): NodeJS.ProcessEnv {
    const { folder } = this;
    const own = { HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_RUNTIME_DIR: folder };
    return { ...process.env, ...own, ...this.#more };
  }

  /** Runs a command of the fleet to its end. @returns what it prints @throws where it fails */
  async ask(...args: string[]): Promise<string> {
    const command = [cli, 'fleet', ...args, '--config', this.configOf('asked')];
    return (await promisify(execFile)(process.execPath, command, { env: this.#env })).stdout;
  }

  /**
   * Starts a worker, or another process of the fleet, in a process group of its own.
   * @throws Error where one of that name runs: nobody would end it
   */
  start(
    name: string,
    command: 'worker' | 'inbox' | 'serve' | 'bridge' | 'forward' | 'gateway' | 'split' = 'worker',
  ): ChildProcess {
    if (this.#workers.has(name) && !this.hasEnded(name)) throw new Error(`${name} runs already`);
    const args = [
      '--config',
      this.configOf(name),
      ...(command === 'worker' ? ['--name', name] : command === 'split' ? ['--to', '4'] : []),
    ];
    const started = spawn(process.execPath, [cli, 'fleet', command, ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.#env,
    });
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => {
        appendFileSync(this.logOf(name), chunk);
      });
    this.#workers.set(name, started);
    this.#names.add(name);
    return started;
  }

  /** Whether a process that was started has ended by itself. */
  hasEnded(name: string): boolean {
    const worker = this.#workers.get(name);
    return worker !== undefined && (worker.exitCode !== null || worker.signalCode !== null);
  }

  /** Kills a worker and its children at once, as the loss of a machine would. @param wipe also its disk */
  async kill(name: string, wipe: boolean): Promise<void> {
    const worker = this.#workers.get(name);
    if (!worker) return;
    this.#workers.delete(name);
    if (worker.exitCode === null && worker.signalCode === null) {
      const gone = once(worker, 'exit');
      signalGroup(worker, 'SIGKILL');
      await gone;
    }
    // Its children die with it, but in their own time.
    await setTimeout(50);
    if (wipe) rmSync(this.stateOf(name), { recursive: true, force: true });
  }

  /** What the workers said, for a failure to be understood. */
  logs(): string {
    return [...this.#names]
      .map(
        (name) =>
          `${name}:\n${existsSync(this.logOf(name)) ? readFileSync(this.logOf(name), 'utf8').slice(-3000) : ''}`,
      )
      .join('\n');
  }

  signal(name: string, signal: NodeJS.Signals): void {
    const worker = this.#workers.get(name);
    if (worker) signalGroup(worker, signal);
  }

  /** Ends a worker as systemd would. */
  async stop(name: string): Promise<void> {
    const worker = this.#workers.get(name);
    if (!worker) return;
    this.#workers.delete(name);
    if (worker.exitCode !== null || worker.signalCode !== null) return;
    const gone = once(worker, 'exit');
    worker.kill('SIGTERM');
    await gone;
  }

  get running(): readonly string[] {
    return [...this.#workers.keys()];
  }

  async killAll(): Promise<void> {
    for (const name of this.running) await this.kill(name, false);
  }

  get server(): Servers {
    return this.#server;
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid!, signal);
  } catch {
    // It has ended by itself.
  }
}
