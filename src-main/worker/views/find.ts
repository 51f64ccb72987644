import type { Entity, Further, Sought } from '../../contract/find.ts';
import { AskFailed } from '../../contract/ipc.ts';
import { message } from '../../contract/story/messages.ts';
import type { FoundAction, SearchPage } from '../../contract/timeline.ts';
import type { TimelineRow } from '../../contract/alerts.ts';
import { rowOf } from '../../engine/explanation/rows.ts';
import { reasonDamaged } from '../../engine/explanation/explanation.ts';
import { actionsWith, entityOf, foundOf, type Finder } from '../../engine/find/entity.ts';
import { furtherOf } from '../../engine/find/further.ts';
import type { Incident } from '../../engine/store/incidents.ts';
import type { View } from './view.ts';

const finderOf = ({ store, options }: View): Finder => ({ store, learning: options.pack.learning });

export function entityIn(view: View, sought: Sought): Entity {
  const { incidents, ...entity } = entityOf(finderOf(view), sought);
  return { ...entity, alerts: incidents.map((incident) => view.incidents.row(incident)) };
}

export const actionsIn = (view: View, asked: Parameters<typeof actionsWith>[1]): SearchPage =>
  actionsWith(finderOf(view), asked);

/** @throws AskFailed where it is not stored any more */
export function actionIn(view: View, id: number): FoundAction {
  const [entry] = view.store.moments.byIds([id]);
  if (!entry) throw new AskFailed('not-found', message('not-found.action', { id }));
  return foundOf(finderOf(view), entry);
}

/** @throws AskFailed where what is stored of its reason is damaged */
export function furtherIn(view: View, incident: Incident): Further {
  const further = furtherOf(finderOf(view), incident);
  if (!further) throw new AskFailed('failed', reasonDamaged(incident));
  return further;
}

interface RowsAsked {
  readonly user: string;
  readonly limit: number;
  readonly from?: number;
  readonly kinds?: string[];
  readonly order?: 'newest' | 'strangest';
  readonly before?: { readonly time: number; readonly id: number };
}

/** A user's actions as rows: the newest before a place, or the strangest of a stretch that ends there. */
export function rowsIn({ store, options, subjectOf }: View, asked: RowsAsked): TimelineRow[] {
  const { id } = subjectOf(asked.user);
  const { limit, before, from, kinds, order } = asked;
  const entries =
    order === 'strangest'
      ? store.moments.strangest(
          { subjectId: id, from: from ?? -Infinity, to: before?.time ?? Infinity, queries: kinds ?? null },
          limit,
        )
      : store.actions.timeline(id, limit, before, { from, queries: kinds });
  return entries.map(({ scored, ...stored }) => ({
    ...rowOf(stored, options.pack.learning, scored?.score ?? null),
    window: scored?.window ?? null,
    incident: scored?.incidentId ?? null,
  }));
}
