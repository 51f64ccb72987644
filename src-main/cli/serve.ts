import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Settings } from '../contract/settings.ts';
import { ownParts, serveWeb, type Served, type Web, type WebOptions } from '../web.ts';
import { listenerOf } from '../web/peers.ts';
import { isWithoutLog } from './serve/example.ts';
import { exitCodes, Failure } from './failure.ts';
import { tellUser, say } from './output.ts';
import { absolute, algorithmOf, settingsOf, type Shared } from './setup.ts';
import { onStopSignal } from './stopping.ts';

export interface ServeOptions extends Shared {
  readonly log?: string;
  readonly port?: string;
  readonly host?: string;
  readonly open?: boolean;
  /** Without a log: on the example that ships. */
  readonly orExample?: boolean;
}

/** `ubad serve`: the window in a browser, until SIGTERM or Ctrl-C. */
export async function serve(options: ServeOptions): Promise<void> {
  const place = placeOf(options);
  const parts = ownParts();
  if (!existsSync(join(parts.page, 'index.html')))
    throw new Failure(`The page is not built: ${parts.page} is missing. Run: npm run build`);
  const example = options.orExample === true && isWithoutLog(options);
  const served = await begin(options, place, example);
  if (served.state === 'running') {
    say(`ubad runs already, at ${served.address}`);
    if (options.open) openInBrowser(served.page);
    return;
  }
  if (served.state === 'silent') {
    const { origin, pid } = served;
    throw new Failure(
      `ubad runs already as process ${pid}, and what answers at ${origin} cannot prove to be it. Open nothing there. ` +
        `End it with: kill ${pid}. Then run ubad serve again.`,
    );
  }
  await untilStopped(served.web, options.open ?? false);
}

type Place = Pick<WebOptions, 'host' | 'port'>;

function placeOf({ port: text = '0', host = '127.0.0.1' }: ServeOptions): Place {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new Failure(`--port «${text}»: use 0 (any that is free) to 65535.`, exitCodes.usage);
  if (host !== '127.0.0.1' && host !== '::1')
    throw new Failure(`--host «${host}»: use 127.0.0.1 or ::1. Nobody else's machine is answered.`, exitCodes.usage);
  return { host, port };
}

async function begin(options: ServeOptions, place: Place, example: boolean): Promise<Served> {
  const config = options.config === undefined ? undefined : resolve(options.config);
  try {
    return await serveWeb({ parts: ownParts(), ...place, config, over: overOf(options), example, tellUser });
  } catch (error) {
    const { port } = place;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new Failure(`Port ${port} is taken${ownerOf(port)}; use another --port, or 0 for any that is free.`);
    if (code === 'EACCES')
      throw new Failure(`Port ${port} may not be used; use one above 1023, or 0 for any that is free.`);
    throw error;
  }
}

/** " by a program of the user with uid 1001": who that is, where it can be seen. */
function ownerOf(port: number): string {
  const uid = listenerOf(port);
  return uid === undefined
    ? ''
    : ` by a program of the user with uid ${uid}${uid === process.getuid?.() ? ', which is you' : ''}`;
}

/** What the command line says wins over the file, for as long as it runs. */
function overOf(options: ServeOptions): Partial<Settings> {
  const algorithm = algorithmOf(options.algorithm);
  const { engine, seed } = settingsOf(options);
  return {
    ...(options.log !== undefined && { log: absolute(options.log) }),
    ...(options.state !== undefined && { state: resolve(options.state) }),
    ...(algorithm && { algorithm }),
    ...(options.engine !== undefined && { engine }),
    ...(options.seed !== undefined && { seed }),
  };
}

async function untilStopped(web: Web, open: boolean): Promise<void> {
  const stopped = new Promise<void>((done) => {
    onStopSignal(done);
    process.on('SIGHUP', () => {
      done();
    });
  });
  process.on('uncaughtExceptionMonitor', (error) => {
    web.host.supervisor.ownLog.failed(error);
  });
  say(`ubad is at ${web.newAddress()}`);
  tellUser('The address is good once, for ten minutes; “ubad serve” again gives another. Ctrl-C ends it.');
  tellUser(`Metrics for Prometheus: ${web.origin}/metrics, with credentials_file ${web.tokenFile}`);
  if (open) openInBrowser(web.newPage());
  await stopped;
  await web.stop();
}

/** Through a file that only this user can read: an address among a browser's arguments, all users could. */
function openInBrowser(file: string): void {
  const { DISPLAY: x11 = '', WAYLAND_DISPLAY: wayland = '' } = process.env;
  if (x11 === '' && wayland === '') return;
  const child = spawn('xdg-open', [file], { detached: true, stdio: 'ignore' });
  child.on('error', () => {
    tellUser('No browser could be opened; open the address yourself.');
  });
  child.unref();
}
