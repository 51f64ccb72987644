import type { Action, ColumnKind, QueryLearning } from '../../models/action.ts';
import { guessKind } from '../../models/features/kinds.ts';
import type { Named } from '../../models/features/named.ts';

type Learning = ReadonlyMap<string, QueryLearning>;

/** A command line or a path in a sentence is cut here. */
const VALUE_LENGTH = 60;
/** Kinds that tell a person most, first. */
const TELLING: readonly ColumnKind[] = ['command', 'path', 'address', 'port', 'word'];
/** Columns that say whose it was or how, which the reader knows or does not need. */
const LEFT_OUT = /^([ae]?uid|[ae]?gid|username|on_disk|protocol|family|type|history_file)$/;

/** "Program start /usr/bin/nc": the query's label and what tells the action from others. */
export function describe({ query, columns }: Pick<Action, 'query' | 'columns'>, learning: Learning): string {
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
  return short(`${labelOf(query, learning)} ${best.map(({ value }) => value).join(' ')}`);
}

/** What a widened value says, in words before the value. */
const wider: Readonly<Record<string, string>> = {
  dir: 'in',
  top: 'below',
  net: 'network',
  class: 'kind',
  verb: 'command',
};

/** "Program start: path in /usr/bin": a field of a window. */
export function describeNamed({ query, column, value, wider: how, columns }: Named, learning: Learning): string {
  const label = labelOf(query, learning);
  if (columns && Object.keys(columns).length > 0) return describe({ query, columns }, learning);
  if (column === undefined) return short(`${label}: something rare`);
  const widened = how === undefined ? '' : `${wider[how] ?? how} `;
  return short(`${label}: ${column.replaceAll('_', ' ')} ${widened}${value ?? ''}`);
}

const labelOf = (query: string, learning: Learning): string => learning.get(query)?.label ?? query.replaceAll('_', ' ');

/** What can be shown of a text from the log. @param most characters */
export function short(text: string, most = VALUE_LENGTH): string {
  const printed = printable(text.trim());
  return printed.length <= most ? printed : `${printed.slice(0, most - 1)}…`;
}

/** Log content is hostile: control and direction characters must not reach a terminal or a notification. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
