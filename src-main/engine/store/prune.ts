import type { Store } from './store.ts';

/** Deleting what is too old waits until this many batches were stored. */
export const PRUNE_EVERY = 50;
/** Of every user this many actions stay, however old: a model is trained again from them. */
const KEPT = 20_000;
/** Actions that are deleted at once: new lines wait for that long. */
const LIMIT = 1000;

/** Deletes a slice of what the settings no longer want kept. @param now Unix seconds */
export function prune(
  store: Store,
  { keepDays, keepMegabytes }: { readonly keepDays: number; readonly keepMegabytes: number },
  now: number,
): void {
  store.prune({ now, maxAgeDays: keepDays, maxBytes: keepMegabytes * 1e6, keepPerSubject: KEPT, limit: LIMIT });
}
