import { scryptSync } from 'node:crypto';

/**
 * The form of a backup, one file:
 *
 *     ubad backup 1\n
 *     {"madeAt":…,"program":"…","sealed":null or {"salt":"…","iv":"…"}}\n
 *     bytes of the index (4, big endian), the index as JSON, the files one after the other
 *     SHA-256 of all before it (32 bytes) or, sealed, the tag of AES-256-GCM (16 bytes)
 *
 * Sealed is all from the index on; the two lines are authenticated with it. The key is scrypt's (RFC 7914) of a passphrase.
 */
export const ARCHIVE_VERSION = 1;

export interface Header {
  /** Unix seconds. */
  readonly madeAt: number;
  /** Version of the program that made it. */
  readonly program: string;
}

/** A file in a backup. */
export interface Entry {
  readonly name: string;
  readonly bytes: number;
}

export interface Part extends Entry {
  /** Its content, `bytes` long. */
  read(): Iterable<Uint8Array>;
}

export interface Source {
  readonly size: number;
  /** @throws what the system throws */
  read(at: number, length: number): Buffer;
}

/** Why a backup is not taken in; `message` goes on after its path. */
export class BadBackup extends Error {
  override readonly name = 'BadBackup';
  readonly kind: 'foreign' | 'newer' | 'damaged' | 'needs-passphrase' | 'not-opened';

  constructor(kind: BadBackup['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export const MAGIC = 'ubad backup ';
export const CHUNK = 1024 * 1024;
export const MOST_LINE = 4096;
export const MOST_INDEX = 32 * 1024 * 1024;
export const MOST_ENTRIES = 200_000;
/** Bytes. */
export const length = { checksum: 32, tag: 16, salt: 16, iv: 12 } as const;
/** 128 MiB and some tenths of a second for each guess. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
/** Settings, database, and the files of models: no name leads anywhere else. */
export const NAMES = /^(config\.json|ubad\.db|models\/\w[\w-]{0,99}\/\w[\w.-]{0,99})$/;

export const keyOf = (passphrase: string, salt: Buffer): Buffer =>
  scryptSync(passphrase.normalize('NFC'), salt, 32, SCRYPT);

export const damaged = (what: string): BadBackup =>
  new BadBackup('damaged', `is damaged or not whole: ${what}. Use another backup; nothing was changed.`);

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON; undefined where it is none. */
export function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
