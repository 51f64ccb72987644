/** A thread that trains one model and ends: what training needs of memory goes with it. Started by train-in-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';

import { trainModel } from '../engine/models/train.ts';
import { loadMathEngine } from '../math/load.ts';
import type { ThreadMessage, ThreadRequest } from './train-in-thread.ts';

const { past, request, math } = workerData as ThreadRequest;
const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);

const { model, manifest } = await trainModel(past, {
  ...request,
  options: { ...request.options, math: await loadMathEngine(math) },
  onProgress: (progress) => {
    tell({ progress });
  },
});
tell({ files: model.save(), manifest });
