import { describe, expect, it } from 'vitest';

import type { Explanation } from '../../models/detector.ts';
import type { Encoded } from '../../models/features/encode.ts';
import { fusedEngine } from '../../models/fused.ts';
import { detectorKinds } from '../../models/kinds.ts';
import { Window } from '../../models/window.ts';
import { people } from './ordinary.ts';

const { past, later, anomalous } = people();
const options = { seed: 1, windowLength: 50, math: fusedEngine() };

const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

const bare: Encoded = { ...later[0]!, fields: [], token: 0 };
const windows: Readonly<Record<string, readonly Encoded[]>> = {
  'of the user': later.slice(0, 60),
  'of somebody else': anomalous.slice(0, 60),
  'of one action': later.slice(0, 1),
  'of an action that has nothing to be told by': [bare],
  'that ends with one': [...later.slice(0, 60), bare],
};

// Where one number is NaN, every share of an alert is: a new detector is tried by being listed in models/kinds.ts.
describe.each(detectorKinds)('what $name explains is made of numbers', (kind) => {
  const training = kind.train(past.slice(0, kind.needs), options);
  let trained = training.next();
  while (!trained.done) trained = training.next();
  const detector = trained.value;

  it.each(Object.entries(windows))('a window %s', (_, actions) => {
    const window = new Window(options.windowLength);
    const watch = detector.watch();
    for (const action of actions) {
      window.push(action);
      watch.see(window);
    }
    const explanation: Explanation = watch.explain(window);
    expect(numbersIn(explanation).filter((one) => !Number.isFinite(one))).toEqual([]);
  });
});
