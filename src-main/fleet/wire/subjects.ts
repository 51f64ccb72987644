import { createHash } from 'node:crypto';

/** What a tenant may be called: it is part of subjects, streams and files. */
export const tenantName = /^[A-Za-z0-9_-]{1,32}$/;
/** A host's name in bytes, at most: an escaped byte takes four in a subject. */
export const MOST_HOST_BYTES = 255;
/** Where what people say goes: no host has this token, for `s` is no hexadecimal digit. */
export const SAY = '=say=';

const plain = /^[A-Za-z0-9_-]+$/;

/** A host's name as one token of a subject: what is neither letter, digit, `_` nor `-` becomes `=2e=`, byte by byte. */
export function tokenOf(host: string): string {
  if (plain.test(host)) return host;
  return [...Buffer.from(host, 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return plain.test(char) ? char : `=${byte.toString(16).padStart(2, '0')}=`;
    })
    .join('');
}

/** The host of a token; undefined for what `tokenOf` never makes. */
export function hostOf(token: string): string | undefined {
  if (!/^(?:[A-Za-z0-9_-]|=[0-9a-f]{2}=)+$/.test(token)) return undefined;
  const bytes = token.replace(/=([0-9a-f]{2})=/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const host = Buffer.from(bytes, 'latin1').toString('utf8');
  return tokenOf(host) === token ? host : undefined;
}

/** Which partition a host is of, 0…count−1: computed here, so that it never depends on a server. */
export const partitionOf = (host: string, count: number): number =>
  createHash('sha256').update(host).digest().readUInt32BE(0) % count;

/** A partition's number as it stands in subjects, keys and folders: `0007`. */
export const numbered = (partition: number): string => String(partition).padStart(4, '0');

/** The names of one tenant's subjects, streams and buckets. */
export class Subjects {
  readonly #tenant: string;

  /** @throws RangeError for a name that cannot be part of a subject */
  constructor(tenant: string) {
    if (!tenantName.test(tenant)) throw new RangeError(`«${tenant}» is no name of a tenant.`);
    this.#tenant = tenant;
  }

  get linesStream(): string {
    return `UBAD_${this.#tenant}_LINES`;
  }

  get alertsStream(): string {
    return `UBAD_${this.#tenant}_ALERTS`;
  }

  /** Of what Fleet publishes, where nobody has made another stream for it. */
  get resultsStream(): string {
    return `UBAD_${this.#tenant}_RESULTS`;
  }

  bucket(name: 'LEASES' | 'OWNERS' | 'STATE' | 'HOSTS' | 'META'): string {
    return `UBAD_${this.#tenant}_${name}`;
  }

  /** All lines, or those of a partition. */
  lines(partition?: number): string {
    return partition === undefined
      ? `ubad.${this.#tenant}.lines.>`
      : `ubad.${this.#tenant}.lines.${numbered(partition)}.*`;
  }

  linesOf(host: string, partitions: number): string {
    return `ubad.${this.#tenant}.lines.${numbered(partitionOf(host, partitions))}.${tokenOf(host)}`;
  }

  /** Where the lines of a host go and have gone, in whatever partition. */
  linesAnywhere(token: string): string {
    return `ubad.${this.#tenant}.lines.*.${token}`;
  }

  /** Where the lines of a host's token go. */
  lineSubject(partition: number, token: string): string {
    return `ubad.${this.#tenant}.lines.${numbered(partition)}.${token}`;
  }

  /** Where what people say to a partition goes. */
  say(partition: number): string {
    return `ubad.${this.#tenant}.lines.${numbered(partition)}.${SAY}`;
  }

  /** Where owners of partitions are asked. */
  asks(): string {
    return `ubad.${this.#tenant}.ask.*`;
  }

  /** Where the owner of a partition is asked. */
  ask(partition: number): string {
    return `ubad.${this.#tenant}.ask.${numbered(partition)}`;
  }

  alerts(partition?: number): string {
    return `ubad.${this.#tenant}.alerts.${partition === undefined ? '*' : numbered(partition)}`;
  }
}

/** The partition of an alert's subject; undefined for a subject that is none. */
export function partitionOfAlerts(subject: string): number | undefined {
  const token = lastToken(subject);
  return /^\d{4}$/.test(token) ? Number(token) : undefined;
}

/** The last token of a subject. */
export const lastToken = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);
