import { expect, it } from 'vitest';

import { chooseKernels } from '../../../models/kernels/choose.ts';
import { Batches, SEQUENCE } from '../../../models/lstm/batch.ts';
import { HeadsPass } from '../../../models/lstm/heads.ts';
import { Lookup } from '../../../models/lstm/lookup.ts';
import { Network } from '../../../models/lstm/network.ts';
import { random } from '../../../models/random.ts';
import { people } from '../ordinary.ts';

const { past } = people(600);
const lookup = Lookup.of(past);
const STARTS = [0, 300];
const ROWS = SEQUENCE * STARTS.length;
const batch = new Batches(lookup).of(past, STARTS);

/** The heads as one product with nothing left out, which is what the pass promises to the bit. */
function whole(network: Network, hd: number, gradients: number): { loss: number; dh: Float32Array } {
  const { kernels, layout } = network;
  const { heap } = kernels;
  const { units, logits: width, heads } = layout;
  const alloc = (count: number): number => heap.alloc(count);
  const [panels, logits, losses, dh] = [alloc(units * width), alloc(ROWS * width), alloc(ROWS), alloc(ROWS * units)];
  const [conditions, targets, scratch] = [alloc(ROWS), alloc(ROWS), alloc(ROWS * (units + 8))];
  kernels.pack(units, width, network.at('heads'), width, panels);
  kernels.gemm(ROWS, width, units, hd, units, panels, logits, width, false);
  for (const { name, width: own, column, bias } of heads) {
    heap.i32.set(batch.conditions[name], conditions >> 2);
    heap.i32.set(batch.targets[name], targets >> 2);
    const [biases, gradient] = [network.at(bias.name), network.at(bias.name, gradients)];
    const at = logits + 4 * column;
    const isOne = name === 'type';
    kernels.softmaxCrossEntropy(
      ROWS,
      own,
      at,
      width,
      biases,
      isOne ? 0 : conditions,
      targets,
      1 / ROWS,
      losses,
      gradient,
    );
    for (let row = 0; row < ROWS; row++) {
      const end = (at >> 2) + row * width + own;
      heap.f32.fill(0, end, (at >> 2) + row * width + ((own + 7) & ~7));
    }
  }
  kernels.gemmTransposedA(units, width, ROWS, hd, units, logits, width, network.at('heads', gradients), width, scratch);
  kernels.packTransposed(width, units, network.at('heads'), width, panels);
  kernels.gemm(ROWS, units, width, logits, width, panels, dh, units, false);
  const sum = heap.f32.slice(losses >> 2, (losses >> 2) + ROWS).reduce((all, loss) => all + loss, 0);
  return { loss: sum / ROWS, dh: heap.f32.slice(dh >> 2, (dh >> 2) + ROWS * units) };
}

it('leaves out only what changes nothing, to the bit', () => {
  const network = new Network(chooseKernels(), lookup.sizes);
  network.initialise(3);
  const { heap } = network.kernels;
  const { units, parameters } = network.layout;
  const next = random(5);
  const hd = heap.alloc(ROWS * units);
  for (let i = 0; i < ROWS * units; i++) heap.f32[(hd >> 2) + i] = next() - 0.5;
  const [expected, actual, dh] = [heap.alloc(parameters), heap.alloc(parameters), heap.alloc(ROWS * units)];
  const reference = whole(network, hd, expected);

  const pass = new HeadsPass(network, ROWS);
  pass.load(batch);
  const loss = pass.forward(hd, actual);
  pass.backward(hd, actual, dh);

  const none = batch.targets.token.filter((target) => target < 0).length;
  expect(none).toBeGreaterThan(5);
  expect(none).toBeLessThan(ROWS - 5);
  expect(loss).toBe(reference.loss);
  expect(heap.f32.slice(actual >> 2, (actual >> 2) + parameters)).toEqual(
    heap.f32.slice(expected >> 2, (expected >> 2) + parameters),
  );
  expect(heap.f32.slice(dh >> 2, (dh >> 2) + ROWS * units)).toEqual(reference.dh);
});
