import { beforeAll, describe, expect, it } from 'vitest';

import type { Detector, DetectorKind, TrainingOptions } from '../../models/detector.ts';
import type { Encoded } from '../../models/features/encode.ts';
import { detectorKinds } from '../../models/kinds.ts';
import { mathEngines, type MathEngine } from '../../models/math-engine.ts';
import { usualTuning, type Tuning } from '../../models/tuning.ts';
import { Window } from '../../models/window.ts';
import { loadMathEngine } from '../../src-main/math/load.ts';
import { people } from './ordinary.ts';

const { past, later, anomalous } = people();
const engines = await Promise.all(mathEngines.map(loadMathEngine));
/** The other engines are slow, and a short training shows as much of them: what a long one comes to is our own engine's matter. */
const short: Tuning = { ...usualTuning, epochs: 30 };
const options = (math: MathEngine): TrainingOptions => ({
  seed: 1,
  windowLength: 100,
  math,
  tuning: math.name === 'fused' ? usualTuning : short,
});

function trained(kind: DetectorKind, math: MathEngine): Detector {
  const training = kind.train(past, options(math));
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
  }
}

/** The anomaly score of the last of these windows. */
function anomalyScore(detector: Detector, actions: readonly Encoded[]): number {
  const window = new Window(100);
  const watch = detector.watch();
  let last = NaN;
  for (const action of actions) {
    window.push(action);
    last = watch.see(window).window;
  }
  return last;
}

// What every detector must do, whoever does its arithmetic. A new detector is tested by being listed in models/kinds.ts.
describe.each(engines)('by $name', (math) => {
  describe.each(detectorKinds)('$name keeps the detector promise', (kind) => {
    let detector: Detector;
    beforeAll(() => {
      detector = trained(kind, math);
    }, 180_000);

    it('finds a stranger stranger than the user', () => {
      expect(anomalyScore(detector, anomalous)).toBeGreaterThan(anomalyScore(detector, later));
    });

    it('has an opinion of an action that has nothing to be told by', () => {
      const bare: Encoded = { ...later[0]!, fields: [], token: 0 };
      expect(anomalyScore(detector, [bare])).not.toBeNaN();
      expect(anomalyScore(detector, [...later, bare])).not.toBeNaN();
    });

    it('does not change by watching', () => {
      const before = anomalyScore(detector, later);
      anomalyScore(detector, anomalous);
      expect(anomalyScore(detector, later)).toBe(before);
    });

    it('is repeatable: same past, same seed, same anomaly score', () => {
      expect(anomalyScore(trained(kind, math), later)).toBe(anomalyScore(detector, later));
    });

    it('wakes up as it fell asleep', () => {
      const woken = kind.load(detector.save(), options(math));
      expect(anomalyScore(woken, later)).toBeCloseTo(anomalyScore(detector, later), 9);
      expect(woken.save()).toEqual(detector.save());
    });

    it.each(engines)('goes on with $name, which finds the same as strange', (other) => {
      const woken = kind.load(detector.save(), options(other));
      expect(anomalyScore(woken, anomalous)).toBeCloseTo(anomalyScore(detector, anomalous), 4);
      expect(woken.save()).toEqual(detector.save());
    });

    it('finds what it has learned less strange', () => {
      const learner = kind.load(detector.save(), options(math));
      const often = Array.from({ length: 12 }, () => anomalous).flat();
      for (const _ of learner.learn(often, 1));
      expect(anomalyScore(learner, anomalous)).toBeLessThan(anomalyScore(detector, anomalous));
    });

    it('refuses too little, saying how much it needs', () => {
      expect(() => kind.train(past.slice(0, kind.needs - 1), options(math)).next()).toThrow(
        new RangeError(`${kind.name}: ${kind.needs - 1} actions to learn from, needs ${kind.needs}`),
      );
    });

    it('refuses files that are not its own', () => {
      expect(() => kind.load({}, options(math))).toThrow(SyntaxError);
    });
  });
});
