import { once } from 'node:events';
import { createServer as createHttps } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTls, type TLSSocket } from 'node:tls';

import { afterAll } from 'vitest';

import { certificateOf } from '../certificate.ts';

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

export interface Posted {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Takes POSTs over HTTPS. @param answer the status of each, by its number from 0; a text: a redirection to there */
export async function webhookReceiver(answer: (n: number) => number | string = () => 204) {
  const { certificate, key } = certificateOf();
  const posted: Posted[] = [];
  const server = createHttps({ cert: certificate, key }, (request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      posted.push({ headers: request.headers, body });
      const given = answer(posted.length - 1);
      response.writeHead(typeof given === 'string' ? 307 : given, typeof given === 'string' ? { location: given } : {});
      response.end();
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, ca: certificate, posted };
}

/** Takes syslog over TLS. @param cut whether a connection, by its number from 0, is cut before it is read to its end */
export async function syslogReceiver(cut: (n: number) => boolean = () => false) {
  const { certificate, key } = certificateOf();
  const received: string[] = [];
  let connections = 0;
  const server = createTls({ cert: certificate, key }, (socket: TLSSocket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
    });
    socket.on('end', () => {
      received.push(...messagesOf(bytes));
    });
  })
    .on('connection', (socket: Socket) => {
      if (cut(connections++)) socket.resetAndDestroy();
    })
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, ca: certificate, received };
}

/** Octet counting. @throws Error for what is none */
function messagesOf(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(' ', at);
    const length = Number(bytes.subarray(at, blank).toString());
    if (!Number.isInteger(length) || blank + 1 + length > bytes.length) throw new Error('no octet counting');
    found.push(bytes.subarray(blank + 1, blank + 1 + length).toString());
    at = blank + 1 + length;
  }
  return found;
}
