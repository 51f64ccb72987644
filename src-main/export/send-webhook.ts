import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns';
import { request, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';

import { isForbidden, netsOf } from './private-addresses.ts';

export interface Webhook {
  readonly url: string;
  readonly secret: string;
  /** PEM; undefined: whom Node trusts. */
  readonly ca: string | undefined;
  /** Private addresses and nets that it may be at. */
  readonly allowed: readonly string[];
}

const SIGNATURE = 'x-ubad-signature';
const ANSWER_MS = 10_000;

/**
 * Posts one document. Whoever receives it knows by the signature, HMAC-SHA-256 of the body, that it is ours.
 * @throws Error saying why it was not taken: anything but 2xx, no answer, or an address that it may not be at
 */
export function postTo({ url, secret, ca, allowed }: Webhook, body: string, signal: AbortSignal): Promise<void> {
  const own = netsOf(allowed);
  const { hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const forbidden = (address: string): Error =>
    new Error(`${host} is at the private address ${address}, which is not listed. List it under private.`);
  // A name is looked up once, and what it is at then is where the connection goes.
  const options: RequestOptions = {
    method: 'POST',
    timeout: ANSWER_MS,
    signal,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      [SIGNATURE]: `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    lookup: (name, { family, hints }, done) => {
      lookup(name, { family, hints, all: true, order: 'verbatim' }, (error, found) => {
        const bad = error ? undefined : found.find(({ address }) => isForbidden(address, own));
        done(bad ? forbidden(bad.address) : error, found);
      });
    },
    ...(ca !== undefined && { ca }),
  };
  return new Promise((resolve, reject) => {
    if (isIP(host) > 0 && isForbidden(host, own)) {
      reject(forbidden(host));
      return;
    }
    const asked = request(url, options, (response) => {
      response.resume();
      const { statusCode: status = 0 } = response;
      // A redirection is not followed: it could lead anywhere.
      if (status >= 200 && status < 300) resolve();
      else reject(new Error(`it answered ${status}`));
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
    asked.on('error', reject);
    asked.end(body);
  });
}
