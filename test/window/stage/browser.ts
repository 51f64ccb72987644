import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import type { AddressInfo } from 'node:net';

import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

import type { Backend } from './backend.ts';

const built = join(import.meta.dirname, '..', '..', '..', 'out', 'window');
export const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/** The policy that the desktop serves the page with. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
};

/** The built page in Debian's Chromium, with a backend where the preload script would be. */
export class Stage {
  readonly #browser: Browser;
  readonly #server: Server;
  /** What the pages complained of. */
  readonly complaints: string[] = [];

  private constructor(browser: Browser, server: Server) {
    this.#browser = browser;
    this.#server = server;
  }

  static async open(): Promise<Stage> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      const file = normalize(join(built, path === '/' ? 'index.html' : path));
      const found = file.startsWith(built + sep) ? readFile(file) : Promise.reject(new Error('outside'));
      found.then(
        (content) => {
          const type = types[extname(file)] ?? 'application/octet-stream';
          response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(content);
        },
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // Only root cannot have a sandbox.
    const args = process.getuid?.() === 0 ? ['--no-sandbox', ...FLAGS] : FLAGS;
    return new Stage(await chromium.launch({ executablePath: CHROMIUM, args }), server);
  }

  /** @param address such as `#/alerts` */
  async page(backend: Backend, address = '', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.#empty(options);
    await page.exposeFunction('askBackend', (name: string, input: unknown) => backend.ask(name, input));
    await page.addInitScript(() => {
      type Heard = (value: unknown) => void;
      const listeners = new Map<string, Set<Heard>>();
      const own = globalThis as unknown as {
        askBackend: (name: string, input: unknown) => Promise<unknown>;
        bridge: unknown;
        tellPage: (event: string, value: unknown) => void;
      };
      own.bridge = {
        ask: (name: string, input: unknown) => own.askBackend(name, input),
        on: (event: string, listener: Heard) => {
          const set = listeners.get(event) ?? new Set();
          listeners.set(event, set.add(listener));
          return () => set.delete(listener);
        },
      };
      own.tellPage = (event, value) => {
        for (const listener of listeners.get(event) ?? []) listener(value);
      };
    });
    backend.told = (event, value) => {
      const tell = (told: { event: string; value: unknown }): void => {
        (globalThis as unknown as { tellPage?: (event: string, value: unknown) => void }).tellPage?.(
          told.event,
          told.value,
        );
      };
      // A page that is gone, or not there yet, hears nothing.
      page.evaluate(tell, { event, value }).catch(() => undefined);
    };
    await page.goto(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${address}`);
    return page;
  }

  /** A page that somebody else serves, with a bridge of its own. */
  async elsewhere(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.#empty(options);
    await page.goto(address);
    return page;
  }

  async #empty(options: BrowserContextOptions): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1100, height: 760 },
      locale: 'en-GB',
      ...options,
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    hearComplaints(page, this.complaints);
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}

/** Notes what a page complains of: refused by its policy, thrown, or written as an error. */
export function hearComplaints(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
}
