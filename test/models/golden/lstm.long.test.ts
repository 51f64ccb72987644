import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Encoded } from '../../../models/features/encode.ts';
import { fusedEngine } from '../../../models/fused.ts';
import { Lookup } from '../../../models/lstm/lookup.ts';
import { Network } from '../../../models/lstm/network.ts';
import { Trainer } from '../../../models/lstm/trainer.ts';
import type { MathEngine } from '../../../models/math-engine.ts';
import { random } from '../../../models/random.ts';
import { TensorFlowTrainer } from '../../../models/tensorflow/trainer.ts';
import { loadTensorFlow } from '../../../src-main/math/tensorflow.ts';
import { builtFolder } from '../../../src-main/math/tensorflow-node.ts';
import { builds } from '../kernels/trial.ts';

/** What make.py writes: PyTorch in float64. */
interface Golden {
  readonly types: number;
  readonly tokens: readonly number[];
  /** Of the parameters: noise × scale. */
  readonly seed: number;
  readonly scale: number;
  readonly actions: readonly (readonly [time: number, type: number, token: number, recency: number, port: number])[];
  readonly starts: readonly number[];
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Gradient>>;
  readonly adam: { readonly steps: number; readonly peak: number; readonly losses: readonly number[] };
  readonly stream: Readonly<Record<'type' | 'recency' | 'port' | 'token', readonly number[]>>;
}

interface Gradient {
  readonly largest: number;
  /** Every nth of the values, row-major. */
  readonly stride: number;
  readonly values: readonly number[];
  /** Sum of all values times noise of seed 1. */
  readonly projection: number;
}

const golden = JSON.parse(readFileSync(new URL('lstm.json', import.meta.url), 'utf8')) as Golden;
const { starts } = golden;
const lookup = new Lookup(golden.tokens, golden.types);
const actions = golden.actions.map(([time, type, token, recency, port]): Encoded => ({
  time,
  type,
  token,
  recency,
  port,
  fields: [],
  families: [],
  importance: 5,
  added: true,
  baseline: false,
}));

function networkOn(math: MathEngine): Network {
  const network = new Network(math.kernels(), lookup.sizes);
  const next = random(golden.seed);
  for (const { name, rows, columns } of network.layout.blocks.values()) {
    network.write(
      name,
      Float32Array.from({ length: rows * columns }, () => (2 * next() - 1) * golden.scale),
    );
  }
  return network;
}

function gradientsBy(math: MathEngine): Map<string, Float32Array> {
  const network = networkOn(math);
  const trainer = math.trainer(network, lookup, 1);
  if (trainer instanceof TensorFlowTrainer) return trainer.gradients(actions, starts, 0);
  if (!(trainer instanceof Trainer))
    throw new Error(`${math.name} has a trainer whose gradients this test cannot read`);
  expect(Math.abs(trainer.lossAndGradients(actions, starts, 0) - golden.loss)).toBeLessThan(1e-6 * golden.loss);
  return new Map([...network.layout.blocks.keys()].map((name) => [name, trainer.gradients(name)]));
}

const engines = [
  ...builds.map(fusedEngine),
  await loadTensorFlow(['wasm', 'cpu']),
  // Only where somebody built it: npm run tfjs-node.
  ...(builtFolder() === undefined ? [] : [await loadTensorFlow(['tensorflow'])]),
];

// Ours is float32, PyTorch's float64. What was measured on x64 stands beside each bound.
describe.each(engines)('$backend against PyTorch', (math) => {
  // 4e-7 (plain), 1.6e-6 (simd, fma: the biases of `type`, one running sum over all rows), 7e-7 (TensorFlow.js).
  it('has the gradients of all blocks, to 2e-6 of the largest', () => {
    const gradients = gradientsBy(math);
    expect([...gradients.keys()]).toEqual(Object.keys(golden.gradients));
    const errors: Record<string, number> = {};
    for (const [name, { largest, stride, values, projection }] of Object.entries(golden.gradients)) {
      const own = gradients.get(name)!;
      values.forEach((value, v) => {
        errors[name] = Math.max(errors[name] ?? 0, Math.abs(own[v * stride]! - value) / largest);
      });
      const next = random(1);
      const projected = own.reduce((sum, value) => sum + value * (2 * next() - 1), 0);
      errors[`${name} projected`] = Math.abs(projected - projection) / (largest * Math.sqrt(own.length));
    }
    expect(Math.max(...Object.values(errors))).toBeLessThan(2e-6);
  });

  // 1.1e-7 (ours), 2.3e-6 (TensorFlow.js, whose Adam keeps the powers of its betas in float32).
  const bound = math.name === 'fused' ? 2e-7 : 4e-6;
  it(`has the losses of twenty Adam steps, to ${bound} of each`, () => {
    const network = networkOn(math);
    const trainer = math.trainer(network, lookup, 1);
    const { steps, peak, losses } = golden.adam;
    const apart = losses.map(
      (loss) => Math.abs(trainer.step(actions, starts, { steps, peak, dropout: 0 }) - loss) / loss,
    );
    trainer.end?.();
    expect(Math.max(...apart)).toBeLessThan(bound);
  });

  // 2e-7 (plain), 1.1e-6 (simd), 1.8e-6 (fma), 1.5e-6 (TensorFlow.js).
  it('reads a stream with the same −log p of every head, to 4e-6 nats', () => {
    const stream = math.stream(networkOn(math), lookup);
    const seen = actions.map((action) => stream.see(action)).filter((losses) => losses !== undefined);
    expect(seen).toHaveLength(golden.stream.type.length);
    const apart = (['type', 'recency', 'port', 'token'] as const).map((head) =>
      Math.max(...seen.map((losses, i) => Math.abs(losses[head] - golden.stream[head][i]!))),
    );
    expect(Math.max(...apart)).toBeLessThan(4e-6);
  });
});
