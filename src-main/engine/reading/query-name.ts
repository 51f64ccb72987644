/** Names are few; a log of nonsense must not fill the memory. */
const MOST_REMEMBERED = 10_000;

/**
 * Finds the query in osquery's name of a result: `pack<delimiter><pack><delimiter><query>`, where the delimiter is any
 * and packs and queries hold underscores too. A known query is matched as a suffix after a delimiter, the longest
 * first. For an unknown one what is left without `pack`, and without the pack's name where that is one this app uses.
 */
export class QueryNames {
  readonly #known: readonly string[];
  readonly #remembered = new Map<string, string>();

  constructor(known: Iterable<string>) {
    this.#known = [...known].sort((a, b) => b.length - a.length);
  }

  queryOf(name: string): string {
    let query = this.#remembered.get(name);
    if (query === undefined) {
      query = this.#find(name);
      if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(name, query);
    }
    return query;
  }

  #find(name: string): string {
    const packed = /^pack(?=[^a-zA-Z0-9])/.test(name);
    const known = this.#known.find(
      (query) => name === query || (packed && name.endsWith(query) && !/[a-zA-Z0-9]/.test(name.at(-query.length - 1)!)),
    );
    if (known !== undefined) return known;
    const own = /^pack([^a-zA-Z0-9]+)(?:external_pack|user[_-]behavior(?:[_-]events)?)\1(.+)$/.exec(name);
    return own?.[2] ?? name.replace(/^pack[^a-zA-Z0-9]+/, '');
  }
}
