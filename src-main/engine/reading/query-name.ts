import type { Pack } from './pack.ts';

/** The query behind a result's name. */
export interface Named {
  readonly query: string;
  /** Its rows are events that carry their own time; not states that come and go. */
  readonly evented: boolean;
}

/** Names are few; a log of nonsense must not fill the memory. */
const MOST_REMEMBERED = 10_000;
/** Tables and queries of events in packs that this app does not know. */
const eventedName = /(?:^|_)events$|^ev_/;

/**
 * Finds the query in osquery's name of a result: `pack<delimiter><pack><delimiter><query>`, where the delimiter is any
 * and packs and queries hold underscores too. A known query is matched as a suffix after the same delimiter, the longest
 * first. For an unknown one what is left without `pack`, and without the pack's name where that is one this app uses.
 */
export class QueryNames {
  readonly #known: readonly string[];
  readonly #evented: ReadonlySet<string>;
  readonly #remembered = new Map<string, Named>();

  constructor({ learning, evented }: Pick<Pack, 'learning' | 'evented'>) {
    this.#known = [...learning.keys()].sort((a, b) => b.length - a.length);
    this.#evented = evented;
  }

  find(name: string): Named {
    let named = this.#remembered.get(name);
    if (named === undefined) {
      const query = this.#queryOf(name);
      named = { query, evented: this.#evented.has(query) || eventedName.test(query) };
      if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(name, named);
    }
    return named;
  }

  #queryOf(name: string): string {
    const delimiter = /^pack([^a-zA-Z0-9]+)/.exec(name)?.[1];
    const known = this.#known.find(
      (query) => name === query || (delimiter !== undefined && name.endsWith(delimiter + query)),
    );
    if (known !== undefined || delimiter === undefined) return known ?? name;
    const own = /^pack([^a-zA-Z0-9]+)(?:external_pack|user[_-]behavior(?:[_-]events)?)\1(.+)$/.exec(name);
    return own?.[2] ?? name.slice(`pack${delimiter}`.length);
  }
}
