import type * as tf from '@tensorflow/tfjs';

import { withGradient, type TensorFlow } from './operations.ts';

/** What a step leaves for the way back: its gates, the cell before it, tanh of its cell; each [batch, units]. */
type Step = readonly [
  input: tf.Tensor2D,
  forget: tf.Tensor2D,
  candidate: tf.Tensor2D,
  output: tf.Tensor2D,
  before: tf.Tensor2D,
  squashed: tf.Tensor2D,
];
const KEPT = 6;

/**
 * An LSTM layer from zero state, with back-propagation through time written out: a third of the operations that
 * TensorFlow.js's automatic gradient of the same steps takes. Gate order i, f, c, o.
 * @param inputs pre-activations without the recurrent part, shape [steps · batch, 4 · units], time outermost
 * @param recurrent shape [units, 4 · units]
 * @returns h of every step, shape [steps · batch, units]
 */
export function recurrence(tf: TensorFlow, inputs: tf.Tensor2D, recurrent: tf.Tensor2D, steps: number): tf.Tensor2D {
  return withGradient(tf, [inputs, recurrent], (all, weights) => {
    const outputs: tf.Tensor2D[] = [];
    const kept: tf.Tensor2D[] = [];
    let h: tf.Tensor2D | undefined;
    let c: tf.Tensor2D = tf.zeros([all.shape[0] / steps, weights.shape[0]]);
    for (const input of tf.split<tf.Tensor2D>(all, steps)) {
      const z = h ? tf.add<tf.Tensor2D>(input, tf.matMul(h, weights)) : input;
      const step = forward(tf, z, c);
      ({ h, c } = step);
      outputs.push(h);
      kept.push(...step.kept);
    }
    const value = tf.concat(outputs);
    return { value, kept: [value, weights, ...kept], gradient: (dy, saved) => backward(tf, dy, saved, steps) };
  });
}

/** One step. @param z pre-activations [batch, 4 · units] */
export function forward(
  tf: TensorFlow,
  z: tf.Tensor2D,
  before: tf.Tensor2D,
): { h: tf.Tensor2D; c: tf.Tensor2D; kept: Step } {
  const [i, f, g, o] = tf.split(z, 4, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const [input, forget, candidate, output] = [tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)];
  const c: tf.Tensor2D = tf.add(tf.mul(forget, before), tf.mul(input, candidate));
  const squashed = tf.tanh(c);
  return { h: tf.mul(output, squashed), c, kept: [input, forget, candidate, output, before, squashed] };
}

/** @returns the gradients of the layer's `inputs` and of `recurrent` */
function backward(tf: TensorFlow, dy: tf.Tensor2D, saved: readonly tf.Tensor[], steps: number): tf.Tensor[] {
  const [outputs, weights, ...kept] = saved as [tf.Tensor2D, tf.Tensor2D, ...tf.Tensor2D[]];
  const back = tf.transpose(weights);
  const fromAbove = tf.split<tf.Tensor2D>(dy, steps);
  const [rows, units] = fromAbove[0]!.shape;
  const one = tf.scalar(1);
  const slope = (sigmoid: tf.Tensor2D): tf.Tensor2D => tf.mul(sigmoid, tf.sub(one, sigmoid));
  const dzs: tf.Tensor2D[] = [];
  let dc: tf.Tensor2D = tf.zeros([rows, units]);
  for (let t = steps - 1; t >= 0; t--) {
    const [input, forget, candidate, output, before, squashed] = kept.slice(
      t * KEPT,
      (t + 1) * KEPT,
    ) as unknown as Step;
    const above = fromAbove[t]!;
    const dh = dzs[0] ? tf.add(above, tf.matMul(dzs[0], back)) : above;
    dc = tf.add(dc, tf.mul(tf.mul(dh, output), tf.sub(one, tf.square(squashed))));
    dzs.unshift(
      tf.concat(
        [
          tf.mul(tf.mul(dc, candidate), slope(input)),
          tf.mul(tf.mul(dc, before), slope(forget)),
          tf.mul(tf.mul(dc, input), tf.sub(one, tf.square(candidate))),
          tf.mul(tf.mul(dh, squashed), slope(output)),
        ],
        1,
      ),
    );
    dc = tf.mul(dc, forget);
  }
  const dz = tf.concat(dzs);
  const inner = (steps - 1) * rows;
  const dRecurrent = tf.matMul(
    tf.transpose(tf.slice(outputs, [0, 0], [inner, units])),
    tf.slice(dz, [rows, 0], [inner, 4 * units]),
  );
  return [dz, dRecurrent];
}
