import { describe, expect, it } from 'vitest';

import type { Action } from '../../../models/action.ts';
import { Encoder } from '../../../models/features/encode.ts';
import { fusedEngine } from '../../../models/fused.ts';
import { alertThreshold } from '../../../models/profile/normal.ts';
import { UserModel } from '../../../models/profile/user-model.ts';
import { flood } from '../../attacks.ts';
import { ordinary, stranger } from '../../models/ordinary.ts';

const options = { seed: 1, windowLength: 50, math: fusedEngine() };

function trained(): UserModel {
  const training = UserModel.train(ordinary(1500), new Map(), 'ocsvm', options);
  for (;;) {
    const { done, value } = training.next();
    if (done) return value;
  }
}

/** Share of the actions at which the model alarms, while it learns on. */
function alarms(model: UserModel, actions: readonly Action[], suppressed = false): number {
  const line = alertThreshold(model.normal, 1);
  const anomalous = actions.filter((action) => (model.observe(action, true, suppressed)?.whole ?? 0) >= line);
  return anomalous.length / actions.length;
}

describe('a stranger does not make himself at home', () => {
  it('by staying: what alarms and is not looked at is not learned', () => {
    const model = trained();
    alarms(model, stranger(2000));
    expect(alarms(model, stranger(400))).toBeGreaterThan(0.9);
    const own = ordinary(600, 2);
    expect(alarms(model, own)).toBeLessThanOrEqual(alarms(trained(), own) + 0.1);
  });

  it('by being called normal many times: that hides, and teaches nothing by itself', () => {
    const model = trained();
    model.suppress([]);
    alarms(model, stranger(800), true);
    expect(alarms(model, stranger(400))).toBeGreaterThan(0.9);
  });

  it('behind a flood of new names: he alarms after it as before it', () => {
    const model = trained();
    alarms(model, flood(5000));
    expect(alarms(model, stranger(400))).toBeGreaterThan(0.8);
  });
});

it('names that never end fill a bounded memory', () => {
  const encoder = new Encoder(new Map());
  for (const action of flood(210_000)) encoder.encode(action);
  const { tokens, fields } = encoder.sizes;
  expect(tokens).toBeLessThanOrEqual(200_000);
  expect(fields).toBeLessThanOrEqual(200_000);
  // What is known stays known, and the rest is one thing: unknown.
  const [first, last] = [flood(1)[0]!, flood(210_000).at(-1)!].map((action) => encoder.encode(action).token);
  expect([first! > 0, last]).toEqual([true, 0]);
});
