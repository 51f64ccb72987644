import type { Action, QueryLearning } from '../../../models/action.ts';
import type { ActOffers, RuleOffer } from '../../contract/answer.ts';
import type { EntityRow, Story } from '../../contract/story/story.ts';
import { offered } from '../../contract/story/scope-kinds.ts';
import { isUsual } from '../../contract/story/tell.ts';
import { explanationOf } from '../explanation/explanation.ts';
import { storyOfIncident } from '../narrative/tell-incident.ts';
import { partsOf, scopeOfKinds } from '../feedback/scope.ts';
import type { Incident } from '../store/incidents.ts';
import type { Store } from '../store/store.ts';

type Learning = ReadonlyMap<string, QueryLearning>;

/** Acts of an alert that rules are offered for. */
const MOST_ACTS = 6;

export interface Asked {
  readonly store: Store;
  readonly learning: Learning;
}

/** An act of an alert that a rule can be made of. */
interface RuleAct {
  readonly id: number;
  readonly action: Action;
  /** As its story tells it; undefined where there is no story of it. */
  readonly row: EntityRow | undefined;
}

/** The acts of an alert that a rule can be made of: the one that heads it first, else the strangest. */
export function ruleActs(asked: Asked, incident: Incident, story = storyOfIncident(asked, incident)): RuleAct[] {
  const kept = explanationOf(incident)?.actions ?? [];
  const find = (id: number): Action | undefined => {
    const known = kept.find((one) => one.id === id);
    return asked.store.actions.byId(id)?.action ?? (known && { change: 'added', ...known });
  };
  const rows = story ? tellingFirst(story) : [];
  const acts = rows.flatMap((row): RuleAct[] => {
    const action = find(row.action);
    return action ? [{ id: row.action, action, row }] : [];
  });
  const [mostAnomalous] = kept;
  if (acts.length > 0 || !mostAnomalous) return acts.slice(0, MOST_ACTS);
  return [{ id: mostAnomalous.id, action: { change: 'added', ...mostAnomalous }, row: undefined }];
}

/** The rows of a story, those that head it first. Ends of things and what is usual come last. */
function tellingFirst(story: Story): EntityRow[] {
  const rank = (row: EntityRow): number =>
    isUsual(row) ? 2 : row.act === story.act || (story.act === 'sent' && row.act === 'read') ? 0 : 1;
  // A rule is of the user: what the machine told of it cannot hide.
  return story.rows.filter(({ ofMachine }) => ofMachine !== true).sort((a, b) => rank(a) - rank(b));
}

/** The rules that can be made of one action, narrowest first. */
export function offersOf(action: Action, learning: Learning): RuleOffer[] {
  return offered.flatMap(({ kinds, width }) => {
    const scope = scopeOfKinds(action, kinds, learning);
    return scope ? [{ kinds, width, holds: partsOf(scope, learning) }] : [];
  });
}

/** The rules that are offered for an alert, by act. */
export const offersOfAlert = (asked: Asked, incident: Incident, story: Story): ActOffers[] =>
  ruleActs(asked, incident, story).map(({ id, action, row }) => ({
    action: id,
    phrase: row?.phrase ?? null,
    offers: offersOf(action, asked.learning),
  }));
