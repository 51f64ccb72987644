import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type * as TensorFlow from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { BATCH } from '../../models/lstm/batch.ts';
import { Lookup } from '../../models/lstm/lookup.ts';
import { Network } from '../../models/lstm/network.ts';
import type { MathEngine } from '../../models/math-engine.ts';
import { loadTensorFlow } from '../../src-main/math/tensorflow.ts';
import { people } from './ordinary.ts';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof TensorFlow;
const { past, later } = people(1200);
const lookup = Lookup.of(past);
const starts = Array.from({ length: BATCH }, (_, b) => 100 + b * 50);
const schedule = { steps: 8, peak: 6e-3, dropout: 0.3 };

function networkOn(math: MathEngine): Network {
  const network = new Network(math.kernels(), lookup.sizes);
  network.initialise(3);
  return network;
}

it.each(['wasm', 'cpu'] as const)('learns with dropout what our kernels learn, on %s', async (backend) => {
  const lossesBy = (math: MathEngine): number[] => {
    const trainer = math.trainer(networkOn(math), lookup, 5);
    const losses = Array.from({ length: schedule.steps }, () => trainer.step(past, starts, schedule));
    trainer.end?.();
    return losses;
  };
  const own = lossesBy(fusedEngine());
  lossesBy(await loadTensorFlow([backend])).forEach((loss, step) => {
    expect(Math.abs(loss - own[step]!)).toBeLessThan(2e-5 * loss);
  });
  expect(own.at(-1)).toBeLessThan(own[0]!);
});

it('leaves no tensors behind, neither of training nor of an action', async () => {
  const math = await loadTensorFlow(['wasm', 'cpu']);
  const before = tf.memory().numTensors;
  const network = networkOn(math);
  const trainer = math.trainer(network, lookup, 5);
  trainer.step(past, starts, schedule);
  const training = tf.memory().numTensors;
  trainer.step(past, starts, schedule);
  expect(tf.memory().numTensors).toBe(training);
  trainer.end?.();
  expect(tf.memory().numTensors).toBe(before);

  const stream = math.stream(network, lookup);
  stream.see(later[0]!);
  const streaming = tf.memory().numTensors;
  for (const action of later) stream.see(action);
  expect(tf.memory().numTensors).toBe(streaming);
});

it('gives the weights of a stream back when nobody holds it any longer', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const math = await loadTensorFlow(['wasm', 'cpu']);
  const network = networkOn(math);
  collect();
  await setImmediate();
  const before = tf.memory().numTensors;
  const open = (): void => {
    for (let i = 0; i < 20; i++) math.stream(network, lookup).see(later[0]!);
  };
  open();
  expect(tf.memory().numTensors).toBeGreaterThan(before + 20);
  for (let turn = 0; turn < 50 && tf.memory().numTensors > before; turn++) {
    collect();
    await setImmediate();
  }
  expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
});
