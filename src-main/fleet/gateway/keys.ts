import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { MOST_HOST_BYTES } from '../wire/subjects.ts';

/** A host's name as it may be: some bytes of whole characters, none of which only controls. */
export function isHostName(host: unknown): host is string {
  return (
    typeof host === 'string' &&
    host !== '' &&
    Buffer.byteLength(host) <= MOST_HOST_BYTES &&
    host.isWellFormed() &&
    // eslint-disable-next-line no-control-regex -- that is what it keeps out
    !/[\u0000-\u001f\u007f]/.test(host)
  );
}

/** What a host shows with each POST: its name, and that a gateway gave it. Any gateway of the same secret knows it. */
export function nodeKeyOf(host: string, secret: string): string {
  return `${Buffer.from(host).toString('base64url')}.${macOf(host, secret)}`;
}

/** The host of a key; undefined for one that no gateway gave. */
export function hostOfKey(key: unknown, secret: string): string | undefined {
  if (typeof key !== 'string') return undefined;
  const [name = '', mac = '', ...more] = key.split('.');
  if (more.length > 0) return undefined;
  const host = Buffer.from(name, 'base64url').toString('utf8');
  return isHostName(host) && isSame(key, `${name}.${mac}`) && isSame(mac, macOf(host, secret)) ? host : undefined;
}

/** Compares without telling by its time how much is alike. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}

const macOf = (host: string, secret: string): string =>
  createHmac('sha256', secret).update('ubad node key 1\0').update(host).digest('base64url');
