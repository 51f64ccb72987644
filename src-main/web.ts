/**
 * The browser host: the same engine and the same window on this machine's own address, for machines without Electron or a
 * desktop. Off unless asked for (`ubad serve`).
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import packageJson from '../package.json' with { type: 'json' };
import { configFile, stateFolder } from './settings/config.ts';
import type { Settings } from './contract/settings.ts';
import { EXAMPLE_MINUTES } from './host/example.ts';
import { forkProcess } from './host/fork-process.ts';
import type { Host } from './host/host.ts';
import { addressOf, Announcement, runtimeFolder, type Told } from './web/announce.ts';
import { answersOf, newWebHost } from './web/host.ts';
import { Keys } from './web/keys.ts';
import { metricsText } from './web/metrics.ts';
import { WebServer } from './web/server.ts';
import { WebSettings } from './web/settings.ts';
import { Streams } from './web/streams.ts';

/** Where the program's parts are. */
export interface WebParts {
  readonly worker: string;
  /** Folder of the built page. */
  readonly page: string;
  /** The script that stands for the preload script. */
  readonly bridge: string;
  /** The folder that holds data/ and models/. */
  readonly root: string;
}

/** In a checkout the sources and what was built beside them; else all in one folder. */
export function ownParts(): WebParts {
  const self = fileURLToPath(import.meta.url);
  const folder = dirname(self);
  const out = self.endsWith('.ts') ? join(folder, '..', 'out') : folder;
  const worker = self.endsWith('.ts') ? join(folder, 'worker.ts') : join(folder, 'worker.mjs');
  return { worker, page: join(out, 'window'), bridge: join(out, 'bridge-web.js'), root: join(folder, '..') };
}

export interface WebOptions {
  readonly parts: WebParts;
  readonly host: '127.0.0.1' | '::1';
  readonly port: number;
  /** Absolute; undefined: the user's own. */
  readonly config: string | undefined;
  /** Settings that hold whatever the file says. */
  readonly over: Partial<Settings>;
  readonly tellUser: (text: string) => void;
  readonly requestMs?: number;
  /** Show the example that ships, until somebody goes live. */
  readonly example?: boolean;
}

export type Served =
  | { readonly state: 'started'; readonly web: Web }
  /** One runs already; `address` opens its page once, and `page` is a file that leads there. */
  | { readonly state: 'running'; readonly address: string; readonly page: string }
  /** One runs already and does not answer as ours must: it hangs, or somebody answers in its place. */
  | { readonly state: 'silent'; readonly origin: string; readonly pid: number };

/** A running browser host. */
export class Web {
  readonly host: Host;
  readonly #keys: Keys;
  readonly #server: WebServer;
  readonly #announcement: Announcement;

  constructor(host: Host, keys: Keys, server: WebServer, announcement: Announcement) {
    this.host = host;
    this.#keys = keys;
    this.#server = server;
    this.#announcement = announcement;
  }

  get origin(): string {
    return this.#server.origin;
  }

  get token(): string {
    return this.#keys.token;
  }

  /** For Prometheus. */
  get tokenFile(): string {
    return this.#announcement.tokenFile;
  }

  /** A page's address that is good once. */
  newAddress(): string {
    return addressOf(this.origin, this.#keys.issue(Date.now()));
  }

  /** The file that leads a browser to such an address. */
  newPage(): string {
    return this.#announcement.page(this.newAddress());
  }

  /** Resolves when what was being stored is stored, and nothing answers any more. */
  async stop(): Promise<void> {
    this.#announcement.end(this.#told);
    await Promise.all([this.#server.close(), this.host.stop()]);
  }

  announce(): void {
    this.#announcement.tell(this.#told);
  }

  get #told(): Told {
    return { origin: this.origin, secret: this.#keys.secret, token: this.token };
  }
}

/** It goes on: who could stop the watching by taking a port would have what they want. */
const strangerWarning = (origin: string): string =>
  `Another program listens at ${origin}, where ubad did before it ended, and it is not ubad: close what is open there, and ` +
  `find it with: ss -ltnp 'sport = :${new URL(origin).port}'. It was sent nothing that is of use to it.`;

/** @throws Error when the port cannot be had (`code` says why), or a file is not what it must be */
export async function serveWeb(options: WebOptions): Promise<Served> {
  const { parts, host, port, config, over, tellUser, requestMs, example } = options;
  const file = config ?? configFile();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const settings = new WebSettings(file, over);
  const folder = runtimeFolder(stateFolder());
  const announcement = new Announcement(folder, settings.engine.state);
  const found = await announcement.running();
  if (found.state === 'running') return { ...found, page: announcement.page(found.address) };
  if (found.state === 'silent') return found;
  if (found.state === 'stranger') tellUser(strangerWarning(found.origin));
  const [keys, streams] = [new Keys(), new Streams()];
  const webHost = newWebHost({
    settings,
    tellUser,
    fork: forkProcess(parts.worker),
    root: parts.root,
    memory: join(dirname(file), 'browser.json'),
    send: (event, value) => {
      streams.send(event, value);
    },
  });
  const server = new WebServer({
    host,
    port,
    page: parts.page,
    bridge: parts.bridge,
    keys,
    streams,
    ask: answersOf(webHost),
    ...(requestMs !== undefined && { requestMs }),
    metrics: () => {
      const { worker, source, status } = webHost.supervisor;
      return metricsText({ worker, source, status, version: packageJson.version });
    },
    failed: (error) => {
      webHost.supervisor.ownLog.failed(error);
    },
  });
  await server.listen();
  const web = new Web(webHost, keys, server, announcement);
  web.announce();
  webHost.start();
  if (example) webHost.shown.startExample(EXAMPLE_MINUTES);
  return { state: 'started', web };
}
