import { actionsNeeded } from '../../../models/profile/training.ts';
import { isJudged, teaches } from '../../../models/teaching.ts';
import type { Action } from '../../../models/action.ts';
import type { Algorithm } from '../../../models/algorithm.ts';
import type { Pack } from '../reading/pack.ts';
import type { Store } from '../store/store.ts';

/** How many actions of a subject that are stored a model learns from, no more than `most` of them counted. */
export function learnable(store: Store, pack: Pick<Pack, 'learning'>, subjectId: number, most: number): number {
  const unjudged = [...pack.learning.keys()].filter((query) => !isJudged(query, pack.learning));
  return store.actions.teaching(subjectId, unjudged, most);
}

/** The same of actions at hand. */
export const learnableOf = (actions: readonly Action[], { learning }: Pick<Pack, 'learning'>): number =>
  actions.reduce((sum, action) => sum + (teaches(action, learning) ? 1 : 0), 0);

/** "needs 500 actions to learn from and has 36"; undefined where that is enough for the algorithm. */
export function tooFew(counted: number, algorithm: Algorithm): string | undefined {
  const needed = actionsNeeded(algorithm);
  return counted < needed ? `needs ${needed} actions to learn from and has ${counted}` : undefined;
}
