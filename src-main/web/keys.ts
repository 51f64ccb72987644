import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const BYTES = 32;
/** A key in an address is for the page that is opened now. */
const KEY_LASTS_MS = 10 * 60_000;
const MOST_KEYS = 20;

/**
 * Who may ask. The token never stands in an address: those are in histories, logs and lists of processes. An address holds
 * a key that is exchanged for the token once.
 */
export class Keys {
  /** 256 random bits. */
  readonly token = newSecret();
  /** Keys that nobody has used yet, by when they end. */
  readonly #keys = new Map<string, number>();

  /** @param now Unix milliseconds */
  issue(now: number): string {
    for (const [key, ends] of this.#keys) if (ends <= now || this.#keys.size >= MOST_KEYS) this.#keys.delete(key);
    const key = newSecret();
    this.#keys.set(key, now + KEY_LASTS_MS);
    return key;
  }

  /** @returns the token for a key that is good, once */
  exchange(given: string, now: number): string | undefined {
    for (const [key, ends] of this.#keys) {
      if (!isSame(given, key)) continue;
      this.#keys.delete(key);
      return now < ends ? this.token : undefined;
    }
    return undefined;
  }

  /** @param authorization the header of that name */
  holds(authorization: string | undefined): boolean {
    const given = /^Bearer ([\w-]{1,100})$/.exec(authorization ?? '')?.[1];
    return given !== undefined && isSame(given, this.token);
  }
}

const newSecret = (): string => randomBytes(BYTES).toString('base64url');

/** Takes as long whatever is given: hashed first, so that lengths are the same too. */
function isSame(given: string, secret: string): boolean {
  const [a, b] = [given, secret].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
