import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';

import * as v from 'valibot';

import { visibleJson } from '../contract/visible-text.ts';
import { fileIn, typeOf } from '../host/page-files.ts';
import type { Answer, Send } from '../contract/ipc.ts';
import { bodyOf, HEADERS, strangerTo, type Refusal } from './guard.ts';
import type { Keys } from './keys.ts';
import * as proof from './proof.ts';
import type { Streams } from './streams.ts';
import { Visitors } from './visitors.ts';
import { reportBug } from '../terminal/terminal.ts';

export interface ServerOptions {
  /** 127.0.0.1 or ::1: nobody else's machine may ask. */
  readonly host: '127.0.0.1' | '::1';
  /** 0: any that is free. */
  readonly port: number;
  /** Folder of the page's files, and the script that stands for the desktop's preload script. */
  readonly page: string;
  readonly bridge: string;
  /** The page's first file. Default `index.html`. */
  readonly start?: string;
  /** The command that gives a new address. Default `ubad serve`. */
  readonly command?: string;
  readonly keys: Keys;
  readonly streams: Streams;
  /** @param person who asks, as `keys` knows them */
  readonly ask: (...asked: [...Parameters<Send>, person: string]) => Promise<Answer>;
  readonly metrics: () => string;
  /** A question failed as none should. */
  readonly failed: (error: unknown) => void;
  /** A request that has not come whole by then is ended. Tests are in a hurry. */
  readonly requestMs?: number;
}

const MOST_BODY = 64 * 1024;
/** Of all accounts together; each has its own budget (visitors.ts), far below. */
const MOST_CONNECTIONS = 4096;
/** Who has not shown the token by then is let go. */
const UNPROVEN_MS = 3000;
const question = v.strictObject({ name: v.pipe(v.string(), v.maxLength(100)), input: v.optional(v.unknown()) });
const exchange = v.strictObject({ key: v.pipe(v.string(), v.maxLength(100)) });
const BRIDGE = '/bridge.js';
/** The deepest question there is has three levels. */
const DEEPEST = 30;

/** The page and its questions over HTTP, on this machine alone. */
export class WebServer {
  readonly #options: ServerOptions;
  readonly #server: Server;
  #origin = '';
  #visitors: Visitors | undefined;

  constructor(options: ServerOptions) {
    this.#options = options;
    const { requestMs = 10_000 } = options;
    const limits = { requestTimeout: requestMs, headersTimeout: requestMs, connectionsCheckingInterval: requestMs / 4 };
    this.#server = createServer({ ...limits, maxHeaderSize: 16 * 1024 }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        reportBug(error);
        options.failed(error);
        if (response.headersSent) response.destroy();
        else refuse(response, { status: 500, message: 'This failed; the terminal says why.' });
      });
    });
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.on('connection', (socket) => this.#visitors?.add(socket));
    this.#server.on('upgrade', (_request, socket) => socket.destroy());
    this.#server.on('connect', (_request, socket) => socket.destroy());
  }

  /** `http://127.0.0.1:PORT` */
  get origin(): string {
    return this.#origin;
  }

  /** @throws Error with the system's code when the port cannot be had */
  async listen(): Promise<void> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, exclusive: true }, resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    this.#origin = `http://${host === '::1' ? '[::1]' : host}:${address.port}`;
    const unprovenMs = Math.min(UNPROVEN_MS, this.#options.requestMs ?? UNPROVEN_MS);
    this.#visitors = new Visitors({ host, port: address.port, unprovenMs });
  }

  /** Resolves when every answer was given; streams of events are ended. */
  async close(): Promise<void> {
    this.#options.streams.stop();
    this.#visitors?.stop();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once('finish', () => this.#visitors?.answered(request.socket));
    const stranger = strangerTo(this.#origin, request);
    if (stranger) {
      refuse(response, stranger);
      return;
    }
    const { pathname } = new URL(request.url!, this.#origin);
    const asks = pathname === '/ask' || pathname === '/session' || pathname === '/key';
    const isRead = request.method === 'GET' || (request.method === 'HEAD' && pathname !== '/events');
    if (asks ? request.method !== 'POST' : !isRead) {
      const allow = asks ? 'POST' : 'GET, HEAD';
      refuse(response, { status: 405, message: `Use ${allow}.`, headers: { allow, connection: 'close' } });
    } else if (pathname === '/session') await this.#session(request, response);
    else if (pathname === '/key') await this.#key(request, response);
    else if (asks || pathname === '/events' || pathname === '/metrics')
      await this.#private(pathname, request, response);
    else await this.#file(pathname, response);
  }

  /** Everything but the page's own files, which hold nothing of anybody. */
  async #private(pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { keys, streams, metrics } = this.#options;
    const person = keys.holds(request.headers.authorization);
    if (person === undefined) {
      const headers = { 'www-authenticate': 'Bearer', connection: 'close' };
      refuse(response, { status: 401, message: `This page needs a new address: run ${this.#command}.`, headers });
      return;
    }
    this.#visitors?.prove(request.socket);
    if (pathname === '/events') {
      if (!streams.add(response)) refuse(response, { status: 503, message: 'Too many pages are open.' });
    } else if (pathname === '/metrics') {
      response
        .writeHead(200, { ...HEADERS, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
        .end(metrics());
    } else await this.#ask(request, response, person);
  }

  get #command(): string {
    return this.#options.command ?? 'ubad serve';
  }

  /** A second `ubad serve` asks for an address to show. Both prove that they know the secret; the token is not sent. */
  async #key(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(request, proof.question);
    if ('status' in asked) {
      refuse(response, asked);
      return;
    }
    const given = this.#options.keys.issueTo(asked, this.#origin, Date.now());
    if (given) json(response, given);
    else refuse(response, { status: 401, message: 'This is not the secret of this server.' });
  }

  async #ask(request: IncomingMessage, response: ServerResponse, person: string): Promise<void> {
    const asked = await read(request, question);
    if ('status' in asked) refuse(response, asked);
    else json(response, await this.#options.ask(asked.name, asked.input, person));
  }

  async #session(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = await read(request, exchange);
    if ('status' in given) {
      refuse(response, given);
      return;
    }
    const token = this.#options.keys.exchange(given.key, Date.now());
    if (token === undefined)
      refuse(response, { status: 401, message: `This address was used already, or is too old: run ${this.#command}.` });
    else json(response, { token });
  }

  async #file(pathname: string, response: ServerResponse): Promise<void> {
    const { page, bridge, start = 'index.html' } = this.#options;
    const isStart = pathname === '/' || pathname === `/${start}`;
    const file = pathname === BRIDGE ? bridge : isStart ? join(page, start) : fileIn(page, pathname);
    const content = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (file === undefined || content === undefined)
      refuse(response, { status: 404, message: 'There is nothing here.' });
    else {
      response.writeHead(200, { ...HEADERS, 'content-type': typeOf(file) });
      response.end(isStart ? withBridge(content.toString('utf8')) : content);
    }
  }
}

/** The page as the desktop has it, with what stands for the preload script before its own. */
const withBridge = (html: string): string => html.replace('<head>', `<head>\n    <script src="${BRIDGE}"></script>`);

/** How deep brackets stand in each other outside of texts. What is copied to the worker is copied by a recursion. */
function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth--;
  }
  return deepest;
}

async function read<T>(request: IncomingMessage, schema: v.GenericSchema<unknown, T>): Promise<T | Refusal> {
  const body = await bodyOf(request, MOST_BODY);
  if (typeof body !== 'string') return body;
  if (depthOf(body) > DEEPEST) return { status: 400, message: 'This is nested too deeply.' };
  try {
    const parsed = v.safeParse(schema, JSON.parse(body));
    return parsed.success ? parsed.output : { status: 400, message: v.summarize(parsed.issues) };
  } catch {
    return { status: 400, message: 'This is no JSON.' };
  }
}

function json(response: ServerResponse, value: Answer | { readonly token: string } | proof.Answer): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'application/json' }).end(visibleJson(value));
}

function refuse(response: ServerResponse, { status, message, headers }: Refusal): void {
  response
    .writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8', ...headers })
    .end(`${message}\n`);
}
