import { actionsNeeded } from '../../models/profile/training.ts';
import { lessonOf } from './lesson.ts';
import { trainHere } from './models/train.ts';
import type { EngineOptions } from './options.ts';
import type { Store } from './store/store.ts';
import type { Subject } from './store/subjects.ts';
import { addVersion } from './versions.ts';

/**
 * Trains a user's model on all that is stored of him and puts it into use, because a person asks for it. An engine that
 * is open on the store goes on with the model that it had: make it anew.
 * @param onProgress 0…1
 * @returns undefined when it is done, else how many actions are missing
 */
export async function trainNow(
  store: Store,
  options: EngineOptions,
  { id, name }: Subject,
  onProgress: (progress: number) => void,
): Promise<number | undefined> {
  const { pack, algorithm, seed, windowLength, math, train = trainHere } = options;
  const counted = storedOf(store, options, id);
  const needed = actionsNeeded(algorithm);
  if (counted < needed) return needed - counted;
  const lesson = lessonOf(store, pack, id, counted);
  if ('missing' in lesson) return lesson.missing;
  const request = { subject: name, algorithm, pack, options: { seed, windowLength, math }, now: options.now() };
  const { files, manifest } = await train(lesson.past, { ...request, onProgress });
  const known = { ...manifest, training: { ...manifest.training, actions: lesson.counted } };
  store.transaction(() => addVersion(store, options.state, id, files, known, lesson.afterAction));
  return undefined;
}

/** Stored actions of a subject that count. */
function storedOf(store: Store, { pack }: EngineOptions, id: number): number {
  const enough = Number.MAX_SAFE_INTEGER;
  const found = lessonOf(store, pack, id, enough);
  return 'missing' in found ? enough - found.missing : found.counted;
}
