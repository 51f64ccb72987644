import type * as tf from '@tensorflow/tfjs';

import type { Encoded } from '../features/encode.ts';
import { Batches, fillMask, SEQUENCE, type Batch } from '../lstm/batch.ts';
import type { Lookup } from '../lstm/lookup.ts';
import { embeddings, type Network } from '../lstm/network.ts';
import { ADAM, LONGEST_GRADIENT, oneCycle, type Schedule } from '../lstm/schedule.ts';
import type { LstmTrainer } from '../math-engine.ts';
import { random } from '../random.ts';
import { crossEntropy, oneHot, product, rowsOf, type TensorFlow } from './operations.ts';
import { recurrence } from './recurrence.ts';

/**
 * TensorFlow.js training a network: the same sequences, dropout and schedule as `Trainer`, by TensorFlow.js's operations,
 * automatic gradient and Adam. Parameters are copied to the network after every step.
 */
export class TensorFlowTrainer implements LstmTrainer {
  readonly #tf: TensorFlow;
  readonly #network: Network;
  readonly #batches: Batches;
  readonly #next: () => number;
  /** The network's blocks by name. */
  readonly #variables = new Map<string, tf.Variable<tf.Rank.R2>>();
  readonly #adam: tf.AdamOptimizer & { pace(rate: number): void };
  #step = 0;

  constructor(tf: TensorFlow, network: Network, lookup: Lookup, seed: number) {
    this.#tf = tf;
    this.#network = network;
    this.#batches = new Batches(lookup);
    this.#next = random(seed);
    for (const { name, rows, columns } of network.layout.blocks.values()) {
      const values = tf.tensor2d(network.read(name), [rows, columns]);
      this.#variables.set(name, tf.variable(values));
      values.dispose();
    }
    this.#adam = pacedAdam(tf);
  }

  step(past: readonly Encoded[], starts: readonly number[], schedule: Schedule): number {
    const tf = this.#tf;
    const loss = tf.tidy(() => {
      const { value, grads } = this.#differentiate(past, starts, schedule.dropout);
      const squares = Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)));
      const length = Math.sqrt(tf.addN(squares).dataSync()[0]!);
      const factor = length > LONGEST_GRADIENT ? LONGEST_GRADIENT / length : 1;
      this.#adam.pace(oneCycle(this.#step++, schedule));
      this.#adam.applyGradients(
        Object.fromEntries(Object.entries(grads).map(([name, gradient]) => [name, tf.mul(gradient, factor)])),
      );
      return value.dataSync()[0]!;
    });
    for (const [name, variable] of this.#variables) this.#network.write(name, variable.dataSync());
    return loss;
  }

  /** The gradient of every block, row-major; changes nothing but the dropout's random numbers. */
  gradients(past: readonly Encoded[], starts: readonly number[], dropout: number): Map<string, Float32Array> {
    const { value, grads } = this.#tf.tidy(() => this.#differentiate(past, starts, dropout));
    const gradients = new Map<string, Float32Array>();
    for (const [block, variable] of this.#variables) {
      gradients.set(block, grads[variable.name]!.dataSync<'float32'>().slice());
    }
    this.#tf.dispose([value, ...Object.values(grads)]);
    return gradients;
  }

  loss(past: readonly Encoded[], starts: readonly number[]): number {
    return this.#tf.tidy(() => this.#loss(this.#batches.of(past, starts), this.#mask(starts, 0)).dataSync()[0]!);
  }

  end(): void {
    for (const variable of this.#variables.values()) variable.dispose();
    this.#adam.dispose();
  }

  #differentiate(
    past: readonly Encoded[],
    starts: readonly number[],
    dropout: number,
  ): { value: tf.Scalar; grads: tf.NamedTensorMap } {
    const batch = this.#batches.of(past, starts);
    const mask = this.#mask(starts, dropout);
    return this.#tf.variableGrads(() => this.#loss(batch, mask), [...this.#variables.values()]);
  }

  #mask(starts: readonly number[], dropout: number): Float32Array {
    const mask = new Float32Array(SEQUENCE * starts.length * this.#network.layout.units);
    fillMask(mask, dropout, this.#next);
    return mask;
  }

  #loss({ ids, targets, conditions }: Batch, mask: Float32Array): tf.Scalar {
    const tf = this.#tf;
    const { heads, units } = this.#network.layout;
    const rows = ids.type.length;
    const x = tf.concat(
      embeddings.map(({ name, of }) => rowsOf(tf, this.#at(name), tf.tensor1d(ids[of], 'int32'))),
      1,
    );
    const z: tf.Tensor2D = tf.add(product(tf, x, this.#at('kernel')), this.#at('bias'));
    const h = recurrence(tf, z, this.#at('recurrent_kernel'), SEQUENCE);
    const logits = product(tf, tf.mul(h, tf.tensor2d(mask, [rows, units])), this.#at('heads'));
    const losses = heads.map((head) => {
      const own: tf.Tensor2D = tf.slice(logits, [0, head.column], [rows, head.width]);
      const table = this.#at(head.bias.name);
      const biases = head.bias.rows === 1 ? table : rowsOf(tf, table, tf.tensor1d(conditions[head.name], 'int32'));
      const wanted = oneHot(tf, tf.tensor1d(targets[head.name], 'int32'), head.width);
      return crossEntropy(tf, tf.add(own, biases), wanted);
    });
    return tf.addN(losses);
  }

  #at(name: string): tf.Tensor2D {
    return this.#variables.get(name)!;
  }
}

/** TensorFlow.js's Adam, at a rate that changes from step to step. */
function pacedAdam(tf: TensorFlow): tf.AdamOptimizer & { pace(rate: number): void } {
  class PacedAdam extends tf.AdamOptimizer {
    pace(rate: number): void {
      this.learningRate = rate;
    }
  }
  return new PacedAdam(0, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
}
