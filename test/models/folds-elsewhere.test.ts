import { expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import type { HeldOutFold } from '../../models/profile/held-out.ts';
import { foldsOf, type FoldsElsewhere } from '../../models/profile/training.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import type { SavedDetector } from '../../models/detector.ts';
import { ordinary } from './ordinary.ts';

const past = ordinary(1200);
const options = { seed: 1, windowLength: 50, math: fusedEngine() };
const count = foldsOf('ocsvm').length;

/** @param onWait called where nothing is left to do but to wait */
function trained(elsewhere?: FoldsElsewhere, onWait?: () => void): { files: SavedDetector; progress: number[] } {
  const progress: number[] = [];
  const training = UserModel.train(past, new Map(), 'ocsvm', options, elsewhere);
  for (;;) {
    const { done, value } = training.next();
    if (done) return { files: value.save(), progress };
    progress.push(value);
    onWait?.();
  }
}

/** Scores `places` elsewhere when asked to. */
function helper(places: readonly number[]) {
  const [scored, taken] = [new Map<number, HeldOutFold>(), new Set(places)];
  let [waits, doneHere] = [0, 0];
  return {
    claim: (place: number) => !taken.has(place) && ++doneHere > 0,
    scored: (place: number) => scored.get(place),
    wait: () => {
      waits++;
    },
    work() {
      const claim = (place: number): boolean => taken.has(place) && !scored.has(place);
      for (const { place, scored: fold } of UserModel.scoreFolds(past, new Map(), 'ocsvm', options, claim)) {
        scored.set(place, fold);
        return;
      }
    },
    giveUp: () => {
      taken.clear();
    },
    get waits() {
      return waits;
    },
    get doneHere() {
      return doneHere;
    },
  };
}

const alone = trained();

it('is the same model to the bit, whoever scored the folds', () => {
  for (const places of [[], [0], [1, 3], [...Array(count).keys()]]) {
    const help = helper(places);
    const { files, progress } = trained(help, () => {
      if (help.waits > 0) help.work();
    });
    expect(files).toEqual(alone.files);
    expect(help.doneHere).toBe(count - places.length);
    expect(help.waits > 0).toBe(places.length > 0);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBeLessThanOrEqual(1 + 1e-9);
  }
});

it('takes what is there before it asks for more', () => {
  const help = helper([0, 1, 2, 3, 4]);
  for (let fold = 0; fold < 5; fold++) help.work();
  expect(trained(help).files).toEqual(alone.files);
  expect(help.waits).toBe(0);
});

it('scores itself what was taken elsewhere by one who gave up', () => {
  const help = helper([1, 2]);
  const { files } = trained(help, () => {
    if (help.waits === 1) help.work();
    if (help.waits === 2) help.giveUp();
  });
  expect(files).toEqual(alone.files);
  expect(help.waits).toBe(2);
  expect(help.doneHere).toBe(count - 1);
});
