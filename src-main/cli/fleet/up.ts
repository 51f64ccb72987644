import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { takeOwnership } from '../../engine/store/ownership.ts';
import { readFleetConfig, type FleetConfig } from '../../fleet/config.ts';
import { connectTo } from '../../fleet/wire/connect.ts';
import { makeStreams } from '../../fleet/wire/streams.ts';
import { Subjects } from '../../fleet/wire/subjects.ts';
import { exitCodes, Failure } from '../failure.ts';
import { progressBar, say, tellUser } from '../output.ts';
import { onStopSignal } from '../stopping.ts';
import { localFiles, localFolderOf } from './local.ts';
import { pageFiles } from './page-files.ts';
import { toldLater } from './shared.ts';
import { Child } from './up/child.ts';
import { feedSimulated, isFed } from './up/feed.ts';
import { natsProgram, untilGreeted } from './up/nats.ts';

export interface UpOptions {
  readonly folder?: string;
  readonly hosts: string;
  readonly days: string;
}

const MOST_HOSTS = 1000;
const MOST_DAYS = 90;
const WORKERS = ['local-1', 'local-2'];

/** `ubad fleet up`: runs all of a fleet of this machine, until it is told to stop; ends all of it then, in order. */
export async function up(options: UpOptions): Promise<void> {
  const folder = localFolderOf(options.folder);
  const files = localFiles(folder);
  const [hosts, days] = [numberOf('hosts', options.hosts, 0, MOST_HOSTS), numberOf('days', options.days, 1, MOST_DAYS)];
  if (!existsSync(files.config)) {
    const more = options.folder === undefined ? '' : ` --folder ${folder}`;
    throw new Failure(`There is no fleet in ${folder} yet. Lay it out with: ubad fleet init --local${more}`);
  }
  const nats = natsProgram();
  if (nats === undefined)
    throw new Failure(
      'A fleet needs nats-server, which is not installed here. Install this one package, then run ubad fleet up again: ' +
        'sudo apt install nats-server',
    );
  // Before anything is started: it would end again.
  pageFiles();
  const ownership = takeOwnership(folder);
  if ('kind' in ownership)
    throw new Failure(ownership.message.replace('with --state', 'with --folder'), exitCodes.state);
  const stop = new AbortController();
  const forget = onStopSignal(() => {
    stop.abort();
  });
  const local = new LocalFleet(files, stop);
  try {
    await toldLater(() => local.run(nats, { folder, hosts, days }));
  } catch (error) {
    // Told to stop while it waited for something: that is what was wanted.
    if (!stop.signal.aborted) throw error;
  } finally {
    await local.end();
    forget();
    ownership.release('clean');
  }
  if (local.problem !== undefined) throw new Failure(local.problem);
}

interface Fed {
  readonly folder: string;
  readonly hosts: number;
  readonly days: number;
}

class LocalFleet {
  readonly #files: ReturnType<typeof localFiles>;
  readonly #stop: AbortController;
  readonly #children: Child[] = [];
  readonly #last = new Map<string, string>();
  #isEnding = false;
  /** Why it ended by itself. */
  problem: string | undefined;

  constructor(files: ReturnType<typeof localFiles>, stop: AbortController) {
    this.#files = files;
    this.#stop = stop;
  }

  /** Starts everything, in order, and waits until it is told to stop. */
  async run(nats: string, fed: Fed): Promise<void> {
    const { signal } = this.#stop;
    const config = readFleetConfig(this.#files.config);
    const port = Number(new URL(config.servers[0]!).port);
    rmSync(this.#files.log, { force: true });
    this.#begin(new Child({ name: 'nats-server', program: nats, args: ['-c', this.#files.nats] }));
    await untilGreeted(port, signal);
    await makeAll(config);
    const parts = [
      // A folder each: what lies in one is its worker's alone.
      ...WORKERS.map((name) =>
        this.#own(name, ['worker', '--name', name, '--state', join(config.worker.state, name)], /is ready$/),
      ),
      this.#own('inbox', ['inbox'], /inbox of the fleet/),
      this.#own('gateway', ['gateway'], /listens on/),
    ];
    for (const { ready } of parts) await this.#orStopped(ready);
    const page = this.#own('page', ['serve'], /the fleet’s page is at /);
    const address = (await this.#orStopped(page.ready)).replace(/^.* at /, '');
    say(`the fleet is at ${address}`);
    tellUser('The address is good once, for ten minutes; ubad fleet serve gives another.');
    tellUser(`What its processes say is in ${this.#files.log}. Ctrl-C ends all of them.`);
    await this.#feed(config, fed);
    await new Promise((resolve) => {
      if (signal.aborted) resolve(undefined);
      signal.addEventListener('abort', resolve, { once: true });
    });
  }

  /** Ends everything: who takes in first, the server last. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const of = (...names: readonly string[]): Promise<unknown> =>
      Promise.all(this.#children.filter(({ name }) => names.includes(name)).map((child) => child.stop()));
    await of('page', 'gateway');
    await of(...WORKERS);
    await of('inbox');
    await of('nats-server');
  }

  async #feed(config: FleetConfig, { folder, hosts, days }: Fed): Promise<void> {
    if (hosts === 0 || isFed(folder)) return;
    tellUser(
      `The first time it is fed with ${days} days of ${hosts} invented machines (ubad simulate): nothing of this machine is read. ` +
        'Who is on them is learned meanwhile, and alerts come after that.',
    );
    const bar = progressBar('Feeding');
    const { signal } = this.#stop;
    const lines = await feedSimulated({ folder, config, hosts, days, signal, onProgress: bar });
    tellUser(`Fed: ${lines} lines. The workers go on judging them: the page “Workers” tells how far they are.`);
  }

  #own(name: string, words: readonly string[], ready: RegExp): Child {
    const [program, script] = [process.execPath, process.argv[1]!];
    const args = [...process.execArgv, script, 'fleet', ...words, '--config', this.#files.config];
    const onLine = (line: string): void => {
      if (!ready.test(line)) this.#last.set(name, line.replace(/^ubad: /, ''));
      // What tells an address tells a secret: it stands in no file.
      if (!ready.test(line))
        appendFileSync(this.#files.log, `${name}: ${line.replace(/^ubad: /, '')}\n`, { mode: 0o600 });
    };
    // A service of its own is not what systemd started.
    const { NOTIFY_SOCKET: _, ...environment } = process.env;
    return this.#begin(new Child({ name, program, args, environment, ready, onLine }));
  }

  #begin(child: Child): Child {
    this.#children.push(child);
    void child.ended.then((how) => {
      if (this.#isEnding || this.#stop.signal.aborted) return;
      const log = child.name === 'nats-server' ? this.#files.natsLog : this.#files.log;
      const last = this.#last.get(child.name);
      const said = last === undefined ? '' : ` The last that it said: ${last}`;
      this.problem ??= `${child.name} ended by itself (${how}); all else was ended too.${said} More is in ${log}`;
      this.#stop.abort();
    });
    return child;
  }

  async #orStopped<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this.#stop;
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const stop = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([promise, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

async function makeAll(config: FleetConfig): Promise<void> {
  const { servers, credentials, ca, tenant } = config;
  const nc = await connectTo({ servers, credentials, ca, name: 'up' });
  try {
    await makeStreams(nc, new Subjects(tenant), config);
  } finally {
    await nc.close();
  }
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text !== '' && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Failure(`--${option} «${text}»: use a whole number from ${least} to ${most}.`, exitCodes.usage);
}
