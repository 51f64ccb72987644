import type { Who } from './reading/who.ts';
import type { Store } from './store/store.ts';

const KEY = 'uid-names';

/** The names of uids that logs told, as they are kept in a store. */
export function storedNames(store: Store): [string, string][] {
  return (store.meta.json(KEY) ?? []) as [string, string][];
}

/** Only in a transaction. */
export function storeNames(store: Store, who: Who): void {
  store.meta.set(KEY, JSON.stringify(who.save()));
}
