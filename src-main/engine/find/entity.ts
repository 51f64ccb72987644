import type { QueryLearning } from '../../../models/action.ts';
import { soughtKinds, type Entity, type Sought, type WhoHasIt } from '../../contract/find.ts';
import type { FoundAction, SearchPage } from '../../contract/timeline.ts';
import { rowOf } from '../explanation/rows.ts';
import type { TimelineEntry } from '../store/actions.ts';
import type { Incident } from '../store/incidents.ts';
import type { MentionCount } from '../store/mentions.ts';
import type { Store } from '../store/store.ts';

/** What is told of at most. */
const [MOST_WHO, MOST_ALERTS] = [200, 50];

export interface Finder {
  readonly store: Store;
  readonly learning: ReadonlyMap<string, QueryLearning>;
}

/** Everything with a value, whoever did it and wherever: sums and alerts, without a look at the actions themselves. */
export function entityOf(
  { store }: Finder,
  sought: Sought,
): Omit<Entity, 'alerts'> & { readonly incidents: readonly Incident[] } {
  const counts = store.mentions.counts(sought);
  const timeOf = (id: number): number => store.actions.byId(id)?.action.time ?? 0;
  const who = [...byUserAndHost(store, counts)]
    .map(([, { user, host, count, first, last }]) => ({ user, host, count, first: timeOf(first), last: timeOf(last) }))
    .sort((a, b) => b.count - a.count || (a.user < b.user ? -1 : 1));
  const incidents = store.mentions.incidents(sought, counts, MOST_ALERTS);
  return {
    as: sought.as,
    value: sought.value,
    count: counts.reduce((sum, { count }) => sum + count, 0),
    first: who.length === 0 ? null : Math.min(...who.map(({ first }) => first)),
    last: who.length === 0 ? null : Math.max(...who.map(({ last }) => last)),
    who: who.slice(0, MOST_WHO),
    more: Math.max(0, who.length - MOST_WHO),
    incidents: incidents.flatMap((id) => store.incidents.byId(id) ?? []),
    also: soughtKinds.filter((as) => as !== sought.as && store.mentions.counts({ as, value: sought.value }).length > 0),
    complete: store.mentions.from() === 0,
  };
}

/** One host may have had several logs. The times are ids still. */
function byUserAndHost(store: Store, counts: readonly MentionCount[]): Map<string, WhoHasIt> {
  const found = new Map<string, WhoHasIt>();
  for (const { subjectId, host, count, firstAction, lastAction } of counts) {
    const user = store.subjects.byId(subjectId)?.name ?? '?';
    const key = JSON.stringify([user, host]);
    const known = found.get(key) ?? { user, host, count: 0, first: Infinity, last: 0 };
    found.set(key, {
      user,
      host,
      count: known.count + count,
      first: Math.min(known.first, firstAction),
      last: Math.max(known.last, lastAction),
    });
  }
  return found;
}

/** A page of the actions that have a value, newest first by the log's order. @param before `next` of the page before */
export function actionsWith(
  finder: Finder,
  { before, limit, ...sought }: Sought & { readonly before?: number; readonly limit: number },
): SearchPage {
  const { mentions, moments } = finder.store;
  const ids = mentions.newest(sought, mentions.counts(sought), before ?? Number.MAX_SAFE_INTEGER, limit);
  const rows = moments.byIds(ids).filter(({ action }) => mentions.has(sought, action.columns));
  return { rows: rows.map((entry) => foundOf(finder, entry)), next: ids.length < limit ? null : ids.at(-1)! };
}

/** An action as the contract has it, with whose it is. */
export function foundOf({ store, learning }: Finder, { scored, ...stored }: TimelineEntry): FoundAction {
  const user = store.subjects.byId(stored.subjectId)?.name ?? '?';
  return { ...rowOf(stored, learning, scored?.score ?? null), user, incident: scored?.incidentId ?? null };
}
