import type { Scope } from './scope.ts';
import type { Incident, Verdict } from '../store/incidents.ts';
import type { Store } from '../store/store.ts';

/** What a person says of an incident. */
export interface GivenFeedback {
  readonly incident: Incident;
  readonly verdict: Verdict;
  /** What it holds for from now on; undefined: this incident alone. */
  readonly scope?: Scope;
  /** Unix seconds; null: for good. */
  readonly expires: number | null;
}

/** Notes what a person says of an incident, which is over when it is normal. Only in a transaction. @returns its id */
export function giveFeedback(store: Store, { incident, verdict, scope, expires }: GivenFeedback, now: number): number {
  store.incidents.mark(incident.id, verdict);
  if (verdict === 'normal' && incident.state === 'open') store.incidents.close(incident.id, incident.lastTime);
  const { id: incidentId, subjectId } = incident;
  return store.feedback.add({ at: now, subjectId, incidentId, verdict, scope: scope ?? null, expires });
}

/**
 * Takes back what was said: from the next action on all is judged as if it had never been. Only in a transaction.
 * @returns whether it stood until now
 */
export function undoFeedback(store: Store, id: number, now: number): boolean {
  const given = store.feedback.byId(id);
  if (!given || !store.feedback.undo(id, now)) return false;
  if (given.incidentId === null || !store.incidents.byId(given.incidentId)) return true;
  const before = store.feedback
    .list(given.subjectId)
    .filter(({ incidentId, undoneAt }) => incidentId === given.incidentId && undoneAt === null);
  store.incidents.mark(given.incidentId, before.at(-1)?.verdict ?? null);
  return true;
}

/** Takes back all that was said of an incident. Only in a transaction. */
export function takeBackFeedback(store: Store, { id, subjectId }: Incident, now: number): void {
  for (const said of store.feedback.list(subjectId)) if (said.incidentId === id) undoFeedback(store, said.id, now);
  store.incidents.mark(id, null);
}
