import type { Judgement } from '../../../models/profile/view.ts';
import type { UserModel } from '../../../models/profile/user-model.ts';
import type { Action } from '../../../models/action.ts';
import type { Phrase } from '../../contract/story/story.ts';
import { short } from '../explanation/describe.ts';
import { explanationOf } from '../explanation/explanation.ts';
import { thresholdsOf, standingThresholds, type Sensitivity } from '../judge.ts';
import type { Pack } from '../reading/pack.ts';
import { fits, type Scope } from './scope.ts';
import type { StoredAction } from '../store/actions.ts';
import type { Incident } from '../store/incidents.ts';
import type { Store } from '../store/store.ts';

const DAY = 86_400;
/** Incidents that are looked at, at most: the newest. */
const MOST_INCIDENTS = 200;
/** Actions that are looked at for how many a rule fits: the newest. */
const COUNTED = 20_000;

/** What a rule would have done. */
export interface Preview {
  readonly days: number;
  /** Incidents of these days, by band. */
  readonly incidents: Readonly<Record<string, number>>;
  /** Those of them that the rule would have hidden, by band. */
  readonly hidden: Readonly<Record<string, number>>;
  /** The same, newest first. */
  readonly alerts: readonly Incident[];
  /** Whether it would have hidden the one that it was made of, and why not. */
  readonly own: { readonly hidden: boolean; readonly why: Phrase };
  /** How many of the user's last actions it fits. */
  readonly fits: Phrase;
}

/** What looking at the past needs. */
export interface History {
  readonly store: Store;
  readonly pack: Pack;
  readonly sensitivity: Sensitivity;
  readonly windowLength: number;
  /** A copy of the subject's model, for throwing away: it reads the past again. Undefined: there is none. */
  readonly model: () => UserModel | undefined;
}

/**
 * What calling this scope normal would have hidden of a subject's last days. Each incident is judged again by the model in
 * use, with and without the rule; what alarms by itself, as what is new does, hides only where the rule fits all of it.
 * @param own the incident that the scope was made of
 */
export function previewOf(history: History, own: Incident, scope: Scope, days: number, now: number): Preview {
  const { store, pack } = history;
  const { subjectId } = own;
  const incidents = store.incidents.list({ subjectId, since: now - days * DAY, limit: MOST_INCIDENTS });
  const told = new Map(incidents.map((incident) => [incident.id, whyNotHidden(history, incident, scope)]));
  const hidden = incidents.filter(({ id }) => told.get(id) === undefined);
  const why = told.has(own.id) ? told.get(own.id) : whyNotHidden(history, own, scope);
  return {
    days,
    incidents: byBand(incidents),
    hidden: byBand(hidden),
    alerts: hidden,
    own: { hidden: why === undefined, why: why ?? { id: 'hides.this', values: {} } },
    fits: fitting(store, subjectId, (action) => fits(scope, action, pack.learning)),
  };
}

/** Why a rule would not have hidden an incident; undefined: it would have. */
function whyNotHidden(history: History, incident: Incident, scope: Scope): Phrase | undefined {
  const { store, pack } = history;
  const isSuppressed = (action: Action): boolean => fits(scope, action, pack.learning);
  const actions = actionsOf(store, incident, history.windowLength);
  const own = actions.filter(({ id }) => id >= incident.firstAction);
  if (!own.some(({ action }) => isSuppressed(action))) return { id: 'hides.not.act', values: {} };
  const [model, ruled] = [history.model(), history.model()];
  const { alarm } = model ? thresholdsOf(model.normal, history.sensitivity) : standingThresholds;
  const rest = alarming(store, incident, alarm).filter((id) => {
    const stored = store.actions.byId(id);
    return stored !== undefined && !isSuppressed(stored.action);
  });
  if (rest.length > 0) return { id: 'hides.not.rest', values: { n: rest.length } };
  if (!model || !ruled) return undefined;
  ruled.suppress([]);
  const without = peak(actions, incident, (stored) => model.observe(stored.action, false));
  const withRule = peak(actions, incident, (stored) =>
    ruled.observe(stored.action, false, isSuppressed(stored.action)),
  );
  if (without >= alarm) return withRule < alarm ? undefined : { id: 'hides.not.mix', values: {} };
  const mostAnomalous = mostAnomalousOf(store, incident);
  return mostAnomalous && isSuppressed(mostAnomalous.action) ? undefined : { id: 'hides.not.mix', values: {} };
}

/** Actions of an incident that alarm by something about them that was never there before. */
function alarming(store: Store, incident: Incident, alarm: number): number[] {
  const isNew = new Set(
    explanationOf(incident)?.actions.flatMap(({ id, newFacts = [] }) => (newFacts.length > 0 ? [id] : [])),
  );
  return store.scores
    .ofIncident(incident.id)
    .filter(({ actionId, score }) => isNew.has(actionId) && score >= alarm)
    .map(({ actionId }) => actionId);
}

function fitting(store: Store, subjectId: number, isFit: (action: Action) => boolean): Phrase {
  let [n, count] = [0, 0];
  for (const { action } of store.actions.backwards(subjectId, Number.MAX_SAFE_INTEGER, COUNTED)) {
    n++;
    if (isFit(action)) count++;
  }
  const user = short(store.subjects.byId(subjectId)?.name ?? '?');
  return { id: 'hides.fits', values: { n, fits: count, user } };
}

/** The incident's actions, and as many before them as a window and what precedes it hold. */
function actionsOf(
  store: Store,
  { subjectId, firstAction, lastAction }: Incident,
  windowLength: number,
): StoredAction[] {
  return [
    ...store.actions.before(subjectId, firstAction, 2 * windowLength),
    ...upTo(store, subjectId, firstAction, lastAction),
  ];
}

function* upTo(store: Store, subjectId: number, first: number, last: number): Generator<StoredAction> {
  for (const stored of store.actions.after(subjectId, first - 1)) {
    if (stored.id > last) return;
    yield stored;
  }
}

function peak(
  actions: readonly StoredAction[],
  { firstAction }: Incident,
  observe: (stored: StoredAction) => Judgement | undefined,
): number {
  let largest = -Infinity;
  for (const stored of actions) {
    const judgement = observe(stored);
    if (judgement && stored.id >= firstAction) largest = Math.max(largest, judgement.window);
  }
  return largest;
}

/** Of what is still stored. */
function mostAnomalousOf(store: Store, { id }: Incident): StoredAction | undefined {
  const scores = store.scores.ofIncident(id);
  const worst = scores.reduce((best, score) => (best && best.score >= score.score ? best : score), scores[0]);
  return worst && store.actions.byId(worst.actionId);
}

function byBand(incidents: readonly Incident[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { band } of incidents) counts[band] = (counts[band] ?? 0) + 1;
  return counts;
}
