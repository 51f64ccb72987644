import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lifecycle } from './lifecycle.ts';

type Handler = (request: Request) => Response | Promise<Response>;
interface Privileges {
  readonly standard?: boolean;
  readonly secure?: boolean;
}

const handlers = new Map<string, Handler>();
let privileged: Map<string, Privileges> | undefined;

export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string; readonly privileges?: Privileges }[]): void {
    if (lifecycle.ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    if (privileged !== undefined) throw new Error('protocol.registerSchemesAsPrivileged can be called only once');
    privileged = new Map(schemes.map(({ scheme, privileges }) => [scheme, privileges ?? {}]));
  },
  handle(scheme: string, handler: Handler): void {
    if (!lifecycle.ready) throw new Error('protocol.handle can be used after app is ready');
    if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    handlers.set(scheme, handler);
  },
  unhandle(scheme: string): void {
    handlers.delete(scheme);
  },
  isProtocolHandled: (scheme: string): boolean => handlers.has(scheme),
};

/**
 * Chromium refuses schemes that it was not built with, so `app://host/path` travels as `https://host.app-scheme.invalid/path`,
 * a name that no network can have, and is turned back wherever the application can see it.
 */
export function toWire(url: string): string {
  const [, scheme = '', host, rest] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  if (!handlers.has(scheme) && privileged?.has(scheme) !== true) return url;
  const privileges = privileged?.get(scheme);
  if (privileges?.standard !== true || privileges.secure !== true) {
    throw new Error(`electron stand-in: the scheme ${scheme} has to be registered as standard and secure`);
  }
  return `https://${host}.${scheme}-scheme.invalid${rest}`;
}

export function fromWire(url: string): string {
  return url.replace(/^https:\/\/([^/]*)\.([a-z0-9+-]+)-scheme\.invalid/, '$2://$1');
}

/** Asks the application's handler; undefined when the URL's scheme has none. */
export async function serve(
  wireUrl: string,
  request: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Buffer<ArrayBuffer>;
  },
): Promise<{ status: number; headers: { name: string; value: string }[]; body: Buffer } | undefined> {
  const url = fromWire(wireUrl);
  const handler = handlers.get(url.split(':')[0] ?? '');
  if (handler === undefined) return undefined;
  const response = await handler(new Request(url, request));
  const headers = [...response.headers].map(([name, value]) => ({ name, value }));
  return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) };
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

export const net = {
  /** Files only: an application that is tested here has no business in the network. */
  async fetch(url: string | URL): Promise<Response> {
    if (!String(url).startsWith('file:')) throw new Error('electron stand-in: net.fetch reads file: URLs only');
    const path = fileURLToPath(String(url));
    const content = await readFile(path).catch(() => {
      throw new TypeError('net::ERR_FILE_NOT_FOUND');
    });
    const type = types[extname(path)] ?? 'application/octet-stream';
    return new Response(new Uint8Array(content), { headers: { 'content-type': type } });
  },
  isOnline: (): boolean => false,
};
