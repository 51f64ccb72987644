import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Action } from '../../models/action.ts';
import { laterOf, type Algorithm } from '../../models/algorithm.ts';
import { rocAuc } from '../../models/evaluation/metrics.ts';
import { fusedEngine } from '../../models/fused.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { scaleOf, zOf } from '../../models/profile/calibration.ts';
import { random } from '../../models/random.ts';
import { ordinary, stranger } from './ordinary.ts';

const options = { seed: 7, windowLength: 100, math: fusedEngine() };

function train(past: readonly Action[], algorithm: Algorithm): UserModel {
  const training = UserModel.train(past, new Map(), algorithm, options);
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

const all = ordinary(2600);
const once = new Map<Algorithm, { readonly model: UserModel; readonly files: ReturnType<UserModel['save']> }>();

/** Trained on the first 2,000 once. `model` is what the training left, `files` what was saved before anything else happened. */
function trainedOnce(algorithm: Algorithm) {
  const known = once.get(algorithm);
  if (known) return known;
  const model = train(all.slice(0, 2000), algorithm);
  const made = { model, files: structuredClone(model.save()) };
  once.set(algorithm, made);
  return made;
}

/** A model of its own for each test, of the files. @param judging with one of those that were trained */
const trained = (algorithm: Algorithm, judging = algorithm): UserModel =>
  UserModel.load(structuredClone(trainedOnce(algorithm).files), new Map(), judging, options);

const windows = (model: UserModel, actions: readonly Action[], learn = false): number[] =>
  actions.map((action) => model.observe(action, learn)?.window ?? NaN);

describe.each(['lstm', 'ocsvm', 'both'] as const)('a user judged by %s', (algorithm) => {
  it('alarms at a stranger and not at the user', () => {
    const model = trained(algorithm);
    expect(Math.max(...windows(model, all.slice(2000), true))).toBeLessThan(3);
    expect(windows(model, stranger(150)).at(-1)).toBeGreaterThan(3);
  });

  it('knows how much more comes later, also from its files and among models of both', () => {
    expect(trainedOnce(algorithm).model.normal.later).toBe(laterOf[algorithm]);
    expect(trained(algorithm).normal.later).toBe(laterOf[algorithm]);
    expect(trained('both', algorithm).normal.later).toBe(laterOf[algorithm]);
  });

  it('goes on from its files exactly as from memory', () => {
    const { model } = trainedOnce(algorithm);
    windows(model, all.slice(2000, 2350), true);
    const woken = UserModel.load(model.save(), new Map(), algorithm, options);
    expect(windows(woken, all.slice(2350), true)).toEqual(windows(model, all.slice(2350), true));
  });
});

it('judges by one model alone where both were trained', () => {
  const [model, alone] = [trained('both'), trained('both', 'lstm')];
  const [judged, together] = [alone.observe(all[2000]!, false)!, model.observe(all[2000]!, false)!];
  expect(Object.keys(judged.votes)).toEqual(['lstm']);
  expect(judged.votes.lstm).toBeCloseTo(together.votes.lstm!, 9);
});

it('finds a handful of a stranger’s actions among the user’s own, and does not learn them', () => {
  const model = trained('both');
  windows(model, all.slice(2000, 2200), true);
  const handful = [...stranger(12), ...all.slice(2200, 2206)];
  const first = Math.max(...windows(model, handful, true));
  expect(first).toBeGreaterThan(3);
  windows(model, all.slice(2206, 2560), true);
  expect(Math.max(...windows(model, stranger(12)))).toBeGreaterThan(3);
});

it('does not learn what was too strange', () => {
  const model = trained('both');
  windows(model, stranger(1500), true);
  expect(windows(model, stranger(150)).at(-1)).toBeGreaterThan(3);
});

it('gives the same judgement whatever things are called and in whatever order columns come', () => {
  const names = new Map<string, string>();
  const next = random(3);
  const rename = (word: string): string => {
    if (!names.has(word)) names.set(word, `w${Math.floor(next() * 1e9).toString(36)}`);
    return names.get(word)!;
  };
  const turned = ordinary(2200, 1, rename).map((action) => ({
    ...action,
    columns: Object.fromEntries(Object.entries(action.columns).reverse()),
  }));
  expect(windows(train(turned.slice(0, 2000), 'both'), turned.slice(2000))).toEqual(
    windows(trained('both'), all.slice(2000, 2200)),
  );
});

it('takes a first full result as known and never judges it', () => {
  const model = trained('both');
  expect(model.observe({ ...stranger(1)[0]!, baseline: true }, true)).toBeUndefined();
});

describe('calibration', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 200 });

  it('is finite and keeps the order, for any values', () => {
    fc.assert(
      fc.property(values, fc.double({ noNaN: true }), fc.double({ noNaN: true }), (known, a, b) => {
        const scale = scaleOf(known, known.length);
        expect(zOf(a, scale)).toSatisfy(Number.isFinite);
        if (a <= b) expect(zOf(a, scale)).toBeLessThanOrEqual(zOf(b, scale));
      }),
    );
  });

  it('calls the mean 0', () => {
    expect(zOf(2, scaleOf([1, 2, 3], 3))).toBe(0);
  });
});

it('measures ROC-AUC as the chance that a stranger scores higher', () => {
  const unit = fc.record({ score: fc.integer({ min: 0, max: 9 }), label: fc.constantFrom(0 as const, 1 as const) });
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
      const [own, strangers] = [0, 1].map((label) => units.filter((one) => one.label === label));
      const pairs = strangers!.flatMap((a) => own!.map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)));
      if (pairs.length === 0) expect(rocAuc(units)).toBeUndefined();
      else expect(rocAuc(units)).toBeCloseTo(pairs.reduce<number>((sum, pair) => sum + pair, 0) / pairs.length, 9);
    }),
  );
});
