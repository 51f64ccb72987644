import type { timelineCalls } from '../../contract/contract.ts';
import type { Handlers } from '../../contract/ipc.ts';
import { actionIn, actionsIn, entityIn, furtherIn, rowsIn } from '../views/find.ts';
import { nearMissesOf } from '../views/near-misses.ts';
import { overviewOf } from '../views/overview.ts';
import { statusOf } from '../views/status.ts';
import { hoursOf, knownIn, searchIn, seriesOf, spansOf } from '../views/timeline.ts';
import type { Context } from './context.ts';

/** What happened, whether it alarmed or not. */
export function timelineHandlers({ view, incidentOf }: Context): Handlers<typeof timelineCalls> {
  return {
    status: () => statusOf(view()),
    overview: () => overviewOf(view()),
    timeline: (asked) => rowsIn(view(), asked),
    series: (asked) => seriesOf(view(), asked),
    spans: (asked) => spansOf(view(), asked),
    nearMisses: () => nearMissesOf(view()),
    hours: (user) => hoursOf(view(), user),
    known: (user) => knownIn(view(), user),
    search: (asked) => searchIn(view(), asked),
    entity: (sought) => entityIn(view(), sought),
    actionsWith: (asked) => actionsIn(view(), asked),
    action: (id) => actionIn(view(), id),
    further: (id) => furtherIn(view(), incidentOf(id)),
  };
}
