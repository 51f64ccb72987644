import type { Action } from '../../../models/action.ts';
import { rawOneClass } from '../../../models/original/one-class.ts';
import { regressionErrors } from '../../../models/original/regression.ts';
import { IdVectors, windowMeans } from '../../../models/original/vectors.ts';
import { loadTensorFlowPackage } from '../../math/tensorflow.ts';

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
  seed: number,
): Promise<OriginalScores> {
  const tensorFlow = await loadTensorFlowPackage();
  const vectors = new IdVectors();
  const [before, after] = [past.map((action) => vectors.of(action)), test.map((action) => vectors.of(action))];
  const errors = await regressionErrors(tensorFlow, before, after, seed);
  return {
    'original lstm': windowMeans(errors, windowLength),
    'original ocsvm': windowMeans(rawOneClass(before, after), windowLength),
  };
}
