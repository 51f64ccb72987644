import { writeFileSync, mkdirSync } from 'node:fs';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

import type { Answer } from '../../src-main/contract/ipc.ts';
import { serveWeb, type Web, type WebOptions } from '../../src-main/web.ts';
import { newFolder } from '../engine/store/store-at.ts';

export const root = join(import.meta.dirname, '..', '..');
const worker = join(root, 'src-main', 'worker.ts');

export interface Machine {
  readonly folder: string;
  readonly log: string;
  readonly state: string;
  readonly notes: string[];
}

/** A machine of its own: configuration, state and runtime folders, a log, and a built page with a secret beside it. */
export function newMachine(): Machine {
  const folder = newFolder();
  const before = { ...process.env };
  const variables = { XDG_RUNTIME_DIR: 'run', XDG_STATE_HOME: 'state', XDG_CONFIG_HOME: 'config' };
  for (const [name, value] of Object.entries(variables)) process.env[name] = join(folder, value);
  onTestFinished(() => {
    for (const name of Object.keys(variables)) process.env[name] = before[name];
  });
  const page = join(folder, 'out', 'window');
  for (const made of [page, join(folder, 'config', 'ubad')]) mkdirSync(made, { recursive: true });
  writeFileSync(join(page, 'index.html'), '<!doctype html><html><head><title>ubad</title></head></html>');
  writeFileSync(join(page, 'main.js'), 'export {};');
  writeFileSync(join(folder, 'out', 'bridge-web.js'), '// bridge');
  writeFileSync(join(folder, 'out', 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'results.log'), '');
  return { folder, log: join(folder, 'results.log'), state: join(folder, 'own-state'), notes: [] };
}

type More = Partial<Pick<WebOptions, 'port' | 'requestMs' | 'example'>>;

export async function started(machine: Machine, more: More = {}): Promise<Web> {
  const served = await begin(machine, more);
  if (served.state !== 'started') throw new Error(`One runs already: ${served.state}`);
  onTestFinished(() => served.web.stop());
  return served.web;
}

export const begin = ({ folder, log, state, notes }: Machine, more: More = {}) => {
  const out = join(folder, 'out');
  return serveWeb({
    parts: { worker, page: join(out, 'window'), bridge: join(out, 'bridge-web.js'), root },
    host: '127.0.0.1',
    port: 0,
    config: join(folder, 'config', 'ubad', 'config.json'),
    over: { log, state },
    ...more,
    tellUser: (text) => notes.push(text),
  });
};

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A request whose every header is ours: fetch would not let us lie. */
export function send(web: Web, path: string, options: RequestOptions = {}, body?: string): Promise<Reply> {
  const { hostname, port } = new URL(web.origin);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: text });
      });
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

export const bearer = (web: Web) => ({ authorization: `Bearer ${web.token}`, 'content-type': 'application/json' });

export async function askOf(web: Web, name: string, input?: unknown): Promise<Answer> {
  const reply = await send(web, '/ask', { method: 'POST', headers: bearer(web) }, JSON.stringify({ name, input }));
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.body}`);
  return JSON.parse(reply.body) as Answer;
}
