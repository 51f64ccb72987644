import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lifecycle } from './lifecycle.ts';

/** What a second start hands to the first. */
export interface SecondStart {
  readonly argv: string[];
  readonly cwd: string;
  readonly data: unknown;
}

/** Connects, hands over and exits 0, or exits 3 when nobody listens: `requestSingleInstanceLock` has to answer at once. */
const handOver = `
  const [path, message] = process.argv.slice(1);
  const socket = require('node:net').connect(path, () => socket.end(message));
  socket.on('error', () => process.exit(3)).on('close', () => process.exit(0));
`;

/**
 * The lock of `app.requestSingleInstanceLock`: a socket that the first start owns, as Chromium's ProcessSingleton does.
 *
 * @returns undefined when another instance has the lock and was told
 */
export function takeLock(userData: string, data: unknown, onSecond: (start: SecondStart) => void): Server | undefined {
  mkdirSync(userData, { recursive: true });
  const name = createHash('sha256').update(userData).digest('hex').slice(0, 16);
  const path = join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), `electron-stand-in-${name}.sock`);
  const message = JSON.stringify({ argv: process.argv, cwd: process.cwd(), data } satisfies SecondStart);
  if (spawnSync(lifecycle.boot.node, ['-e', handOver, path, message]).status === 0) return undefined;

  rmSync(path, { force: true }); // of an instance that crashed
  const server = createServer((socket) => {
    let read = '';
    socket.on('data', (part) => (read += String(part)));
    socket.on('end', () => {
      onSecond(JSON.parse(read) as SecondStart);
    });
  }).listen(path);
  server.unref();
  return server;
}
