import { describe, expect, it } from 'vitest';

import type { Detector, DetectorKind, TrainingOptions } from '../../models/detector.ts';
import type { Encoded } from '../../models/features/encode.ts';
import { fusedEngine } from '../../models/fused.ts';
import { chooseKernels } from '../../models/kernels/choose.ts';
import { Lookup } from '../../models/lstm/lookup.ts';
import { lstm } from '../../models/lstm/lstm.ts';
import { Network } from '../../models/lstm/network.ts';
import { stepsOf } from '../../models/lstm/schedule.ts';
import { Trainer } from '../../models/lstm/trainer.ts';
import { ocsvm } from '../../models/ocsvm/ocsvm.ts';
import { usualTuning, type Tuning } from '../../models/tuning.ts';
import { Window } from '../../models/window.ts';
import { people } from './ordinary.ts';

const { past, later } = people(1200);
const lookup = Lookup.of(past);
const SMALL: Tuning = { units: 8, epochs: 2, dropout: 0.1, batch: 3, nu: 0.4, gamma: 0.5 };

const options = (tuning?: Tuning): TrainingOptions => {
  const usual = { seed: 1, windowLength: 50, math: fusedEngine() };
  return tuning ? { ...usual, tuning } : usual;
};

function trained(kind: DetectorKind, tuning?: Tuning, unseen?: readonly Encoded[]): Detector {
  const training = kind.train(past, options(tuning), unseen);
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

function scores(detector: Detector): number[] {
  const window = new Window(50);
  const watch = detector.watch();
  return later.map((action) => {
    window.push(action);
    return watch.see(window).window;
  });
}

it.each([
  [8, 1],
  [24, 5],
  [64, 16],
  [128, 20],
  [256, 2],
])('has the same gradients in WebAssembly as in plain TypeScript with %i cells and %i sequences', (units, batch) => {
  const starts = Array.from({ length: batch }, (_, b) => b * 50);
  const [plain, simd] = (['plain', 'simd'] as const).map((name) => {
    const network = new Network(chooseKernels(name), lookup.sizes, units);
    network.initialise(3);
    const trainer = new Trainer(network, lookup, 1, batch);
    const loss = trainer.lossAndGradients(past, starts, 0);
    return { trainer, loss, names: [...network.layout.blocks.keys()] };
  });
  expect(simd!.loss).toBeCloseTo(plain!.loss, 4);
  for (const name of plain!.names) {
    const [expected, found] = [plain!.trainer.gradients(name), simd!.trainer.gradients(name)];
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    const apart = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);
    expect(apart / largest, name).toBeLessThan(1e-3);
  }
});

it('tells a loss without learning anything of it, nor of its gradients', () => {
  const network = new Network(chooseKernels(), lookup.sizes);
  network.initialise(3);
  const trainer = new Trainer(network, lookup, 1);
  const starts = Array.from({ length: 16 }, (_, b) => 100 + b * 50);
  const expected = trainer.lossAndGradients(past, starts, 0);
  const gradient = trainer.gradients('kernel');
  const before = network.read('heads');
  expect(trainer.loss(past, starts)).toBe(expected);
  expect(network.read('heads')).toEqual(before);
  expect(trainer.gradients('kernel')).toEqual(gradient);
});

it('reads a past as often as it was told, in whole slices', () => {
  expect(stepsOf(10, 4000, 800, 10)).toBe(50);
  expect(stepsOf(1, 1000, 800, 10)).toBe(10);
  expect(stepsOf(20, 3000, 200, 10)).toBe(300);
});

describe.each([lstm, ocsvm])('$name', (kind) => {
  it('says nothing in its files of what is usual, and is to the bit what it was before anybody could choose', () => {
    const [silent, usual] = [trained(kind), trained(kind, usualTuning)];
    expect(usual.save()).toEqual(silent.save());
    expect(
      Object.values(silent.save())
        .filter((file) => typeof file === 'string')
        .join(''),
    ).not.toContain('tuning');
  });

  it('judges otherwise as it is trained otherwise', () => {
    expect(scores(trained(kind, SMALL))).not.toEqual(scores(trained(kind)));
  });

  it('goes on as it was trained, whatever is set now', () => {
    const detector = trained(kind, SMALL);
    const again = kind.load(detector.save(), options({ ...usualTuning, nu: 0.2 }));
    expect(scores(again)).toEqual(scores(detector));
    for (const one of [detector, again]) for (const _ of one.learn(later.concat(later, later, later), 5));
    expect(scores(again)).toEqual(scores(detector));
    expect(again.save()).toEqual(detector.save());
  });

  it('learns the same, whether somebody looks at what it does not learn or not', () => {
    expect(trained(kind, undefined, later).save()).toEqual(trained(kind).save());
  });
});

it('foresees what it did not learn better and better, and worse than what it did', () => {
  const { curve = [], unseenCurve = [] } = trained(lstm, undefined, later);
  expect(unseenCurve).toHaveLength(curve.length);
  expect(unseenCurve.at(-1)!).toBeLessThan(0.7 * unseenCurve[0]!);
  expect(trained(lstm).unseenCurve).toEqual([]);
});

it.each([
  ['units that no kernel has', { units: 12, dropout: 0.3, batch: 16 }],
  ['no sequences', { units: 64, dropout: 0.3, batch: 0 }],
  ['a dropout of all', { units: 64, dropout: 1, batch: 16 }],
])('refuses a model of %s', (_, tuning) => {
  const saved = trained(lstm, SMALL).save();
  const text = JSON.stringify({ ...(JSON.parse(String(saved['lstm.json'])) as object), tuning });
  expect(() => lstm.load({ ...saved, 'lstm.json': text }, options())).toThrow(SyntaxError);
});
