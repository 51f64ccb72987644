import type { Action } from '../../../models/action.ts';
import { rawOneClass } from '../../../models/original/one-class.ts';
import { regressionErrors } from '../../../models/original/regression.ts';
import { IdVectors, windowMeans } from '../../../models/original/vectors.ts';
import { originalNumbers } from '../../line-forms/original-csv.ts';
import { loadTensorFlowPackage } from '../../math/tensorflow.ts';

import type { EvaluateHow } from './sets.ts';

/** What the original project's two methods are called among the detectors. */
export const ORIGINALS = ['original lstm', 'original ocsvm'] as const;

/** What they say of a test: of each action, the mean over the window that ends with it. */
export type OriginalScores = Readonly<Record<(typeof ORIGINALS)[number], readonly number[]>>;

/**
 * Trains the original's methods on the past and judges the test by them. Its LSTM is TensorFlow.js's.
 * @throws MissingPackage when that is not installed
 */
export async function judgeByOriginal(
  past: readonly Action[],
  test: readonly Action[],
  windowLength: number,
  { seed, parameters }: Pick<EvaluateHow, 'seed' | 'parameters'>,
): Promise<OriginalScores> {
  const tensorFlow = await loadTensorFlowPackage();
  const vectors = new IdVectors();
  const rowOf = (action: Action): number[] => paddedOf(originalNumbers(action)) ?? vectors.of(action);
  const [before, after] = [past.map(rowOf), test.map(rowOf)];
  const errors = await regressionErrors(tensorFlow, before, after, seed, parameters);
  return {
    'original lstm': windowMeans(errors, windowLength),
    'original ocsvm': windowMeans(rawOneClass(before, after, parameters), windowLength),
  };
}

/** Places of a row of the original's own data sets: as many as its settings said. */
const PLACES = 16;

/** Zeros stand before a shorter row, and a longer one loses its beginning. */
const paddedOf = (numbers: readonly number[] | undefined): number[] | undefined =>
  numbers && [...Array<number>(PLACES).fill(0), ...numbers].slice(-PLACES);
