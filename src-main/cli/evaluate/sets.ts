import type { Settings } from '../../contract/settings.ts';
import type { LogForm } from '../../line-forms/original-csv.ts';
import type { Action } from '../../../models/action.ts';
import { learnableOf, tooFew } from '../../engine/model-lifecycle/enough.ts';
import type { EngineOptions } from '../../engine/options.ts';
import { exitCodes, Failure } from '../failure.ts';
import type { Labelled } from './attack-labels.ts';
import type { ScoredStretch } from './scores-file.ts';

/** A log to learn from, one to judge, and what the labels say of it. */
export interface LabelledLogs {
  readonly train: string;
  readonly test: string;
  readonly labels: string;
}

export interface EvaluateHow {
  /** Go on learning while judging. */
  readonly learn: boolean;
  /** Judge by the original's methods too. */
  readonly original: boolean;
  /** Leave out exact repeats. */
  readonly collapse: boolean;
  readonly seed: number;
  /** Of the logs; undefined: osquery's. */
  readonly form: LogForm | undefined;
  /** Of the original's methods, where somebody set them. */
  readonly parameters: Settings['original'];
  /** What labels of attacks count. */
  readonly labelled: Labelled;
  /** Gets what was scored of each user's test, as soon as it is. */
  readonly keep: (stretches: readonly ScoredStretch[]) => void;
}

/** @throws Failure where a log has too few actions of a user to learn from */
export function demandEnough(
  train: string,
  user: string,
  past: readonly Action[],
  { algorithm, pack }: Pick<EngineOptions, 'algorithm' | 'pack'>,
): void {
  const problem = tooFew(learnableOf(past, pack), algorithm);
  if (problem !== undefined) throw new Failure(`${train}: ${user} ${problem}.`, exitCodes.noModel);
}
