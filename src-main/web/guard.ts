import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

import { POLICY } from '../host/page-files.ts';

/** On every answer, also on refusals. */
export const HEADERS: Readonly<OutgoingHttpHeaders> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), payment=()',
  'cache-control': 'no-store',
};

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: OutgoingHttpHeaders;
}

const refuse = (status: number, message: string): Refusal => ({ status, message });

/**
 * What is wrong with a request before anybody looks at what it wants. Another site's page could lead a browser here: by a
 * name of its own that it lets point to this machine (DNS rebinding: the Host tells), or by a request of its own (the Origin
 * tells, and what browsers say of who asks).
 * @param origin our own, `http://127.0.0.1:PORT`
 */
export function strangerTo(
  origin: string,
  { headers, url = '' }: Pick<IncomingMessage, 'headers' | 'url'>,
): Refusal | undefined {
  if (`http://${headers.host ?? ''}` !== origin) return refuse(421, 'This address is not served here.');
  if (headers.origin !== undefined && headers.origin !== origin) return refuse(403, 'Another site may not ask.');
  const site = headers['sec-fetch-site'];
  // A person who follows a link from elsewhere may see the page; only the page itself may ask.
  const follows = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !follows)
    return refuse(403, 'Another site may not ask.');
  if (!url.startsWith('/') || URL.parse(url, origin)?.origin !== origin)
    return refuse(400, 'This is no address of a page.');
  return undefined;
}

/** @returns the text, or why it is not taken. What is too long is not read to its end. */
export async function bodyOf(request: IncomingMessage, mostBytes: number): Promise<string | Refusal> {
  const tooLong: Refusal = { status: 413, message: 'This is too much to ask.', headers: { connection: 'close' } };
  if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? ''))
    return { status: 415, message: 'Ask in JSON.', headers: { connection: 'close' } };
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return tooLong;
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > mostBytes) return tooLong;
      pieces.push(piece);
    }
  } catch {
    return { status: 400, message: 'The rest never came.', headers: { connection: 'close' } };
  }
  return Buffer.concat(pieces).toString('utf8');
}
