import { learnable, learnableOf, tooFew } from './enough.ts';
import { trainingSetOf } from './training-set.ts';
import { trainHere } from '../models/train.ts';
import { trainingOptionsOf, type EngineOptions } from '../options.ts';
import type { Store } from '../store/store.ts';
import type { Subject } from '../store/subjects.ts';
import { addVersion } from './versions.ts';

export type TrainedNow =
  { readonly actions: number; readonly version: number } | { readonly actions: number; readonly problem: string };

/**
 * Trains a user's model on all that is stored of them and puts it into use, because a person asks for it. An engine that
 * is open on the store goes on with the model that it had: open another one.
 * @param onProgress 0…1
 * @returns the new version and how many actions it learned from, or what is missing, as a part of a sentence
 */
export async function trainNow(
  store: Store,
  options: EngineOptions,
  { id, name }: Subject,
  onProgress: (progress: number) => void,
): Promise<TrainedNow> {
  const { pack, algorithm, train = trainHere } = options;
  const counted = learnable(store, pack, id, Number.MAX_SAFE_INTEGER);
  const trainingSet = counted === 0 ? undefined : trainingSetOf(store, pack, id, counted);
  if (!trainingSet || 'missing' in trainingSet) return { actions: counted, problem: tooFew(0, algorithm)! };
  // Of what counts something may be too strange to be learned.
  const actions = learnableOf(trainingSet.past, pack);
  const problem = tooFew(actions, algorithm);
  if (problem !== undefined) return { actions, problem };
  const request = { subject: name, algorithm, pack, options: trainingOptionsOf(options), now: options.now() };
  const { files, manifest } = await train(trainingSet.past, { ...request, onProgress });
  const known = { ...manifest, training: { ...manifest.training, actions: trainingSet.counted } };
  const { id: version } = store.transaction(() =>
    addVersion(store, options.state, id, files, known, trainingSet.afterAction),
  );
  return { actions, version };
}
