import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { chooseKernels } from '../../../models/kernels/choose.ts';
import { Lookup } from '../../../models/lstm/lookup.ts';
import { readLayersModel, writeLayersModel } from '../../../models/lstm/layers-model.ts';
import { Network } from '../../../models/lstm/network.ts';
import { RECENCIES } from '../../../models/lstm/shape.ts';
import { Stream } from '../../../models/lstm/stream.ts';
import { people } from '../ordinary.ts';

const { past, later } = people(800);
const lookup = Lookup.of(past);

function someNetwork(): Network {
  const network = new Network(chooseKernels(), lookup.sizes);
  network.initialise(5);
  return network;
}

async function open(saved: ReturnType<typeof writeLayersModel>): Promise<tf.LayersModel> {
  const model = JSON.parse(saved['model.json'] as string) as tf.io.ModelJSON;
  const bytes = saved['weights.bin'] as Uint8Array;
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: model.modelTopology,
      weightSpecs: model.weightsManifest[0]!.weights,
      weightData: bytes.slice().buffer,
    }),
  );
}

it('is opened by TensorFlow.js, which foresees the same', async () => {
  // Otherwise it advertises tfjs-node on stderr.
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const network = someNetwork();
  const model = await open(writeLayersModel(network));
  const actions = later.slice(0, 40);
  const [read, foreseen] = [actions.slice(0, -1), actions.slice(1)];
  const inputs = read.map((action) => lookup.input(action));
  const targets = foreseen.map((action) => lookup.target(action));
  const row = (values: number[]): tf.Tensor => tf.tensor2d([values], [1, values.length], 'int32');
  const byName: Record<string, tf.Tensor> = {
    type: row(inputs.map(({ type }) => type)),
    recency: row(inputs.map(({ recency }) => recency)),
    token: row(inputs.map(({ token }) => token)),
    hour: row(inputs.map(({ hour }) => hour)),
    next_type: row(targets.map(({ type }) => type)),
    next_type_recency: row(targets.map(({ type, recency }) => type * RECENCIES + recency)),
  };
  const outputs = model.predict(model.inputNames.map((name) => byName[name]!)) as tf.Tensor3D[];
  const probabilities = await Promise.all(outputs.map((output) => output.array()));
  const stream = new Stream(network, lookup);
  actions.forEach((action, t) => {
    const losses = stream.see(action);
    if (!losses) return;
    network.layout.heads.forEach((head, h) => {
      const wanted = targets[t - 1]![head.name];
      if (wanted >= 0) expect(losses[head.name]).toBeCloseTo(-Math.log(probabilities[h]![0]![t - 1]![wanted]!), 5);
    });
  });
});

it('reads what it wrote, to the bit', () => {
  const [network, other] = [someNetwork(), new Network(chooseKernels(), lookup.sizes)];
  readLayersModel(writeLayersModel(network), other);
  for (const name of network.layout.blocks.keys()) expect(other.read(name)).toEqual(network.read(name));
});

it.each([
  ['another shape', { types: 3, tokens: 2, tokenClasses: 2 }, {}, /another shape/],
  ['weights cut off', lookup.sizes, { 'weights.bin': new Uint8Array(8) }, /8 bytes, expected/],
  ['no weights', lookup.sizes, { 'weights.bin': '' }, /weights.bin: missing/],
  ['another format', lookup.sizes, { 'model.json': '{"format":"graph-model"}' }, /not a LayersModel/],
])('refuses %s by name', (_, sizes, changed, message) => {
  const saved = { ...writeLayersModel(someNetwork()), ...changed };
  expect(() => {
    readLayersModel(saved, new Network(chooseKernels(), sizes));
  }).toThrow(message);
});

it('refuses weights that are no numbers', () => {
  const saved = writeLayersModel(someNetwork());
  new Float32Array((saved['weights.bin'] as Uint8Array).buffer)[10] = NaN;
  expect(() => {
    readLayersModel(saved, someNetwork());
  }).toThrow('holds a number that is not finite');
});
