/**
 * How a running server and a second `ubad serve` prove to each other whose they are. Both read one secret from a file that
 * only their user can read; neither sends it, nor the token. What a stranger on the port gets to see proves nothing to
 * anybody: each proof is of one challenge, at one origin, for one side.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import * as v from 'valibot';

/** 32 random bytes as base64url, such as a challenge, a proof, a key. */
const random = v.pipe(v.string(), v.regex(/^[\w-]{43}$/));
export const question = v.strictObject({
  challenge: random,
  proof: random,
  /** Whose page it is to be; not given: of whoever started the server. */
  person: v.exactOptional(v.pipe(v.string(), v.maxLength(64))),
});
export type Question = v.InferOutput<typeof question>;
export const answer = v.strictObject({ key: random, proof: random });
export type Answer = v.InferOutput<typeof answer>;

const proofOf = (secret: string, ...of: readonly string[]): string =>
  createHmac('sha256', secret).update(of.join('\n')).digest('base64url');

/** The asking side's. @param origin `http://127.0.0.1:PORT`, as it was announced @param person whose page is asked for */
export const askersProof = (secret: string, origin: string, challenge: string, person = ''): string =>
  proofOf(secret, 'ask', origin, challenge, ...(person === '' ? [] : [person]));

/** The answering side's, of the key that it gives out. */
export const answerersProof = (secret: string, origin: string, challenge: string, key: string): string =>
  proofOf(secret, 'answer', origin, challenge, key);

/** Takes as long whatever is given: hashed first, so that lengths are the same too. */
export function isSame(given: string, secret: string): boolean {
  const [a, b] = [given, secret].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
