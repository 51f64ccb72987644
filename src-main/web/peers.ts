/** Whose the other end of a connection on this machine is: the kernel's own table tells, for whoever may read it, which is all. */
import { readFileSync } from 'node:fs';

/** State of a socket in the table, from include/net/tcp_states.h. */
const LISTENS = '0A';

interface Row {
  /** Address and port as the kernel writes them, in hexadecimal. */
  readonly local: string;
  readonly remote: string;
  readonly state: string;
  readonly uid: number;
}

/** Owners of the sockets that are connected to a port, by `address:port` of theirs. @param host of the listener */
export function peersOf(host: '127.0.0.1' | '::1', port: number, read = table): ReadonlyMap<string, number> {
  const remote = `${HEX[host]}:${hexPort(port)}`;
  return new Map(read(host).flatMap((row) => (row.remote === remote ? [[row.local, row.uid] as const] : [])));
}

/** How the table writes where a connection comes from. */
export function keyOf(address: string | undefined, port: number | undefined): string {
  const plain = address?.replace(/^::ffff:/, '') ?? '';
  const bytes = plain.split('.').map(Number);
  const hex = bytes.length === 4 ? bytes.toReversed().map(hexByte).join('') : plain === '::1' ? HEX[plain] : plain;
  return `${hex}:${hexPort(port ?? 0)}`;
}

/** Who listens on a port of this machine; undefined: nobody, or that cannot be seen. */
export function listenerOf(port: number, read = table): number | undefined {
  const rows = [...read('127.0.0.1'), ...read('::1')];
  return rows.find(({ local, state }) => state === LISTENS && local.endsWith(`:${hexPort(port)}`))?.uid;
}

const HEX = { '127.0.0.1': '0100007F', '::1': '00000000000000000000000001000000' } as const;
const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');
const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/** `sl local_address rem_address st tx:rx tr:tm retrnsmt uid …`, proc_net_tcp(5). Empty where there is no such table. */
function table(host: '127.0.0.1' | '::1'): Row[] {
  let text: string;
  try {
    text = readFileSync(host === '::1' ? '/proc/net/tcp6' : '/proc/net/tcp', 'latin1');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, remote, state, , , , uid] = line.trim().split(/\s+/);
      return uid === undefined ? [] : [{ local: local!, remote: remote!, state: state!, uid: Number(uid) }];
    });
}
