import { connect } from 'node:tls';
import { isIP } from 'node:net';

import { framed } from './rfc5424.ts';

export interface SyslogReceiver {
  readonly host: string;
  readonly port: number;
  /** PEM; undefined: whom Node trusts. */
  readonly ca: string | undefined;
}

const ANSWER_MS = 10_000;

/**
 * Sends messages over TLS (RFC 5425) in a connection of their own. Syslog has no answers: they are taken as received once the
 * receiver has read to the end and closed the connection without an error.
 * @throws Error saying why that did not happen
 */
export function sendSyslog(
  { host, port, ca }: SyslogReceiver,
  messages: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const named = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, minVersion: 'TLSv1.2', ...named, ...(ca !== undefined && { ca }) });
    let hasEnded = false;
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const stop = (): void => {
      fail(new Error('it was told to stop'));
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    socket.setTimeout(ANSWER_MS, () => {
      fail(new Error(`no end of the connection within ${ANSWER_MS / 1000} s`));
    });
    socket.once('secureConnect', () => {
      socket.end(messages.map(framed).join(''));
    });
    socket.on('end', () => {
      hasEnded = true;
    });
    socket.on('error', fail);
    socket.on('close', (hadError) => {
      signal.removeEventListener('abort', stop);
      if (hasEnded && !hadError) resolve();
      else reject(new Error('the connection was cut'));
    });
    socket.resume();
  });
}
