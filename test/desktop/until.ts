import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds that a condition is waited for where nobody says otherwise. */
let patience = 15_000;

/** Waits less long from now on: for suites where what is waited for is not to come. */
export function setPatience(milliseconds: number): void {
  patience = milliseconds;
}

/** A probe that was begun in time may answer so much later. */
const GRACE_MS = 5_000;

/** Thrown by a probe: what is waited for cannot come any more. */
export class Hopeless extends Error {}

/**
 * Asks `probe` again and again until it gives something true: nothing on a desktop is waited for by a fixed time.
 * What `probe` throws, unless it is `Hopeless`, counts as "not yet" and is told when time is up.
 *
 * @param what said in the error: "waited 15000 ms for <what>"
 * @throws Error after `within` milliseconds
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  { within = patience, every = 40 }: { readonly within?: number; readonly every?: number } = {},
): Promise<Exclude<T, false | null | undefined | '' | 0>> {
  const end = performance.now() + within;
  let cause: unknown;
  do {
    try {
      const value = await Promise.race([probe(), silence(end + GRACE_MS)]);
      if (value) return value as Exclude<T, false | null | undefined | '' | 0>;
      cause = undefined;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      cause = error;
    }
    await sleep(every);
  } while (performance.now() < end);
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  throw new Error(`waited ${within} ms for ${what}${why}`, { cause });
}

/** A browser that is about to go to another page may never answer: what waits for it says so all the same. */
async function silence(end: number): Promise<never> {
  await sleep(Math.max(0, end - performance.now()) + 1, undefined, { ref: false });
  throw new Error('nothing was answered');
}
