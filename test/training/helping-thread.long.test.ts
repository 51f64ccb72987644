import { expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { usualTuning } from '../../models/tuning.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { trainHere, type Train, type TrainedFiles } from '../../src-main/engine/models/train.ts';
import { startHelper } from '../../src-main/training/helping-thread.ts';
import { trainUntil } from '../../src-main/training/train-in-thread.ts';
import { ordinary } from '../models/ordinary.ts';

const past = ordinary(700);
const request = { subject: 'ann', algorithm: 'both', pack: defaultPack(), now: 0 } as const;
const options = { seed: 1, windowLength: 50, math: fusedEngine(), tuning: { ...usualTuning, epochs: 1 } };
const by = (train: Train): Promise<TrainedFiles> => train(past, { ...request, options });

it('trains the same model to the bit in one thread and in two', async () => {
  const here = await by(trainHere);
  for (const threads of [1, 2] as const) expect(await by(trainUntil(undefined, threads))).toEqual(here);
});

it('goes on alone where the helping thread fails', async () => {
  const { math: _, ...plain } = options;
  const about = { past, request: { ...request, options: plain }, math: 'fused', helped: true } as const;
  const broken = new URL('data:text/javascript,throw new Error("no such luck")');
  const failing = startHelper(broken, about);
  const alone = await by((actions, asked) => trainHere(actions, { ...asked, helper: failing }));
  expect(alone).toEqual(await by(trainHere));
});

it.each(['process.exit(1)', 'throw new Error("no such luck")'])(
  'takes back what a helping thread took with it: %s',
  async (end) => {
    const { math: _, ...plain } = options;
    const about = { past, request: { ...request, options: plain }, math: 'fused', helped: true } as const;
    const greedy = `import { workerData } from 'node:worker_threads'; workerData.claims.fill(2); setTimeout(() => { ${end} }, 1500);`;
    const helper = startHelper(new URL(`data:text/javascript,${encodeURIComponent(greedy)}`), about);
    const done = await by((actions, asked) => trainHere(actions, { ...asked, helper }));
    expect(done).toEqual(await by(trainHere));
  },
);

it('stops both threads when it is told to', async () => {
  const stop = new AbortController();
  const training = trainUntil(stop.signal, 2)(past, {
    ...request,
    options,
    onProgress: () => {
      stop.abort();
    },
  });
  await expect(training).rejects.toThrow('stopped');
});

it.each<[string, Train]>([
  ['here', trainHere],
  ['in a thread', trainUntil(undefined)],
  ['in a thread that may be stopped otherwise', trainUntil(new AbortController().signal)],
])('stops when whoever asked for it wants it no more: %s', async (_, train) => {
  const stop = new AbortController();
  const onProgress = (): void => {
    stop.abort();
  };
  await expect(train(past, { ...request, options, signal: stop.signal, onProgress })).rejects.toThrow();
});
