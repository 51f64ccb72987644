/** Something that takes untrusted input, and what must hold of it whatever comes. */
export interface Target {
  readonly name: string;
  /** Files whose code it is to reach, by their address. */
  readonly reaches: RegExp;
  /** Inputs to begin with. */
  readonly seeds: readonly string[];
  /** Words that mean something to it. */
  readonly words: readonly string[];
  /** @throws Error when something does not hold */
  check(input: string): void | Promise<void>;
}

const harmful = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** What a person is shown must not act on a terminal, a notification server or the direction of the text. */
export function mustBeHarmless(text: string, what: string, most = 1000): void {
  if (harmful.test(text)) throw new Error(`${what} has control characters: ${JSON.stringify(text.slice(0, 200))}`);
  if (text.length > most) throw new Error(`${what} is ${text.length} long`);
}

const own = Object.getOwnPropertyNames(Object.prototype).join();
const ownOfArrays = Object.getOwnPropertyNames(Array.prototype).join();

/** Nothing may be put where every object finds it. */
export function mustBeUnpolluted(): void {
  if (
    Object.getOwnPropertyNames(Object.prototype).join() !== own ||
    Object.getOwnPropertyNames(Array.prototype).join() !== ownOfArrays
  )
    throw new Error('Object.prototype was changed');
}

/** Runs what may only throw one kind of error. @returns undefined when it threw that */
export function only<T>(kind: abstract new (...parameters: never[]) => Error, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof kind) return undefined;
    throw error;
  }
}
