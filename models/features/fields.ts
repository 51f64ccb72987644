import type { ColumnKind } from '../action.ts';
import { plainAddress } from './addresses.ts';

/** Classes of a port, in the order of the LSTM's port head. Source: RFC 6335, section 6. */
export const portClasses = ['none', 'web', 'well-known', 'registered', 'ephemeral', 'not-a-port'] as const;

/** Index into `portClasses`. Linux hands out 32768…60999 by default, so dynamic begins there and not at 49152. */
export function portClass(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65535 || value === '') return 5;
  if (port === 0) return 0;
  if (port === 80 || port === 443) return 1;
  if (port < 1024) return 2;
  return port < 32768 ? 3 : 4;
}

/** `loopback`, `private`, `link-local`, `multicast`, `any` or `public`. Source: RFC 1918, 3927, 4193, 4291, 5771, 6598. */
function addressClass(address: string): string {
  const four = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(address);
  if (four) {
    const [first, second] = [Number(four[1]), Number(four[2])];
    if (first === 127) return 'loopback';
    if (first === 0) return 'any';
    if (first === 10 || (first === 192 && second === 168)) return 'private';
    if ((first === 172 && second >= 16 && second < 32) || (first === 100 && second >= 64 && second < 128))
      return 'private';
    if (first === 169 && second === 254) return 'link-local';
    return first >= 224 && first < 240 ? 'multicast' : 'public';
  }
  const six = address.toLowerCase();
  if (six === '::1') return 'loopback';
  if (six === '::' || six === '') return 'any';
  if (/^f[cd]/.test(six)) return 'private';
  if (/^fe[89ab]/.test(six)) return 'link-local';
  return six.startsWith('ff') ? 'multicast' : 'public';
}

/** The part of an address that its owner shares: /16 of IPv4, /32 of IPv6. */
function network(address: string): string {
  const four = /^(\d+\.\d+)\.\d+\.\d+$/.exec(address);
  return four ? four[1]! : address.split(':').slice(0, 2).join(':');
}

/** An amount as its power of two, so that 1,000 and 1,100 are the same and 1,000,000 is not. */
function magnitude(value: string): string {
  const amount = Number(value);
  if (!Number.isFinite(amount)) return 'not-a-number';
  return `2^${amount === 0 ? 0 : Math.sign(amount) * (1 + Math.floor(Math.log2(Math.abs(amount) + 1)))}`;
}

/** The value by which an action is told from another one; undefined where the column says nothing. */
export function ownValue(kind: ColumnKind, value: string): string | undefined {
  switch (kind) {
    case 'identity':
      return undefined;
    case 'quantity':
      return magnitude(value);
    case 'address':
      return plainAddress(value);
    case 'port':
      return portClass(value) === 4 ? 'ephemeral' : value;
    default:
      return value;
  }
}

/** What else is looked at in a value: directories, network and class, the first word. Coarser than the value itself. */
export function widerValues(kind: ColumnKind, value: string): readonly string[] {
  switch (kind) {
    case 'path': {
      const parts = value.split('/');
      if (parts.length < 3) return [];
      return [`dir ${parts.slice(0, -1).join('/')}`, `top ${parts.slice(0, 3).join('/')}`];
    }
    case 'address': {
      const address = plainAddress(value);
      return [`net ${network(address)}`, `class ${addressClass(address)}`];
    }
    case 'port':
      return [`class ${portClasses[portClass(value)]!}`];
    case 'command': {
      const verb = value.trimStart().split(/\s/, 1)[0]!;
      return verb === value ? [] : [`verb ${verb}`];
    }
    default:
      return [];
  }
}
