/** Who never works for a whole window without a pause: windows are shorter for him, and nothing is known of longer ones. */
import { expect, test } from 'vitest';

import type { Action } from '../../models/action.ts';
import { algorithms } from '../../models/algorithm.ts';
import { fusedEngine } from '../../models/fused.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { ordinary, stranger } from './ordinary.ts';

const PAUSE = 2400;
const options = { seed: 1, windowLength: 50, math: fusedEngine() };

/** With a pause after every `length` actions. */
const inSessions = (actions: readonly Action[], length: number): Action[] =>
  actions.map((action, a) => ({ ...action, time: 1_750_000_000 + 20 * a + PAUSE * Math.floor(a / length) }));

test.each([...algorithms].flatMap((algorithm) => [4, 16].map((length) => [algorithm, length] as const)))(
  '%s: sessions of %i actions make a model that is saved, woken and judges',
  (algorithm, length) => {
    const training = UserModel.train(inSessions(ordinary(800), length), new Map(), algorithm, options);
    let step = training.next();
    while (step.done !== true) step = training.next();
    const woken = UserModel.load(step.value.save(), new Map(), algorithm, options);
    const zs = inSessions([...ordinary(100, 2), ...stranger(100)], length).map(
      (action) => woken.observe(action, true)!.window,
    );
    expect(zs.every(Number.isFinite)).toBe(true);
  },
  60_000,
);
