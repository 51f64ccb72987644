/** A thread that trains one model and ends: what training needs of memory goes with it. Started by train-in-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';

import { chooseKernels } from '../models/kernels/choose.ts';
import { trainModel } from './engine/models/train.ts';
import type { ThreadMessage, ThreadRequest } from './train-in-thread.ts';

const { past, request } = workerData as ThreadRequest;
const tell = (message: ThreadMessage): void => parentPort?.postMessage(message);

const { model, manifest } = await trainModel(past, {
  ...request,
  options: { ...request.options, kernels: chooseKernels },
  onProgress: (progress) => {
    tell({ progress });
  },
});
tell({ files: model.save(), manifest });
