import type { Action, QueryLearning } from './action.ts';

/**
 * Whether a model learns from an action, and judges it. This is what "enough to learn from" counts, everywhere: not what is never
 * judged (heartbeats), not what was there from the start, and one process once.
 */
export function teaches(action: Action, learning: ReadonlyMap<string, QueryLearning>): boolean {
  return action.baseline !== true && action.again !== true && isJudged(action.query, learning);
}

/** A query that no pack describes is judged too. */
export const isJudged = (query: string, learning: ReadonlyMap<string, QueryLearning>): boolean =>
  (learning.get(query)?.importance ?? 1) > 0;
