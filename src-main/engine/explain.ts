import type { Action, ColumnKind, QueryLearning } from '../../models/action.ts';
import { guessKind } from '../../models/features/kinds.ts';
import { weightsOf, type Algorithm } from '../../models/algorithm.ts';
import type { Judgement } from '../../models/profile/profile.ts';

/** An action of the window that an incident is about, with its own z. */
export interface StrangeAction {
  readonly id: number;
  readonly time: number;
  readonly query: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly score: number;
}

/** Why a window was strange, from the detectors' own numbers. */
export interface Explanation {
  /** For people: one sentence. */
  readonly sentence: string;
  /** What each detector added to the judgement; shares of those that speak against the window sum to 1. */
  readonly factors: readonly { readonly detector: string; readonly z: number; readonly share: number }[];
  /** The strangest actions of the window, strangest first. */
  readonly actions: readonly StrangeAction[];
  /** Share of the user's normal windows that are less strange, 0…1. */
  readonly rank: number;
}

/** What a detector's vote says, in words that end "<subject>'s last actions …". */
const meaning: Readonly<Record<string, string>> = {
  lstm: 'did not follow from what came before',
  ocsvm: 'lie outside of what is usual',
  frequency: 'are rare for this user',
  novelty: 'are new for this user',
  neighbours: 'resemble no earlier stretch of work',
};

const SHOWN = 3;
/** A command line or a path in a sentence is cut here. */
const VALUE_LENGTH = 60;

export function explain(
  subject: string,
  judgement: Judgement,
  rank: number,
  lately: readonly StrangeAction[],
  algorithm: Algorithm,
  learning: ReadonlyMap<string, QueryLearning>,
): Explanation {
  const against = Object.entries(judgement.votes).map(([detector, z]) => ({
    detector,
    z,
    part: Math.max(0, z) * (weightsOf[algorithm][detector] ?? 1),
  }));
  const total = against.reduce((sum, { part }) => sum + part, 0);
  const factors = against
    .map(({ detector, z, part }) => ({ detector, z, share: total > 0 ? part / total : 0 }))
    .sort((a, b) => b.share - a.share);
  const actions = [...lately].sort((a, b) => b.score - a.score || a.id - b.id).slice(0, SHOWN);
  const main = factors[0] ? (meaning[factors[0].detector] ?? 'are unusual') : 'are unusual';
  const strangest = actions[0] ? `, most of all «${describe(actions[0], learning)}»` : '';
  return {
    sentence: `${subject}: the last ${lately.length} actions ${main}${strangest}; stranger than ${Math.floor(rank * 100)} % of this user's normal windows.`,
    factors,
    actions,
    rank,
  };
}

/** Kinds that tell a person most, first. */
const TELLING: readonly ColumnKind[] = ['command', 'path', 'address', 'port', 'word'];
/** Columns that say whose it was or how, which the reader knows or does not need. */
const LEFT_OUT = /^([ae]?uid|[ae]?gid|username|on_disk|protocol|family|type|history_file)$/;

/** "Program start /usr/bin/nc": the query's label and what tells the action from others. */
export function describe(
  { query, columns }: Pick<Action, 'query' | 'columns'>,
  learning: ReadonlyMap<string, QueryLearning>,
): string {
  const known = learning.get(query);
  const told = Object.entries(columns)
    .map(([column, value]) => ({
      column,
      value,
      rank: TELLING.indexOf(known?.columns[column] ?? guessKind(column, value)),
    }))
    .filter(({ column, value, rank }) => value !== '' && rank >= 0 && !LEFT_OUT.test(column))
    .sort((a, b) => a.rank - b.rank || (a.column < b.column ? -1 : 1));
  const best = told.filter(({ rank }) => rank === told[0]!.rank || (rank === 3 && told[0]!.rank === 2)).slice(0, 2);
  const text = `${known?.label ?? query.replaceAll('_', ' ')} ${best.map(({ value }) => value).join(' ')}`.trim();
  return printable(text).slice(0, VALUE_LENGTH);
}

/** Log content is hostile: control and direction characters must not reach a terminal or a notification. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
