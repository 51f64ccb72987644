import { judge, openAfter, type Thresholds, type OpenIncident } from './judge.ts';
import type { Store } from './store/store.ts';

/** How many alerts the windows that a subject had since a time would have given with these lines. */
export function alertsWith(store: Store, subjectId: number, thresholds: Thresholds, since: number): number {
  let alerts = 0;
  let open: OpenIncident | undefined;
  for (const window of store.scores.windows(subjectId, since)) {
    const verdict = judge(open, window, thresholds);
    if (verdict.step === 'open') alerts++;
    open = openAfter(verdict, open, window, alerts);
  }
  return alerts;
}
