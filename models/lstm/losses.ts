import type { Target } from './lookup.ts';
import type { Network } from './network.ts';
import type { Head } from './shape.ts';

/** Nats that one head can add: one impossible thing must not outweigh a window. */
const MOST_PER_HEAD = 12;

/** −log p of each head, in nats; 0 where the head has nothing to say. */
export type HeadLosses = Record<Head['name'], number>;

/**
 * How badly `target` was foreseen.
 * @param logits without the heads' biases, shape [layout.logits] from index `at` on
 */
export function headLosses(network: Network, logits: Float32Array, at: number, target: Target): HeadLosses {
  const losses: HeadLosses = { type: 0, recency: 0, port: 0, token: 0 };
  const conditions = { type: 0, recency: target.byType, port: target.byType, token: target.byTypeAndRecency };
  const { f32 } = network.kernels.heap;
  for (const { name, column, width, bias } of network.layout.heads) {
    const wanted = target[name];
    if (wanted < 0) continue;
    const row = (network.at(bias.name) >> 2) + conditions[name] * width;
    const loss = negativeLog(logits, at + column, f32, row, width, wanted);
    losses[name] = Math.min(MOST_PER_HEAD, loss);
  }
  return losses;
}

/**
 * The chance of each class of a head, given the condition. Shape [head.width]; sums to 1.
 * @param logits as of `headLosses`
 */
export function headChances(
  network: Network,
  logits: Float32Array,
  at: number,
  name: Head['name'],
  condition: number,
): Float64Array {
  const { column, width, bias } = network.layout.heads.find((head) => head.name === name)!;
  const row = (network.at(bias.name) >> 2) + condition * width;
  const { f32 } = network.kernels.heap;
  const sums = Float64Array.from({ length: width }, (_, i) => logits[at + column + i]! + f32[row + i]!);
  const largest = Math.max(...sums);
  const odds = sums.map((sum) => Math.exp(sum - largest));
  const total = odds.reduce((sum, odd) => sum + odd, 0);
  return odds.map((odd) => odd / total);
}

/** −log softmax(logits + biases)[wanted], in float64; the arrays are read from `at` and `row` on. */
function negativeLog(
  logits: Float32Array,
  at: number,
  biases: Float32Array,
  row: number,
  width: number,
  wanted: number,
): number {
  let largest = -Infinity;
  for (let i = 0; i < width; i++) largest = Math.max(largest, logits[at + i]! + biases[row + i]!);
  let sum = 0;
  for (let i = 0; i < width; i++) sum += Math.exp(logits[at + i]! + biases[row + i]! - largest);
  return largest + Math.log(sum) - logits[at + wanted]! - biases[row + wanted]!;
}
