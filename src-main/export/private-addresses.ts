import { BlockList, isIPv6 } from 'node:net';

/** Networks of one's own, and what is no address of one machine: RFC 6890, RFC 4193, RFC 4291. */
const nets = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b::/96',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

/** @param text an address, or a net as `10.0.0.0/8` */
export function netsOf(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', bits] = text.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return list;
}

const privateNets = netsOf(nets);

/** Whether an address is one's own network's, and not listed. An IPv4 address that is written as IPv6 is what it is in IPv4. */
export function isForbidden(address: string, allowed: BlockList): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  const family = isIPv6(plain) ? 'ipv6' : 'ipv4';
  // An address that is mapped in another spelling is refused: nobody needs it.
  const isOdd = family === 'ipv6' && /^(?:0*:)*:?ffff:/i.test(plain);
  return (isOdd || privateNets.check(plain, family)) && !allowed.check(plain, family);
}
