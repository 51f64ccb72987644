import type { QueryLearning } from '../../../models/action.ts';
import { isMachine, machineOf } from '../../contract/subjects.ts';
import type { Story } from '../../contract/story/story.ts';
import type { AnomalousAction } from '../explanation/explain.ts';
import { short } from '../explanation/describe.ts';
import { explanationOf } from '../explanation/explanation.ts';
import type { Incident } from '../store/incidents.ts';
import type { StoredAction } from '../store/actions.ts';
import type { Store } from '../store/store.ts';
import { SLOT, usualBand } from './usual-hours.ts';
import { actOf, type Acted } from './act.ts';
import { Familiar } from './familiar.ts';
import { changesOn } from './on-machine.ts';
import { newFactsOf } from './lately.ts';
import { loggedInOn } from './logged-in.ts';
import { storyOf } from './story.ts';

/** Of longer incidents this many of the first and of the last actions are told. */
const MOST = 250;

export interface Teller {
  readonly store: Store;
  readonly learning: ReadonlyMap<string, QueryLearning>;
}

/** Whose incident it is, and the first and last of its actions. */
export interface Told {
  readonly subjectId: number;
  readonly user: string;
  readonly since: number;
  readonly last: number;
  /** As in `Material`. */
  readonly newFacts?: ReadonlySet<number>;
}

/** The past of an incident: it stays as it is, however long the incident grows. */
export const pastOf = ({ store, learning }: Teller, subjectId: number, since: number): Familiar =>
  Familiar.of(store, learning, subjectId, since);

/** What is still stored of the actions that a story tells, in log order. */
export function actionsTold(store: Store, subjectId: number, since: number, last: number): StoredAction[] {
  const first = store.actions.next(subjectId, since - 1, MOST).filter(({ id }) => id <= last);
  const end = first.at(-1)?.id ?? last;
  const rest = store.actions.before(subjectId, last + 1, MOST).filter(({ id }) => id > end);
  return [...first, ...rest].filter(({ action }) => action.again !== true && action.baseline !== true);
}

/** Whether `actionsTold` leaves nothing out of the middle. */
export const tellsAll = (store: Store, subjectId: number, since: number, last: number): boolean =>
  store.actions.next(subjectId, since - 1, 2 * MOST + 1).filter(({ id }) => id <= last).length <= 2 * MOST;

/** @param kept what to tell where the store has the actions no longer */
export function tellIncident(
  { store, learning }: Teller,
  { subjectId, user, since, last, newFacts = new Set() }: Told,
  familiar: Familiar,
  kept: readonly AnomalousAction[] = [],
): Story {
  const rows = actionsTold(store, subjectId, since, last);
  const stored: Acted[] = rows.map(({ id, action }) => ({ ...action, id }));
  const actions = stored.length > 0 ? stored : [...kept].sort((a, b) => a.id - b.id);
  const acts = actions.map((action) => actOf(action, learning)).filter(({ importance }) => importance > 0);
  const before = acts[0]?.time ?? 0;
  const usual = usualBand((from, to) => store.summaries.slots(subjectId, from, to, SLOT), before);
  const machine = isMachine(user) ? user.slice(machineOf('').length) : undefined;
  const loggedIn =
    machine === undefined ? null : loggedInOn({ store, learning }, machine, { before: since, time: before });
  const host = machine ?? hostOf(rows);
  const changes =
    machine === undefined && host !== undefined
      ? changesOn({ store, learning }, host, { since, last, begun: before })
      : [];
  const story = storyOf({
    user: short(user),
    acts,
    familiar,
    usual,
    since,
    newFacts,
    changes,
    ...(host && { host: short(host) }),
    loggedIn,
  });
  return { ...story, until: last };
}

/** The machine that told of most of it: somebody may be at several. */
function hostOf(rows: readonly StoredAction[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { host } of rows) if (host !== '') counts.set(host, (counts.get(host) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/**
 * What is stored of an incident's story. It is made again, from what is still stored of its actions, where more has happened since,
 * and of an incident from before there were any.
 * @param past the past of the incident, where that is known
 */
export function storyOfIncident(teller: Teller, incident: Incident, past?: Familiar): Story | undefined {
  const why = explanationOf(incident);
  if (!why) return undefined;
  const { subjectId, firstAction, lastAction: last } = incident;
  const { story } = why;
  if (story && isWhole(teller.store, story, last)) return story;
  const user = teller.store.subjects.byId(subjectId)?.name ?? '?';
  const since = story?.since ?? Math.min(firstAction, ...why.actions.map(({ id }) => id));
  const [vote, ...others] = why.votes;
  const alarmed = [...why.actions].sort((a, b) => a.id - b.id);
  const newFacts =
    story && alarmed.length > 0 && vote?.detector === 'facts' && others.length === 0 ? newFactsOf(alarmed) : undefined;
  const told = { subjectId, user, since, last, ...(newFacts && { newFacts }) };
  return tellIncident(teller, told, past ?? pastOf(teller, subjectId, since), why.actions);
}

/** It tells of the last action; or the first ones are stored no longer, and it says more than what could be made of the rest. */
const isWhole = (store: Store, { since, until }: Story, last: number): boolean =>
  until === undefined || until >= last || store.actions.byId(since) === undefined;
