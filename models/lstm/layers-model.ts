import type { SavedDetector } from '../detector.ts';
import { numbersAt } from '../packed.ts';
import { finite, list, object, savedJson, text } from '../saved.ts';
import { embeddings, type Network } from './network.ts';
import { EMBED, HOURS, RECENCIES, type Head } from './shape.ts';

/**
 * The network as a TensorFlow.js LayersModel (`model.json` + `weights.bin`), which `tf.loadLayersModel` opens.
 * Inputs, each int32 [batch, time]: type, recency, token, hour of the action read, and of the one foreseen its
 * type (`next_type`) and type · 6 + recency (`next_type_recency`). Outputs: one softmax a head.
 */
interface Layer {
  class_name: string;
  config: Record<string, unknown> & { name: string };
  inbound_nodes: [string, number, number, Record<string, never>][][];
}

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  /** A copy. */
  readonly values: () => Float32Array;
}

const sizeOf = ({ shape }: Weight): number => shape.reduce((size, length) => size * length, 1);

const nodes = (...from: string[]): Layer['inbound_nodes'] => [from.map((name) => [name, 0, 0, {}])];

const input = (name: string): Layer => ({
  class_name: 'InputLayer',
  config: { name, batch_input_shape: [null, null], dtype: 'int32', sparse: false },
  inbound_nodes: [],
});

const embedding = (name: string, rows: number, width: number, from: string): Layer => ({
  class_name: 'Embedding',
  config: { name, input_dim: rows, output_dim: width, mask_zero: false, input_length: null },
  inbound_nodes: nodes(from),
});

/** Each head's condition input, where it has one. */
const conditions = { type: undefined, recency: 'next_type', port: 'next_type', token: 'next_type_recency' } as const;

function layersOf(network: Network): Layer[] {
  const { sizes, heads, units } = network.layout;
  const rows = { type: sizes.types, recency: RECENCIES, token: sizes.tokens, hour: HOURS };
  const layers = [...embeddings.map(({ of }) => input(of)), input('next_type'), input('next_type_recency')];
  for (const { name, of } of embeddings) layers.push(embedding(name, rows[of], EMBED[of], of));
  layers.push({
    class_name: 'Concatenate',
    config: { name: 'action', axis: -1 },
    inbound_nodes: nodes(...embeddings.map(({ name }) => name)),
  });
  layers.push({
    class_name: 'LSTM',
    config: {
      name: 'lstm',
      units,
      activation: 'tanh',
      recurrent_activation: 'sigmoid',
      use_bias: true,
      return_sequences: true,
      return_state: false,
      stateful: false,
      go_backwards: false,
      implementation: 2,
    },
    inbound_nodes: nodes('action'),
  });
  for (const head of heads) {
    const condition = conditions[head.name];
    const dense = `logits_${head.name}`;
    layers.push({
      class_name: 'Dense',
      config: { name: dense, units: head.width, activation: 'linear', use_bias: condition === undefined },
      inbound_nodes: nodes('lstm'),
    });
    if (condition) {
      layers.push(embedding(head.bias.name, head.bias.rows, head.width, condition));
      layers.push({
        class_name: 'Add',
        config: { name: `sum_${head.name}` },
        inbound_nodes: nodes(dense, head.bias.name),
      });
    }
    layers.push({
      class_name: 'Activation',
      config: { name: head.name === 'type' ? 'p_type' : `p_${head.name}`, activation: 'softmax' },
      inbound_nodes: nodes(condition ? `sum_${head.name}` : dense),
    });
  }
  return layers;
}

function weightsOf(network: Network): Weight[] {
  const block = (name: string, weight: string): Weight => {
    const { rows, columns } = network.block(name);
    const shape = weight.endsWith('/bias') ? [columns] : [rows, columns];
    return { name: weight, shape, values: () => network.read(name) };
  };
  const { units } = network.layout;
  const weights = [
    ...embeddings.map(({ name }) => block(name, `${name}/embeddings`)),
    ...['kernel', 'recurrent_kernel', 'bias'].map((name) => block(name, `lstm/${name}`)),
  ];
  for (const head of network.layout.heads) {
    const shape = [units, head.width];
    weights.push({ name: `logits_${head.name}/kernel`, shape, values: () => kernelOf(network, head) });
    weights.push(
      block(head.bias.name, conditions[head.name] ? `${head.bias.name}/embeddings` : `logits_${head.name}/bias`),
    );
  }
  return weights;
}

/** A head's columns of what all heads have together. Shape [units, width]. */
function kernelOf(network: Network, { column, width }: Head): Float32Array {
  const all = network.read('heads');
  const { units, logits } = network.layout;
  const kernel = new Float32Array(units * width);
  for (let unit = 0; unit < units; unit++) {
    const from = unit * logits + column;
    kernel.set(all.subarray(from, from + width), unit * width);
  }
  return kernel;
}

export function writeLayersModel(network: Network): SavedDetector {
  const layers = layersOf(network).map((layer) => ({ ...layer, name: layer.config.name }));
  const weights = weightsOf(network);
  const inputs = layers.filter(({ class_name }) => class_name === 'InputLayer').map(({ name }) => [name, 0, 0]);
  const outputs = network.layout.heads.map(({ name }) => [`p_${name}`, 0, 0]);
  const model = {
    format: 'layers-model',
    generatedBy: 'ubad',
    convertedBy: null,
    modelTopology: {
      class_name: 'Functional',
      config: { name: 'next_action', layers, input_layers: inputs, output_layers: outputs },
      keras_version: '2.15.0',
      backend: 'tensorflow',
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
  };
  const floats = Float32Array.from(weights.flatMap(({ values }) => [...values()]));
  return { 'model.json': JSON.stringify(model), 'weights.bin': new Uint8Array(floats.buffer) };
}

const listing = object({
  weightsManifest: list(object({ weights: list(object({ name: text, shape: list(finite) })) })),
});

/** Fills `network` from a saved LayersModel of the same shape. @throws SyntaxError when it is not one */
export function readLayersModel(saved: SavedDetector, network: Network): void {
  if (savedJson(saved, 'model.json', object({ format: text })).format !== 'layers-model')
    throw new SyntaxError('model.json: not a LayersModel');
  const model = savedJson(saved, 'model.json', listing);
  const bytes = saved['weights.bin'];
  if (!(bytes instanceof Uint8Array)) throw new SyntaxError('weights.bin: missing');
  const expected = weightsOf(network);
  const listed = model.weightsManifest.flatMap(({ weights }) => weights);
  const form = (weights: readonly { readonly name: string; readonly shape: readonly number[] }[]): string =>
    weights.map(({ name, shape }) => `${name}[${shape.join()}]`).join(' ');
  if (form(listed) !== form(expected))
    throw new SyntaxError('model.json: weights of another shape than this model has');
  const length = expected.reduce((sum, weight) => sum + sizeOf(weight), 0);
  if (bytes.byteLength !== length * 4)
    throw new SyntaxError(`weights.bin: ${bytes.byteLength} bytes, expected ${length * 4}`);
  const floats = numbersAt(Float32Array, bytes, 0, bytes.byteLength);
  for (let i = 0; i < floats.length; i++)
    if (!Number.isFinite(floats[i])) throw new SyntaxError('weights.bin: holds a number that is not finite');
  let offset = 0;
  const values = new Map<string, Float32Array>();
  for (const weight of expected) values.set(weight.name, floats.subarray(offset, (offset += sizeOf(weight))));
  for (const { name } of embeddings) network.write(name, values.get(`${name}/embeddings`)!);
  for (const name of ['kernel', 'recurrent_kernel', 'bias']) network.write(name, values.get(`lstm/${name}`)!);
  const { logits: width, units } = network.layout;
  const heads = new Float32Array(units * width);
  for (const head of network.layout.heads) {
    const kernel = values.get(`logits_${head.name}/kernel`)!;
    for (let unit = 0; unit < units; unit++) {
      heads.set(kernel.subarray(unit * head.width, (unit + 1) * head.width), unit * width + head.column);
    }
    const bias = conditions[head.name] ? `${head.bias.name}/embeddings` : `logits_${head.name}/bias`;
    network.write(head.bias.name, values.get(bias)!);
  }
  network.write('heads', heads);
}
