/**
 * A thread that trains one model and ends: what training needs of memory goes with it. Started by train-in-thread.ts; with
 * claims, by another such thread, whose folds it scores meanwhile.
 */
import { parentPort, workerData } from 'node:worker_threads';

import type { ScoredFold } from '../../models/profile/training.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { trainModel } from '../engine/models/train.ts';
import { loadMathEngine } from '../math/load.ts';
import { claimFor, startHelper, type HelpRequest } from './helping-thread.ts';
import type { ThreadMessage, ThreadRequest } from './train-in-thread.ts';

const data = workerData as ThreadRequest | HelpRequest;
if ('claims' in data) await help(data);
else await train(data);

async function train(all: ThreadRequest): Promise<void> {
  const { past, request, math, helped } = all;
  const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);
  const helper = helped ? startHelper(new URL(import.meta.url), all) : undefined;
  const { model, manifest } = await trainModel(past, {
    ...request,
    options: { ...request.options, math: await loadMathEngine(math) },
    onProgress: (progress) => {
      tell({ progress });
    },
    ...(helper && { helper }),
  });
  tell({ files: model.save(), manifest });
}

async function help({ past, request, math, claims }: HelpRequest): Promise<void> {
  const { algorithm, pack } = request;
  const options = { ...request.options, math: await loadMathEngine(math) };
  const claim = (place: number): boolean => claimFor(claims, place);
  for (const scored of UserModel.scoreFolds(past, pack.learning, algorithm, options, claim)) {
    parentPort?.postMessage(scored satisfies ScoredFold);
  }
}
