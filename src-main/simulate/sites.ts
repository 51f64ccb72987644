import type { Draw } from './draw.ts';

/**
 * Where programs connect to. Addresses are of the ranges that are reserved for documents and benchmarks (RFC 5737, 2544,
 * 3849) and of private networks: none of them is anybody's.
 */
const services = {
  code: ['192.0.2.10', '192.0.2.11', '192.0.2.12'],
  packages: ['192.0.2.40', '192.0.2.41', '2001:db8:40::7'],
  mail: ['10.20.0.25'],
  chat: ['198.51.100.30', '198.51.100.31'],
  office: ['10.20.0.40', '10.20.0.41'],
  servers: ['10.20.1.11', '10.20.1.12', '10.20.1.13', '10.20.1.21', '10.20.1.22', '10.20.2.5'],
  cluster: ['10.30.0.2', '10.30.0.3', '10.30.0.4'],
  storage: ['10.20.0.60'],
  music: ['198.51.100.90', '198.51.100.91'],
  meeting: ['203.0.113.20', '203.0.113.21', '203.0.113.22'],
  updates: ['192.0.2.80', '192.0.2.81'],
} as const;

export type Service = keyof typeof services | 'web';

/** Of this many sites everybody knows the first ones, and each user has favourites among them. */
const SITES = 400;
/** A page brings in so much from networks of copies, whose addresses change. */
const COPIES = 0.4;

/** An address of the service; of the web the user's own favourites come most often. @param taste of the user */
export function addressOf(service: Service, draw: Draw, taste: number): string {
  if (service !== 'web') return draw.pick(services[service]);
  if (draw.chance(COPIES)) return anyAddress(draw);
  const site = (draw.rank(SITES) * 7 + (draw.chance(0.6) ? taste : 0)) % SITES;
  return `198.19.${Math.floor(site / 200)}.${1 + (site % 200)}`;
}

/** An address out of a space so large that it is new nearly each time. */
export const anyAddress = (draw: Draw): string =>
  draw.chance(0.7)
    ? `198.18.${draw.whole(0, 40)}.${draw.whole(1, 254)}`
    : `2001:db8:${draw.whole(1, 9)}::${draw.whole(1, 4000).toString(16)}`;

export const ports: Readonly<Partial<Record<Service, number>>> = { mail: 993, servers: 22, cluster: 22, storage: 2049 };
