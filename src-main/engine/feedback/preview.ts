import type { Judgement } from '../../../models/profile/view.ts';
import type { UserModel } from '../../../models/profile/user-model.ts';
import { thresholdsOf, type Sensitivity } from '../judge.ts';
import type { Pack } from '../reading/pack.ts';
import { fits, type Scope } from './scope.ts';
import type { StoredAction } from '../store/actions.ts';
import type { Incident } from '../store/incidents.ts';
import type { Store } from '../store/store.ts';

const DAY = 86_400;
/** Incidents that are looked at, at most: the newest. */
const MOST_INCIDENTS = 200;

/** What a rule would have done. */
export interface Preview {
  readonly days: number;
  /** Incidents of these days, by band. */
  readonly incidents: Readonly<Record<string, number>>;
  /** Those of them that the rule would have hidden, by band. */
  readonly hidden: Readonly<Record<string, number>>;
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
 * What calling this scope normal would have hidden of a subject's last days. Each incident is judged again by the
 * model in use, with and without the rule; what the model would not call strange any more is hidden where the rule
 * fits the strangest of its actions.
 */
export function previewOf(history: History, subjectId: number, scope: Scope, days: number, now: number): Preview {
  const { store, pack } = history;
  const incidents = store.incidents.list({ subjectId, since: now - days * DAY, limit: MOST_INCIDENTS });
  const hidden = incidents.filter((incident) => {
    const actions = actionsOf(store, incident, history.windowLength);
    if (!actions.some(({ action }) => fits(scope, action, pack.learning))) return false;
    const [model, ruled] = [history.model(), history.model()];
    if (!model || !ruled) return false;
    const { alarm } = thresholdsOf(model.normal, history.sensitivity);
    ruled.suppress([]);
    const isSuppressed = ({ action }: StoredAction): boolean => fits(scope, action, pack.learning);
    const without = peak(actions, incident, (stored) => model.observe(stored.action, false));
    const withRule = peak(actions, incident, (stored) => ruled.observe(stored.action, false, isSuppressed(stored)));
    if (without >= alarm) return withRule < alarm;
    const strangest = strangestOf(store, incident);
    return strangest !== undefined && fits(scope, strangest.action, pack.learning);
  });
  return { days, incidents: byBand(incidents), hidden: byBand(hidden) };
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
function strangestOf(store: Store, { id }: Incident): StoredAction | undefined {
  const scores = store.scores.ofIncident(id);
  const worst = scores.reduce((best, score) => (best && best.score >= score.score ? best : score), scores[0]);
  return worst && store.actions.byId(worst.actionId);
}

function byBand(incidents: readonly Incident[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { band } of incidents) counts[band] = (counts[band] ?? 0) + 1;
  return counts;
}
