import type { Action, QueryLearning } from '../../../models/action.ts';
import { isJudged } from '../../../models/teaching.ts';
import { Facts, type NewFact } from '../../../models/facts/facts.ts';
import { isMachine } from '../../contract/subjects.ts';
import { isIn } from '../model-lifecycle/ranges.ts';
import type { Rules } from '../feedback/rules.ts';
import type { Store } from '../store/store.ts';

/** Stored actions that are gone through where nothing is kept of a subject's facts. */
const LOOKS_BACK = 20_000;
/** Alerts among which those are looked for that a person answered: the newest. */
const LOOKED_AT = 200;

/** What is learned of a subject from a past without strangers. @param past oldest first */
export function learnFacts(name: string, past: Iterable<Action>): Facts {
  const facts = new Facts(isMachine(name));
  for (const action of past) facts.see(action);
  facts.keep(true);
  return facts;
}

/** What is known of a subject, and what came since it was last kept. */
export interface KnownFacts {
  readonly facts: Facts;
  /** Actions stored since. */
  readonly since: number;
  /** What was new in those of them that had something new, by their id. */
  readonly newFacts: ReadonlyMap<number, readonly NewFact[]>;
}

/** What is known of a subject: what was kept, and what was stored after that. @param rules what a person said */
export function loadFacts(
  store: Store,
  { id, name }: { id: number; name: string },
  rules: Rules,
  learning: ReadonlyMap<string, QueryLearning>,
): KnownFacts {
  const kept = store.subjectState.facts(id);
  const facts = new Facts(isMachine(name), kept?.saved);
  const distrusted = store.subjectState.distrusted(id);
  const from = kept?.saved ? kept.afterAction : (store.actions.last(id, LOOKS_BACK)[0]?.id ?? 1) - 1;
  const newFacts = new Map<number, readonly NewFact[]>();
  const toldFrom = new Map<number, number>();
  let since = 0;
  for (const { id: actionId, action } of store.actions.after(id, from)) {
    since++;
    // Heard as it was when it came: what is never judged tells no facts.
    if (!isJudged(action.query, learning)) continue;
    const fresh = facts.see(action).newFacts;
    if (fresh.length > 0) newFacts.set(actionId, fresh);
    const score = store.scores.of(actionId);
    facts.keep(!isIn(distrusted, actionId) && score?.anomalous !== true);
    const incident = score?.incidentId;
    if (typeof incident === 'number') {
      const first = toldFrom.get(incident) ?? toldWith(store, incident);
      toldFrom.set(incident, first);
      if (actionId >= first) facts.tell();
    }
    if (rules.verdict(action) === 'normal') facts.know(action);
  }
  for (const incident of store.incidents.list({ subjectId: id, limit: LOOKED_AT })) {
    if (incident.verdict === null) continue;
    for (const { actionId } of store.scores.ofIncident(incident.id)) {
      const stored = store.actions.byId(actionId);
      if (!stored) continue;
      if (incident.verdict === 'normal') facts.know(stored.action);
      else facts.forget(stored.action);
    }
  }
  return { facts, since, newFacts };
}

/**
 * The action with which an alert was told, by its id: those before it were added to it only then. By the order of the log, for a clock that
 * is set back tells times of before.
 */
function toldWith(store: Store, incidentId: number): number {
  const openedAt = store.incidents.byId(incidentId)?.openedAt;
  if (openedAt === undefined) return Infinity;
  const isOpening = (id: number): boolean => store.actions.byId(id)?.action.time === openedAt;
  // Where it is stored no more, all that is came after it.
  return store.scores.ofIncident(incidentId).find(({ actionId }) => isOpening(actionId))?.actionId ?? 0;
}
