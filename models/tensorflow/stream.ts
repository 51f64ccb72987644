import type * as tf from '@tensorflow/tfjs';

import type { Encoded } from '../features/encode.ts';
import type { Lookup } from '../lstm/lookup.ts';
import { headChances, headLosses, type HeadLosses } from '../lstm/losses.ts';
import { embeddings, type Network } from '../lstm/network.ts';
import { INPUT, type Head } from '../lstm/shape.ts';
import type { LstmStream } from '../math-engine.ts';
import type { TensorFlow } from './operations.ts';
import { forward } from './recurrence.ts';

/** The weights of a stream: input and recurrent kernel in one [INPUT + units, 4 · units], bias, heads. */
interface Weights {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor2D;
  readonly heads: tf.Tensor2D;
}

/**
 * The network reading one user's actions by TensorFlow.js. Between actions it holds numbers, no tensors, but for its weights:
 * those it gives back when it is garbage, because a backend's memory is out of the collector's sight.
 */
export class TensorFlowStream implements LstmStream {
  readonly #tf: TensorFlow;
  readonly #network: Network;
  readonly #lookup: Lookup;
  readonly #weights: Weights;
  /** Input and last output side by side, as the joined kernel wants them. */
  readonly #x: Float32Array;
  #cell: Float32Array;
  #logits: Float32Array | undefined;

  constructor(tf: TensorFlow, network: Network, lookup: Lookup) {
    this.#tf = tf;
    this.#network = network;
    this.#lookup = lookup;
    const { units } = network.layout;
    this.#x = new Float32Array(INPUT + units);
    this.#cell = new Float32Array(units);
    this.#weights = weightsOf(tf, network);
    released.register(this, this.#weights);
  }

  see(action: Encoded): HeadLosses | undefined {
    const losses = this.#logits && headLosses(this.#network, this.#logits, 0, this.#lookup.target(action));
    this.#read(action);
    return losses;
  }

  chances(head: Head['name'], condition: number): Float64Array {
    const logits = this.#logits ?? new Float32Array(this.#network.layout.logits);
    return headChances(this.#network, logits, 0, head, condition);
  }

  restart(): void {
    this.#x.fill(0);
    this.#cell = new Float32Array(this.#network.layout.units);
    this.#logits = undefined;
  }

  #read(action: Encoded): void {
    const tf = this.#tf;
    const { f32 } = this.#network.kernels.heap;
    const input = this.#lookup.input(action);
    for (const { name, of, column, width } of embeddings) {
      const row = (this.#network.at(name) >> 2) + input[of] * width;
      this.#x.set(f32.subarray(row, row + width), column);
    }
    const { kernel, bias, heads } = this.#weights;
    tf.tidy(() => {
      const z: tf.Tensor2D = tf.add(tf.matMul(tf.tensor2d(this.#x.slice(), [1, this.#x.length]), kernel), bias);
      const { h, c } = forward(tf, z, tf.tensor2d(this.#cell, [1, this.#cell.length]));
      this.#x.set(h.dataSync(), INPUT);
      this.#cell = c.dataSync<'float32'>().slice();
      this.#logits = tf.matMul(h, heads).dataSync<'float32'>().slice();
    });
  }
}

const released = new FinalizationRegistry(({ kernel, bias, heads }: Weights) => {
  for (const tensor of [kernel, bias, heads]) tensor.dispose();
});

function weightsOf(tf: TensorFlow, network: Network): Weights {
  const block = (name: string): tf.Tensor2D => {
    const { rows, columns } = network.block(name);
    return tf.tensor2d(network.read(name), [rows, columns]);
  };
  return tf.tidy(() => ({
    kernel: tf.concat([block('kernel'), block('recurrent_kernel')]),
    bias: block('bias'),
    heads: block('heads'),
  }));
}
