import type { Action, ColumnKind, QueryLearning } from '../../../models/action.ts';
import { guessKind } from '../../../models/features/kinds.ts';
import type { Named } from '../../../models/features/named.ts';
import type { Told, Words } from '../../contract/alerts.ts';
import { visibleStart } from '../../contract/visible-text.ts';

type Learning = ReadonlyMap<string, QueryLearning>;
/** What of an action is told; of what an older version has stored it is not known whether it began. */
type Telling = Pick<Action, 'query' | 'columns'> & Partial<Pick<Action, 'change' | 'again'>>;

/** A command line or a path in a sentence is cut here. */
const VALUE_LENGTH = 60;
/** Kinds that tell a person most, first. */
const TELLING: readonly ColumnKind[] = ['command', 'path', 'address', 'port', 'word'];
/** Columns that say whose it was or how, which the reader knows or does not need. */
const LEFT_OUT = /^([ae]?uid|[ae]?gid|username|on_disk|protocol|family|type|history_file)$/;

/** "Program start /usr/bin/nc": the query's label and what tells the action from others. */
export const describe = (action: Telling, learning: Learning): string => textOf(wordsOf(action, learning));

/** What an action is called, as a text and taken apart. */
export function tellAction(action: Telling, learning: Learning): Required<Told> {
  const words = wordsOf(action, learning);
  return { text: textOf(words), words };
}

/** What a field of a window, or an action that a model has foreseen, is called: "Program start: path in /usr/bin". */
export function tellNamed(named: Named, learning: Learning): Required<Told> {
  const words = wordsOfNamed(named, learning);
  return { text: textOf(words), words };
}

function wordsOf({ query, columns, change, again }: Telling, learning: Learning): Words {
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
  const values = best.map(({ value }) => value).join(' ');
  const how = change === 'removed' ? 'ended' : again === true ? 'changed' : undefined;
  return { label: labelOf(query, learning), ...(how && { how }), ...(values !== '' && { value: values }) };
}

/** What a widened value says, in words before the value. */
const wider: Readonly<Record<string, string>> = {
  dir: 'in',
  top: 'below',
  net: 'network',
  class: 'kind',
  verb: 'command',
};

function wordsOfNamed({ query, ended, column, value, wider: how, columns }: Named, learning: Learning): Words {
  const change = ended === true ? 'removed' : 'added';
  if (columns && Object.keys(columns).length > 0) return wordsOf({ query, columns, change }, learning);
  const label = labelOf(query, learning);
  if (column === undefined) return { label, ...(ended && { how: 'ended' as const }), rare: true };
  return { label, column, ...(how !== undefined && { wider: how }), ...(value !== undefined && { value }) };
}

function textOf({ label, how: course, column, wider: how, value = '', rare }: Words): string {
  const called = course === undefined ? label : `${label}, ${course}`;
  if (rare === true) return short(`${called}: something rare`);
  if (column === undefined)
    return short(course === undefined || value === '' ? `${called} ${value}` : `${called}: ${value}`);
  const widened = how === undefined ? '' : `${wider[how] ?? how} `;
  return short(`${label}: ${column.replaceAll('_', ' ')} ${widened}${value}`);
}

export const labelOf = (query: string, learning: Learning): string =>
  learning.get(query)?.label ?? query.replaceAll('_', ' ');

/** What can be shown of a text from the log. @param most characters */
export function short(text: string, most = VALUE_LENGTH): string {
  return visibleStart(text.trim(), most);
}
