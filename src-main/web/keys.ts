import { randomBytes } from 'node:crypto';

import { answerersProof, askersProof, isSame, type Answer, type Question } from './proof.ts';

const BYTES = 32;
/** A key in an address is for the page that is opened now. */
const KEY_LASTS_MS = 10 * 60_000;
const MOST_KEYS = 20;

/** Whoever started the server; in a fleet's page others have names. */
export const OWNER = '';

/**
 * Who may ask. The token never stands in an address: those are in histories, logs and lists of processes. An address holds
 * a key that is exchanged for the token once.
 */
export class Keys {
  /** 256 random bits: of whoever started the server. */
  readonly token = newSecret();
  /** Known to this user's own programs, through a file: it proves who is who and is never sent. */
  readonly secret = newSecret();
  /** Whose token is which. */
  readonly #tokens = new Map([[OWNER, this.token]]);
  /** Keys that nobody has used yet: when they end, and whose they are. */
  readonly #keys = new Map<string, { readonly ends: number; readonly person: string }>();
  readonly #isKnown: (person: string) => boolean;

  /** @param isKnown who besides whoever started the server may have a key */
  constructor(isKnown: (person: string) => boolean = () => false) {
    this.#isKnown = isKnown;
  }

  /** @param now Unix milliseconds @param person whose it is to be */
  issue(now: number, person = OWNER): string {
    for (const [key, { ends }] of this.#keys) if (ends <= now || this.#keys.size >= MOST_KEYS) this.#keys.delete(key);
    const key = newSecret();
    this.#keys.set(key, { ends: now + KEY_LASTS_MS, person });
    return key;
  }

  /** A new key for whoever knows the secret, with the proof that this server does. @returns undefined for anybody else */
  issueTo({ challenge, proof, person = OWNER }: Question, origin: string, now: number): Answer | undefined {
    if (!isSame(proof, askersProof(this.secret, origin, challenge, person))) return undefined;
    if (person !== OWNER && !this.#isKnown(person)) return undefined;
    const key = this.issue(now, person);
    return { key, proof: answerersProof(this.secret, origin, challenge, key) };
  }

  /** @returns the token for a key that is good, once */
  exchange(given: string, now: number): string | undefined {
    for (const [key, { ends, person }] of this.#keys) {
      if (!isSame(given, key)) continue;
      this.#keys.delete(key);
      return now < ends ? this.#tokenOf(person) : undefined;
    }
    return undefined;
  }

  /** @param authorization the header of that name @returns whose token it holds; undefined: nobody's */
  holds(authorization: string | undefined): string | undefined {
    const given = /^Bearer ([\w-]{1,100})$/.exec(authorization ?? '')?.[1];
    if (given === undefined) return undefined;
    const found = [...this.#tokens].find(([, token]) => isSame(given, token));
    return found?.[0];
  }

  #tokenOf(person: string): string {
    const token = this.#tokens.get(person) ?? newSecret();
    this.#tokens.set(person, token);
    return token;
  }
}

export const newSecret = (): string => randomBytes(BYTES).toString('base64url');
