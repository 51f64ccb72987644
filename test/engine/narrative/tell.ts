import type { Action } from '../../../models/action.ts';
import type { Story } from '../../../src-main/contract/story/story.ts';
import { textOf, type StoryLanguage } from '../../../src-main/contract/story/tell.ts';
import { pastOf, tellIncident } from '../../../src-main/engine/narrative/tell-incident.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import type { Store } from '../../../src-main/engine/store/store.ts';
import { line, newStore } from '../store/store-at.ts';

export const { learning } = defaultPack();
/** A Wednesday, 10:00 by the clock on the wall. */
export const AT = new Date(2026, 10, 25, 10).getTime() / 1000;

export type Row = Partial<Action> & Pick<Action, 'query' | 'columns'>;
export const start = (path: string, parent_name?: string): Row => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { query: 'process_start', columns: { name, path, ...(parent_name !== undefined && { parent_name }) } };
};
export const connect = (path: string, remote_address: string, remote_port = '443'): Row => ({
  query: 'net_out',
  columns: { name: path.slice(path.lastIndexOf('/') + 1), path, remote_address, remote_port },
});
export const typed = (verb: string): Row => ({ query: 'shell_verb', columns: { verb, len: '3' } });
export const open = (exe: string, path: string): Row => ({ query: 'sensitive_open', columns: { exe, path } });
export const row = (query: string, columns: Record<string, string>): Row => ({ query, columns });

interface Told {
  readonly store: Store;
  readonly story: Story;
  readonly since: number;
  readonly subjectId: number;
}

/**
 * The story of `acts`, a minute apart from AT on, after a past an hour apart that ends before it.
 * @param alarmed which of them alarmed by what is new in them
 */
export function told(
  acts: readonly Row[],
  past: readonly Row[] = [],
  store = newStore(),
  alarmed: readonly number[] = [],
): Told {
  const { subjectId, ids } = store.transaction(() => {
    const subjectId = store.subjects.ensure('alice', AT);
    const times = [...past.map((_, p) => AT - 3600 * (past.length - p)), ...acts.map((_, a) => AT + 60 * a)];
    const rows = [...past, ...acts].map((given, at) => line(subjectId, at + 1, { time: times[at]!, ...given }));
    return { subjectId, ids: store.actions.append(rows) };
  });
  const teller = { store, learning };
  const since = ids[past.length]!;
  const newFacts = new Set(alarmed.map((a) => ids[past.length + a]!));
  const incident = { subjectId, user: 'alice', since, last: ids.at(-1)!, newFacts };
  return { store, since, subjectId, story: tellIncident(teller, incident, pastOf(teller, subjectId, since)) };
}

export const headline = (acts: readonly Row[], past: readonly Row[] = [], language: StoryLanguage = 'en'): string =>
  textOf(told(acts, past).story.headline, language);

/** This many times the same. */
export const times = (count: number, given: Row): Row[] => new Array<Row>(count).fill(given);
