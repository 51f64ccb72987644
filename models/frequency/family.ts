/** A thing seen so often is common among its like: how many were seen that often is not counted. */
export const COMMON = 40;

/**
 * Things of one kind: the folders of programs, the addresses of connections. Remembers how many of them were seen once,
 * twice and so on (Good 1953), which tells what it means that one is rare: most addresses are new to any user, hardly a
 * folder is.
 */
export class Family {
  /** At n − 1: things seen n times. */
  readonly #seen: number[];
  #sights: number;

  constructor(seen: readonly number[] = [], sights = 0) {
    this.#seen = Array.from({ length: COMMON }, (_, n) => seen[n] ?? 0);
    this.#sights = sights;
  }

  /** One more sight of a thing. @param before how often it was seen until now */
  see(before: number): void {
    if (before > 0 && before <= COMMON) this.#seen[before - 1]!--;
    if (before < COMMON) this.#seen[before]!++;
    this.#sights++;
  }

  /**
   * The chance, 0…1, that a sight is of a thing as rare as this one, or rarer: the share of those that were, each left
   * out of the count itself when it is looked at.
   * @param count how often the thing was seen
   */
  chance(count: number): number {
    if (count >= COMMON) return 1;
    let sights = 0.5;
    for (let n = 0; n <= count; n++) sights += (n + 1) * this.#seen[n]!;
    return Math.min(1, sights / (this.#sights + 1));
  }

  /** What the constructor takes. */
  save(): [seen: number[], sights: number] {
    return [this.#seen.slice(0, 1 + this.#seen.findLastIndex((things) => things > 0)), this.#sights];
  }
}
