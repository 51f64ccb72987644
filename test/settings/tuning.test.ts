import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { usualTuning } from '../../models/tuning.ts';
import { engineSettingsSchema, settingsSchema } from '../../src-main/contract/settings.ts';
import { optionsOf } from '../../src-main/settings/engine-options.ts';

const tunedBy = (settings: object): unknown =>
  optionsOf(v.parse(engineSettingsSchema, settings), fusedEngine('plain')).tuning;

describe('how the models are trained', () => {
  it('is said to the engine only where somebody chose: the defaults are what is usual', () => {
    expect(tunedBy({})).toBeUndefined();
    const { units, epochs, dropout, batch, nu, gamma } = usualTuning;
    const usual = { lstmUnits: units, lstmEpochs: epochs, lstmDropout: dropout, lstmBatch: batch };
    expect(tunedBy({ ...usual, svmNu: nu, svmGamma: gamma })).toBeUndefined();
    expect(tunedBy({ svmNu: 0.2, lstmEpochs: 4 })).toEqual({ ...usualTuning, nu: 0.2, epochs: 4 });
  });

  it.each([
    ['lstmUnits', 12],
    ['lstmUnits', 264],
    ['lstmUnits', null],
    ['lstmEpochs', 0],
    ['lstmEpochs', 2.5],
    ['lstmDropout', 1],
    ['lstmBatch', 65],
    ['svmNu', 0],
    ['svmNu', 1],
    ['svmGamma', 0],
    ['svmGamma', 51],
  ])('refuses %s %s', (name, value) => {
    expect(v.safeParse(settingsSchema, { [name]: value }).success).toBe(false);
  });
});
