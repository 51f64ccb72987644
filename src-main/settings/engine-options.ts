import type { MathEngine } from '../../models/math-engine.ts';
import { usualTuning, type Tuning } from '../../models/tuning.ts';
import { usualAlgorithm, type EngineSettings } from '../contract/settings.ts';
import type { Sensitivity } from '../engine/judge.ts';
import type { EngineOptions } from '../engine/options.ts';
import { defaultPack } from '../engine/reading/pack.ts';

/** Actions of a window: what is judged together. */
const WINDOW = 50;
const DAYS_A_WEEK = 7;

/** What the user asked for, as the engine takes it. */
export const sensitivityOf = ({
  alertsPerWeek,
  alarm,
}: Pick<EngineSettings, 'alertsPerWeek' | 'alarm'>): Sensitivity => ({
  alertsPerDay: alertsPerWeek / DAYS_A_WEEK,
  ...(alarm !== null && { alarm }),
});

/** The engine's options that settings decide, for the command line and the worker alike. */
export function optionsOf(settings: EngineSettings, math: MathEngine): Omit<EngineOptions, 'now' | 'train'> {
  const { state, algorithm, seed, trainAfter, facts, scores } = settings;
  return {
    state,
    seed,
    trainAfter,
    facts,
    math,
    windowLength: WINDOW,
    algorithm: algorithm ?? usualAlgorithm.desk,
    sensitivity: sensitivityOf(settings),
    pack: defaultPack(scores),
    ...tunedBy(settings),
  };
}

/** Said only where somebody chose: what a model says of itself. */
function tunedBy(settings: EngineSettings): Pick<EngineOptions, 'tuning'> {
  const { lstmUnits, lstmEpochs, lstmDropout, lstmBatch, svmNu, svmGamma } = settings;
  const tuning: Tuning = {
    units: lstmUnits,
    epochs: lstmEpochs,
    dropout: lstmDropout,
    batch: lstmBatch,
    nu: svmNu,
    gamma: svmGamma,
  };
  const isUsual = Object.entries(usualTuning).every(([name, usual]) => tuning[name as keyof Tuning] === usual);
  return isUsual ? {} : { tuning };
}
