import { randomBytes } from 'node:crypto';

import { answerersProof, askersProof, isSame, type Answer } from './proof.ts';

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
  /** Known to this user's own programs, through a file: it proves who is who and is never sent. */
  readonly secret = newSecret();
  /** Keys that nobody has used yet, by when they end. */
  readonly #keys = new Map<string, number>();

  /** @param now Unix milliseconds */
  issue(now: number): string {
    for (const [key, ends] of this.#keys) if (ends <= now || this.#keys.size >= MOST_KEYS) this.#keys.delete(key);
    const key = newSecret();
    this.#keys.set(key, now + KEY_LASTS_MS);
    return key;
  }

  /** A new key for whoever knows the secret, with the proof that this server does. @returns undefined for anybody else */
  issueTo({ challenge, proof }: { challenge: string; proof: string }, origin: string, now: number): Answer | undefined {
    if (!isSame(proof, askersProof(this.secret, origin, challenge))) return undefined;
    const key = this.issue(now);
    return { key, proof: answerersProof(this.secret, origin, challenge, key) };
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

export const newSecret = (): string => randomBytes(BYTES).toString('base64url');
