import type { timelineCalls } from '../../contract/contract.ts';
import type { Handlers } from '../../contract/ipc.ts';
import { rowOf } from '../rows.ts';
import { nearMissesOf } from '../views/near-misses.ts';
import { overviewOf } from '../views/overview.ts';
import { statusOf } from '../views/status.ts';
import { hoursOf, searchIn, seriesOf, spansOf } from '../views/timeline.ts';
import type { Context } from './context.ts';

/** What happened, whether it alarmed or not. */
export function timelineHandlers({ session, view, subjectOf }: Context): Handlers<typeof timelineCalls> {
  return {
    status: () => statusOf(view()),
    overview: () => overviewOf(view()),
    timeline({ user, limit, before }) {
      const { store, options } = session.opened;
      return store.actions.timeline(subjectOf(user).id, limit, before).map(({ scored, ...stored }) => ({
        ...rowOf(stored, options.pack.learning, scored?.score ?? null),
        window: scored?.window ?? null,
        incident: scored?.incidentId ?? null,
      }));
    },
    series: (asked) => seriesOf(view(), asked),
    spans: (asked) => spansOf(view(), asked),
    nearMisses: () => nearMissesOf(view()),
    hours: (user) => hoursOf(view(), user),
    search: (asked) => searchIn(view(), asked),
  };
}
