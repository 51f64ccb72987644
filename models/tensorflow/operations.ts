import type * as tf from '@tensorflow/tfjs';

/** TensorFlow.js as a value: handed in, because loading it is heavy and only some want it. */
export type TensorFlow = typeof tf;

/** A value, the tensors that its gradient needs (all others are gone by then), and that gradient, a tensor an input. */
interface Differentiable<Value extends tf.Tensor> {
  readonly value: Value;
  readonly kept: readonly tf.Tensor[];
  readonly gradient: (dy: Value, kept: tf.Tensor[]) => tf.Tensor[];
}

/** `tf.customGrad` with types: `run` gets the inputs and says the gradient itself. */
export function withGradient<Inputs extends tf.Tensor[], Value extends tf.Tensor>(
  tf: TensorFlow,
  inputs: Inputs,
  run: (...inputs: Inputs) => Differentiable<Value>,
): Value {
  const operation = tf.customGrad((...given) => {
    const save = given.pop() as unknown as (tensors: readonly tf.Tensor[]) => void;
    const { value, kept, gradient } = run(...(given as Inputs));
    save(kept);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient(dy as Value, saved) };
  });
  return operation(...inputs);
}

/**
 * a [m, k] · b [k, n]. TensorFlow.js's own gradient multiplies transposed matrices, which its WebAssembly backend does
 * ten times slower than transposing first.
 */
export function product(tf: TensorFlow, a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  return withGradient(tf, [a, b], (left, right) => ({
    value: tf.matMul(left, right),
    kept: [left, right],
    gradient: (dy, [x, y]) => [
      tf.matMul(dy, tf.transpose(y as tf.Tensor2D)),
      tf.matMul(tf.transpose(x as tf.Tensor2D), dy),
    ],
  }));
}

/**
 * Rows of `table` [n, width]: shape [ids, width]. The gradient of TensorFlow.js's own `gather` asks for a kernel that the
 * WebAssembly backend lacks; one-hot columns times the gradient sum up what fell on each row, too.
 */
export function rowsOf(tf: TensorFlow, table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  return withGradient(tf, [table], (from) => ({
    value: tf.gather(from, ids),
    kept: [ids],
    gradient: (dy, [own]) => [tf.matMul(tf.transpose(oneHot(tf, own as tf.Tensor1D, from.shape[0])), dy)],
  }));
}

/** Float rows, shape [ids, classes]; one of zeros for an id below 0. */
export const oneHot = (tf: TensorFlow, ids: tf.Tensor1D, classes: number): tf.Tensor2D =>
  tf.cast(tf.oneHot(ids, classes) as tf.Tensor2D, 'float32');

/**
 * Mean over rows of −log softmax(logits)[target].
 * @param wanted one-hot targets, shape of `logits`; a row of zeros has no loss but counts in the mean
 */
export function crossEntropy(tf: TensorFlow, logits: tf.Tensor2D, wanted: tf.Tensor2D): tf.Scalar {
  const weight = 1 / logits.shape[0];
  return withGradient(tf, [logits], (values) => {
    const shifted: tf.Tensor2D = tf.sub(values, tf.max(values, 1, true));
    const powers = tf.exp(shifted);
    const sums: tf.Tensor2D = tf.sum(powers, 1, true);
    const logs = tf.sub(shifted, tf.log(sums));
    return {
      value: tf.mul(tf.sum<tf.Scalar>(tf.mul(logs, wanted)), -weight),
      kept: [tf.div(powers, sums), wanted],
      gradient: (dy, [shares, hot]) => {
        const counted = tf.mul(tf.sum(hot!, 1, true), tf.mul(dy, weight));
        return [tf.mul(tf.sub(shares!, hot!), counted)];
      },
    };
  });
}
