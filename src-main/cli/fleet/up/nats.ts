import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Where Debian puts it is not in everybody's PATH. */
const PLACES = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server'];
const READY_MS = 30_000;
const AGAIN_MS = 100;

/** The nats-server that is installed; undefined: none. */
export function natsProgram(): string | undefined {
  const { UBAD_NATS_SERVER: own } = process.env;
  return (own === undefined ? PLACES : [own]).find((program) => {
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** Resolves once a server greets on a port of this machine. @throws the signal's reason, or Error when nobody does */
export async function untilGreeted(port: number, signal: AbortSignal): Promise<void> {
  for (const end = performance.now() + READY_MS; performance.now() < end;) {
    signal.throwIfAborted();
    if (await greets(port)) return;
    await setTimeout(AGAIN_MS, undefined, { signal });
  }
  throw new Error(`nobody answers at 127.0.0.1:${port}`);
}

const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', (text) => {
      socket.destroy();
      resolve(text.toString('utf8').startsWith('INFO '));
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
