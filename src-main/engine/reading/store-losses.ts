import type { UserMessage } from '../options.ts';
import type { Loss } from '../store/losses.ts';
import type { Store } from '../store/store.ts';

/** Keeps count of results that osquery made and the log never had, and says so. Only in a transaction. @param now Unix seconds */
export function storeLosses(
  store: Store,
  lost: readonly Omit<Loss, 'at'>[],
  now: number,
  notice: UserMessage | undefined,
): void {
  for (const loss of lost) {
    store.losses.add({ ...loss, at: now });
    notice?.(`${loss.count} results of ${loss.query} on ${loss.host} were lost before they were logged`, {
      what: 'lines-lost',
      results: loss.count,
    });
  }
}
