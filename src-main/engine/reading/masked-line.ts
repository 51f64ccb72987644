import type { Action } from '../../../models/action.ts';
import { unwrap } from '../../line-forms/unwrap.ts';
import type { Pack } from './pack.ts';
import { lineParser } from './parse-line.ts';

/**
 * Makes the function that gives of a line of osquery's what may leave this machine: results of queries that the pack knows, with the
 * columns that it names, without secrets. A reader finds the same actions in it as in the line itself.
 * @returns of one line none or more
 */
export function lineMasker(pack: Pack, host: string): (text: string) => readonly string[] {
  const parse = lineParser(pack);
  const masked = (text: string): string | undefined => {
    const parsed = parse(text);
    if (!parsed.ok) return undefined;
    const { query, name, epoch, counter, actions } = parsed;
    const learning = pack.learning.get(query);
    if (!learning) return undefined;
    const { unixTime } = JSON.parse(text.replace(/^[^{]*/, '').replace(/[^}]*$/, '')) as { unixTime: number };
    const kept = ({ columns }: Action): Record<string, string> =>
      Object.fromEntries(
        // An event's own time is its action's.
        Object.entries(columns).filter(
          ([column]) => Object.hasOwn(learning.columns, column) || (column === 'time' && pack.evented.has(query)),
        ),
      );
    const of = (change: Action['change']): Record<string, string>[] =>
      actions.filter((action) => action.change === change).map(kept);
    const [only, ...more] = actions;
    const rows =
      only && more.length === 0 && only.change !== 'snapshot'
        ? { action: only.change, columns: kept(only) }
        : actions.some(({ change }) => change === 'snapshot')
          ? { action: 'snapshot', snapshot: of('snapshot') }
          : { diffResults: { removed: of('removed'), added: of('added') } };
    return JSON.stringify({ name, hostIdentifier: host, unixTime, epoch, counter, ...rows });
  };
  return (text) => {
    const line = masked(text);
    if (line !== undefined) return [line];
    return (unwrap(text)?.lines ?? []).flatMap((inner) => masked(inner) ?? []);
  };
}
