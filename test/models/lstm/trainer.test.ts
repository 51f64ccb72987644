import { expect, it } from 'vitest';

import { chooseKernels } from '../../../models/kernels/choose.ts';
import { Lookup } from '../../../models/lstm/lookup.ts';
import { Network } from '../../../models/lstm/network.ts';
import { BATCH } from '../../../models/lstm/batch.ts';
import { oneCycle } from '../../../models/lstm/schedule.ts';
import { Trainer } from '../../../models/lstm/trainer.ts';
import { people } from '../ordinary.ts';

const { past } = people(1200);
const lookup = Lookup.of(past);
const starts = Array.from({ length: BATCH }, (_, b) => 100 + b * 50);

it('has the gradient that finite differences give, in every block', () => {
  const network = new Network(chooseKernels('plain'), lookup.sizes);
  network.initialise(3);
  const trainer = new Trainer(network, lookup, 1);
  trainer.lossAndGradients(past, starts, 0);
  for (const name of network.layout.blocks.keys()) {
    trainer.lossAndGradients(past, starts, 0);
    const gradient = trainer.gradients(name);
    const steepest = gradient.reduce((best, value, i) => (Math.abs(value) > Math.abs(gradient[best]!) ? i : best), 0);
    const values = network.read(name);
    const lossAt = (shift: number): number => {
      const moved = values.slice();
      moved[steepest]! += shift;
      network.write(name, moved);
      return trainer.lossAndGradients(past, starts, 0);
    };
    const slope = (lossAt(0.01) - lossAt(-0.01)) / 0.02;
    network.write(name, values);
    expect(Math.abs(slope - gradient[steepest]!), name).toBeLessThan(0.01 * Math.abs(slope) + 1e-4);
  }
});

it('learns: after fifty steps the next action surprises less', () => {
  const network = new Network(chooseKernels(), lookup.sizes);
  network.initialise(3);
  const trainer = new Trainer(network, lookup, 1);
  const schedule = { steps: 50, peak: 6e-3, dropout: 0.3 };
  const first = trainer.step(past, starts, schedule);
  let last = first;
  for (let step = 1; step < schedule.steps; step++) last = trainer.step(past, starts, schedule);
  expect(last).toBeLessThan(0.6 * first);
});

it('raises and lowers the rate along one cycle', () => {
  const schedule = { steps: 100, peak: 1, dropout: 0 };
  const rates = Array.from({ length: 100 }, (_, step) => oneCycle(step, schedule));
  expect(Math.max(...rates)).toBeCloseTo(1, 9);
  expect(rates.indexOf(Math.max(...rates))).toBe(30);
  expect(rates[0]).toBeLessThan(0.1);
  expect(rates[99]).toBeLessThan(0.05);
});
