import type { Pack } from './pack.ts';

/** The query behind a result's name. */
export interface Named {
  /** What the app calls it: the pack's own name for a query that it knows. */
  readonly query: string;
  /** Its rows are events that carry their own time; not states that come and go. */
  readonly evented: boolean;
  /** Asked by a pack that ships, whose SQL is known: another's query of the same name may ask anything. */
  readonly own: boolean;
  /** A gap in its counter means lost results. */
  readonly counted: boolean;
}

/** Names are few; a log of nonsense must not fill the memory. */
const MOST_REMEMBERED = 10_000;
/** A longer one is nonsense, and is taken as it is. */
const LONGEST = 500;
/** Tables and queries of events in packs that this app does not know. */
const eventedName = /(?:^|[^a-zA-Z0-9])events$|^ev_/;
/** What the packs that ship are called, in 2017 and since; their queries' names may hold the delimiter. */
const ownPack = /^pack([^a-zA-Z0-9]+)(?:external_pack|user[_-]behavior(?:[_-]events)?)\1(.+)$/;
/** Of these the present one: the osqueryds of 2017 counted runs, not results. */
const presentPack = /^pack([^a-zA-Z0-9]+)user-behavior(?:-events)?\1/;
/** A pack whose name does not hold the delimiter: all that follows is the query's. */
const plainPack = /^pack([^a-zA-Z0-9]+)(?:(?!\1).)+?\1(.+)$/;

/**
 * Finds the query in osquery's name of a result: `pack<delimiter><pack><delimiter><query>`, where the delimiter is any
 * and packs and queries hold underscores too. A query is known where all that follows the pack's name is its name: in
 * `pack_site_sudo_users` that is not `users`. For an unknown one what is left without `pack`, and without the pack's name where
 * that is one this app uses. Who counts or remembers by query goes by the whole name: two packs may ask the same.
 */
export class QueryNames {
  readonly #known: ReadonlyMap<string, unknown>;
  readonly #evented: ReadonlySet<string>;
  readonly #counted: ReadonlySet<string>;
  readonly #remembered = new Map<string, Named>();

  constructor({ learning, evented, counted }: Pick<Pack, 'learning' | 'evented' | 'counted'>) {
    this.#known = learning;
    this.#evented = evented;
    this.#counted = counted;
  }

  find(name: string): Named {
    let named = this.#remembered.get(name);
    if (named === undefined) {
      const { query, own } = this.#queryOf(name);
      const evented = this.#evented.has(query) || eventedName.test(query);
      named = { query, own, evented, counted: presentPack.test(name) && this.#counted.has(query) };
      if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(name, named);
    }
    return named;
  }

  #queryOf(name: string): { readonly query: string; readonly own: boolean } {
    if (name.length > LONGEST) return { query: name, own: false };
    const own = ownPack.exec(name)?.[2];
    if (own !== undefined) return { query: own, own: true };
    if (this.#known.has(name)) return { query: name, own: false };
    const query = plainPack.exec(name)?.[2];
    if (query !== undefined && this.#known.has(query)) return { query, own: false };
    const delimiter = /^pack([^a-zA-Z0-9]+)/.exec(name)?.[1];
    return { query: delimiter === undefined ? name : name.slice(`pack${delimiter}`.length), own: false };
  }
}
