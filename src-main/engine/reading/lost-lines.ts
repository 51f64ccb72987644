/** The last result of a query on a host. */
type Place = readonly [epoch: number, counter: number];

const MOST_PLACES = 10_000;

/** A result as osquery counts it. */
export interface Counted {
  readonly host: string;
  /** osquery's whole name of it: two packs that ask the same are counted apart. */
  readonly name: string;
  readonly epoch: number | undefined;
  readonly counter: number | undefined;
}

/**
 * Results that osquery counted but that never came: within one epoch its counter may only grow by one. To be asked only of
 * queries of which every result is logged; a new epoch or a smaller counter is a new start.
 */
export class LostLines {
  readonly #places: Map<string, Place>;

  /** @param saved what `save` gave; what is something else is forgotten */
  constructor(saved?: unknown) {
    this.#places = new Map(Array.isArray(saved) ? saved.filter(isPlace).slice(0, MOST_PLACES) : []);
  }

  /** @returns how many results of this name were lost before this one */
  see({ host, name, epoch, counter }: Counted): number {
    if (epoch === undefined || counter === undefined) return 0;
    const key = `${host}\n${name}`;
    const before = this.#places.get(key);
    if (before || this.#places.size < MOST_PLACES) this.#places.set(key, [epoch, counter]);
    if (before?.[0] !== epoch) return 0;
    return Math.max(0, counter - before[1] - 1);
  }

  save(): (readonly [string, Place])[] {
    return [...this.#places];
  }
}

function isPlace(entry: unknown): entry is [string, Place] {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string' || !Array.isArray(entry[1])) return false;
  return entry[1].length === 2 && entry[1].every((number) => Number.isSafeInteger(number) && number >= 0);
}
