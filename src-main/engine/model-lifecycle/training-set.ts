import type { Action } from '../../../models/action.ts';
import { teaches } from '../../../models/teaching.ts';
import { isIn } from './ranges.ts';
import type { Pack } from '../reading/pack.ts';
import { Rules } from '../feedback/rules.ts';
import type { Store } from '../store/store.ts';
import { learnable } from './enough.ts';

/** A model is trained again when there is this many times as much to learn from. */
export const RETRAIN_AT = 2;
/** Actions that a training looks at, at most: the newest. */
const MOST_TRAINED = 20_000;

/** What a subject is to be trained on. */
export interface TrainingSet {
  /** Oldest first. */
  readonly past: readonly Action[];
  /** Actions that count: judged ones, no first results. */
  readonly counted: number;
  /** The last action of the set. */
  readonly afterAction: number;
  /** Ids of actions before that which it does not hold: what is too strange to be learned. */
  readonly leftOut: readonly number[];
}

/** The last actions of those that are added, as many as a training looks at. */
class Newest {
  #actions: Action[] = [];

  add(action: Action): void {
    this.#actions.push(action);
    // A machine's heartbeats may be millions, and none of them counts.
    if (this.#actions.length >= 2 * MOST_TRAINED) this.#actions.splice(0, MOST_TRAINED);
  }

  get list(): readonly Action[] {
    return this.#actions.slice(-MOST_TRAINED);
  }
}

/** How many actions of a subject that count are stored, and the set of the first `wanted` of them once there are that many. */
export function trainingSetOf(
  store: Store,
  pack: Pack,
  subjectId: number,
  wanted: number,
): TrainingSet | { missing: number } {
  // Counted before they are read: of a machine's heartbeats there may be millions.
  const enough = learnable(store, pack, subjectId, wanted);
  if (enough < wanted) return { missing: wanted - enough };
  const past = new Newest();
  const leftOut: number[] = [];
  const anomalous = store.scores.anomalousOf(subjectId);
  const rules = Rules.of(store, subjectId, pack.learning);
  const distrusted = store.subjectState.distrusted(subjectId);
  let counted = 0;
  for (const { id, action } of store.actions.after(subjectId, 0)) {
    if (teaches(action, pack.learning)) counted++;
    if (isIn(distrusted, id) || isSuspect(store, anomalous.get(id), action, rules)) leftOut.push(id);
    else past.add(action);
    if (counted === wanted) return { past: past.list, counted, afterAction: id, leftOut };
  }
  return { missing: wanted - counted };
}

/** The past of a set that was found before, whatever was said or judged since. */
export function pastOf(
  store: Store,
  subjectId: number,
  { afterAction, leftOut }: Pick<TrainingSet, 'afterAction' | 'leftOut'>,
): readonly Action[] {
  const past = new Newest();
  const isLeftOut = new Set(leftOut);
  for (const { id, action } of store.actions.after(subjectId, 0)) {
    if (id > afterAction) break;
    if (!isLeftOut.has(id)) past.add(action);
  }
  return past.list;
}

/** The last actions of a subject that count, up to and with `id`, at most `count`, oldest first. */
export function judgedBefore(store: Store, pack: Pack, subjectId: number, id: number, count: number): Action[] {
  const stored = store.actions.before(subjectId, id + 1, 4 * count).map(({ action }) => action);
  return stored.filter((action) => teaches(action, pack.learning)).slice(-count);
}

/**
 * Too strange to be learned: unless a person called its incident normal, or a standing rule says so of the action.
 * @param incidentId of an anomalous action its incident, or null; undefined: it is not anomalous
 */
function isSuspect(store: Store, incidentId: number | null | undefined, action: Action, rules: Rules): boolean {
  if (incidentId === undefined || rules.verdict(action) === 'normal') return false;
  const incident = incidentId === null ? undefined : store.incidents.byId(incidentId);
  return incident?.verdict !== 'normal';
}
