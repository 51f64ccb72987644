import type { QueryLearning } from '../../../models/action.ts';
import type { ActionRow } from '../../contract/alerts.ts';
import { tellAction } from './describe.ts';
import type { StoredAction } from '../store/actions.ts';

/** A stored action as the contract has it. @param score its z; null where no model judged it */
export function rowOf(
  stored: StoredAction,
  learning: ReadonlyMap<string, QueryLearning>,
  score: number | null,
): ActionRow {
  const { id, action } = stored;
  const { time, query, columns } = action;
  return { id, time, query, ...tellAction(action, learning), columns, where: whereOf(stored), score };
}

export const whereOf = ({ host, path, line }: StoredAction): NonNullable<ActionRow['where']> => ({ host, path, line });
