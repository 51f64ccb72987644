import type { Band } from '../../../src-main/contract/alerts.ts';
import type { Story } from '../../../src-main/contract/story/story.ts';
import type { Asked } from '../../../src-main/engine/answer/offers.ts';
import type { Explanation } from '../../../src-main/engine/explanation/explain.ts';
import type { Incident } from '../../../src-main/engine/store/incidents.ts';
import type { Store } from '../../../src-main/engine/store/store.ts';
import { incident } from '../store/store-at.ts';
import { learning, told, type Row } from '../narrative/tell.ts';

export interface Made extends Asked {
  readonly incident: Incident;
  readonly story: Story;
  readonly subjectId: number;
}

/** An incident of these acts, stored with its story as the engine does. */
export function incidentOf(acts: readonly Row[], past: readonly Row[] = [], store?: Store, band: Band = 'high'): Made {
  const made = told(acts, past, ...(store ? [store] : []));
  const { subjectId, since, story } = made;
  const actions = made.store.actions.next(subjectId, since - 1, 1000);
  const last = actions.at(-1)!;
  const explanation: Explanation = {
    sentence: 'alice: strange',
    factors: [],
    rest: 0,
    familiar: [],
    surprises: [],
    nearest: [],
    chance: 0.001,
    story,
    votes: [{ detector: 'lstm', z: 4.2, share: 1 }],
    actions: actions.slice(0, 50).map(({ id, action: { time, query, change, columns } }) => ({
      id,
      time,
      query,
      change,
      columns,
      score: 4,
    })),
    rank: { share: 0.999, of: 'last-30-days' },
  };
  const id = made.store.transaction(() =>
    made.store.incidents.open({
      ...incident(subjectId, since, last.id),
      explanation,
      band,
      firstTime: actions[0]!.action.time,
      lastTime: last.action.time,
    }),
  );
  return { store: made.store, learning, incident: made.store.incidents.byId(id)!, story, subjectId };
}
