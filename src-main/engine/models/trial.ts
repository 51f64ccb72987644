import type { Action } from '../../../models/action.ts';
import type { MathEngine } from '../../../models/math-engine.ts';
import { UserModel } from '../../../models/profile/user-model.ts';
import { thresholdsOf, type Sensitivity } from '../judge.ts';
import type { Pack } from '../reading/pack.ts';
import type { ReadModel } from './read-model.ts';

/** Stored actions that a model from elsewhere judges before it is taken in. */
export const TRIED_ON = 300;
/** Judgements from which on a share says something, and the share of them that no user's own model alarms at. */
const ENOUGH = 50;
const MOST_ALERTS = 0.5;

export interface TrialOptions {
  readonly pack: Pack;
  readonly math: MathEngine;
  readonly sensitivity: Sensitivity;
}

/**
 * Loads a model from elsewhere and lets it judge the user's last actions: sums say that its files are what somebody wrote, not that
 * they are a model. Nothing is learned.
 * @param past oldest first; where there are too few it is only loaded
 * @returns why it is not to be used, as a sentence
 */
export function whyUnfit(
  { files, manifest }: Extract<ReadModel, { ok: true }>,
  { pack, math, sensitivity }: TrialOptions,
  past: readonly Action[],
): string | undefined {
  const { algorithm, seed, windowLength, normal } = manifest;
  let [judged, alarms] = [0, 0];
  try {
    const model = UserModel.load(files, pack.learning, algorithm, { seed, windowLength, math });
    const { alarm } = thresholdsOf(model.normal, sensitivity);
    if (JSON.stringify(model.normal.maxima) !== JSON.stringify(normal.maxima))
      return 'its manifest and its files are of two models.';
    for (const action of past) {
      const judgement = model.observe(action, false);
      if (!judgement) continue;
      if (![judgement.action, judgement.window, judgement.whole].every(Number.isFinite))
        return 'it gives scores that are no numbers.';
      judged++;
      if (judgement.window >= alarm) alarms++;
    }
  } catch (error) {
    // Whatever somebody else's files make of our code, it is theirs.
    return `it cannot be loaded or cannot judge: ${(error as Error).message}.`;
  }
  if (judged < ENOUGH || alarms <= MOST_ALERTS * judged) return undefined;
  return `it would alarm at ${Math.round((100 * alarms) / judged)} % of this user's last ${judged} actions: it is a model of somebody else.`;
}
