import { spawn } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';

import { expect, it, onTestFinished } from 'vitest';

import type { Web } from '../../src-main/web.ts';
import { keyOf, listenerOf, peersOf } from '../../src-main/web/peers.ts';
import { askOf, bearer, newMachine, send, started } from './served.ts';

const MANY = 120;
/** A page that is locked out is never answered; one on a busy machine is answered late. Milliseconds. */
const PATIENCE = 10_000;
const portOf = (web: Web): number => Number(new URL(web.origin).port);

/** Holds connections open and says nothing, coming back whenever one is ended. */
function crowd(port: number, count: number): { readonly open: () => number; readonly stop: () => void } {
  const sockets = new Set<Socket>();
  let stopped = false;
  const come = (): void => {
    const socket = connect(port, '127.0.0.1');
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      if (!stopped) setTimeout(come, 20).unref();
    });
  };
  for (let n = 0; n < count; n++) come();
  const stop = (): void => {
    stopped = true;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(stop);
  return { open: () => [...sockets].filter(({ readyState }) => readyState === 'open').length, stop };
}

/** The person's own page and monitor, again and again. */
async function probes(web: Web, count: number): Promise<number> {
  let answered = 0;
  for (let n = 0; n < count; n++) {
    const replies = await Promise.allSettled([
      send(web, '/', { timeout: PATIENCE }),
      send(web, '/metrics', { headers: bearer(web), timeout: PATIENCE }),
      askOf(web, 'desktop'),
    ]);
    if (replies.every(({ status }) => status === 'fulfilled')) answered++;
  }
  return answered;
}

it('serves the person’s own page beside idle connections of the same account', async () => {
  const web = await started(newMachine());
  const { open } = crowd(portOf(web), MANY);
  await expect.poll(open, { timeout: 5000 }).toBeGreaterThan(30);
  expect(await probes(web, 40)).toBe(40);
});

it.skipIf(process.getuid?.() !== 0)('… and beside those of another account', async () => {
  const web = await started(newMachine());
  const script = `
    const { connect } = require('node:net');
    let sent = 0;
    const away = () => { if (++sent === ${MANY}) console.log('there'); setTimeout(come, 20); };
    const come = () => { const s = connect(${portOf(web)}, '127.0.0.1'); s.on('error', () => {}); s.on('close', away); };
    for (let n = 0; n < ${MANY}; n++) come();`;
  const other = spawn(process.execPath, ['-e', script], {
    uid: 65_534,
    gid: 65_534,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void other.kill());
  await new Promise((done) => other.stdout.once('data', done));
  expect(await probes(web, 40)).toBe(40);
  // It holds no more than its own budget, give or take those that were not looked at yet.
  const held = (): number => [...peersOf('127.0.0.1', portOf(web)).values()].filter((uid) => uid === 65_534).length;
  await expect.poll(held, { timeout: PATIENCE }).toBeLessThan(MANY);
});

it('lets go who has not shown the token within moments, and keeps who has', async () => {
  const web = await started(newMachine(), { requestMs: 400 });
  const ended = (text: string): Promise<number> => {
    const began = performance.now();
    const socket = connect(portOf(web), '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(text);
    return new Promise((done) =>
      socket.once('close', () => {
        done(performance.now() - began);
      }),
    );
  };
  const head = `POST /ask HTTP/1.1\r\nHost: ${web.origin.slice(7)}\r\n`;
  await Promise.all(['', 'GET', `${head}Content-Length: 50\r\nContent-Type: application/json\r\n\r\n{`].map(ended));
  const events = connect(portOf(web), '127.0.0.1');
  onTestFinished(() => void events.destroy());
  let closed = false;
  events.on('close', () => (closed = true)).resume();
  events.write(`GET /events HTTP/1.1\r\nHost: ${web.origin.slice(7)}\r\nAuthorization: Bearer ${web.token}\r\n\r\n`);
  await new Promise((done) => setTimeout(done, 1500));
  expect(closed).toBe(false);
});

it('knows whose a connection and a listener is', async () => {
  for (const host of ['127.0.0.1', '::1'] as const) {
    const server = createServer((socket) => socket.resume());
    const listening = await new Promise<boolean>((done) => {
      server.once('error', () => {
        done(false);
      });
      server.listen(0, host, () => {
        done(true);
      });
    });
    // A machine without IPv6.
    if (!listening) continue;
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const client = connect(port, host);
    onTestFinished(() => void client.destroy());
    await new Promise((done) => client.once('connect', done));
    expect(peersOf(host, port).get(keyOf(host, client.localPort))).toBe(process.getuid!());
    expect(listenerOf(port)).toBe(process.getuid!());
  }
  expect(listenerOf(1)).toBeUndefined();
});
