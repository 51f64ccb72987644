import { describe, expect, it } from 'vitest';

import type { Detector, DetectorKind, TrainingOptions } from '../../models/detector.ts';
import type { Encoded } from '../../models/features/encode.ts';
import { chooseKernels } from '../../models/kernels/choose.ts';
import { detectorKinds } from '../../models/kinds.ts';
import { Window } from '../../models/window.ts';
import { people } from './ordinary.ts';

const { past, later, strange } = people();
const options = (seed = 1): TrainingOptions => ({ seed, windowLength: 100, kernels: () => chooseKernels() });

function trained(kind: DetectorKind, seed = 1): Detector {
  const training = kind.train(past, options(seed));
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
  }
}

/** The strangeness of the last of these windows. */
function strangeness(detector: Detector, actions: readonly Encoded[]): number {
  const window = new Window(100);
  const watch = detector.watch();
  let last = NaN;
  for (const action of actions) {
    window.push(action);
    last = watch.see(window).window;
  }
  return last;
}

// What every detector must do. A new detector is tested by being listed in models/kinds.ts.
describe.each(detectorKinds)('$name keeps the detector promise', (kind) => {
  it('finds a stranger stranger than the user', () => {
    const detector = trained(kind);
    expect(strangeness(detector, strange)).toBeGreaterThan(strangeness(detector, later));
  });

  it('does not change by watching', () => {
    const detector = trained(kind);
    const before = strangeness(detector, later);
    strangeness(detector, strange);
    expect(strangeness(detector, later)).toBe(before);
  });

  it('is repeatable: same past, same seed, same strangeness', () => {
    expect(strangeness(trained(kind), later)).toBe(strangeness(trained(kind), later));
  });

  it('wakes up as it fell asleep', () => {
    const detector = trained(kind);
    const woken = kind.load(detector.save(), options());
    expect(strangeness(woken, later)).toBeCloseTo(strangeness(detector, later), 9);
    expect(woken.save()).toEqual(detector.save());
  });

  it('finds what it has learned less strange', () => {
    const detector = trained(kind);
    const before = strangeness(detector, strange);
    const often = Array.from({ length: 12 }, () => strange).flat();
    for (const _ of detector.learn(often, 1));
    expect(strangeness(detector, strange)).toBeLessThan(before);
  });

  it('refuses too little, saying how much it needs', () => {
    expect(() => kind.train(past.slice(0, kind.needs - 1), options()).next()).toThrow(
      new RangeError(`${kind.name}: ${kind.needs - 1} actions to learn from, needs ${kind.needs}`),
    );
  });

  it('refuses files that are not its own', () => {
    expect(() => kind.load({}, options())).toThrow(SyntaxError);
  });
});
