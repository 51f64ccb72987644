import { message } from '../../contract/story/messages.ts';
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
    notice?.(message('log.lost', { n: loss.count, query: loss.query, host: loss.host }), {
      what: 'lines-lost',
      results: loss.count,
    });
  }
}
