/**
 * What systemd is told of `ubad watch` as a service: that it is ready, what it does, that it lives. Node has no datagram
 * sockets of the kind that `$NOTIFY_SOCKET` is, so systemd's own `systemd-notify` sends it. Elsewhere nothing happens.
 */
import { spawn } from 'node:child_process';

import { visible } from '../contract/visible-text.ts';

export interface Service {
  /** It works, and does this; the first call also says that it is ready. */
  doing(what: string): void;
  /** It is about to end. */
  stop(): void;
}

export interface ServiceOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Sends assignments such as `READY=1`. */
  readonly send: (...assignments: readonly string[]) => void;
}

const MICROSECONDS_A_MILLISECOND = 1000;
/** systemd advises to tell it twice as often as it wants to hear. */
const HALF = 2;

/** @param options of another process, in tests */
export function serviceOf({ environment, send }: ServiceOptions = ofThisProcess()): Service {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: within } = environment;
  if (socket === undefined || socket === '') return { doing: () => undefined, stop: () => undefined };

  let ready = false;
  const beat = Number(within) / MICROSECONDS_A_MILLISECOND / HALF;
  // What blocks this program for longer than systemd waits stops the beat too: that is what it is for.
  const heart =
    beat > 0
      ? setInterval(() => {
          send('WATCHDOG=1');
        }, beat).unref()
      : undefined;
  return {
    doing: (what) => {
      send(...(ready ? [] : ['READY=1']), `STATUS=${visible(what)}`);
      ready = true;
    },
    stop: () => {
      clearInterval(heart);
      send('STOPPING=1');
    },
  };
}

function ofThisProcess(): ServiceOptions {
  const send = (...assignments: readonly string[]): void => {
    const child = spawn('systemd-notify', assignments, { stdio: 'ignore' });
    // A system with NOTIFY_SOCKET has systemd-notify; where it is missing, the service manager says what it missed.
    child.on('error', () => undefined);
  };
  return { environment: process.env, send };
}
