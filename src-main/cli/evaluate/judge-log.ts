import type { Action } from '../../../models/action.ts';
import type { TrainingOptions } from '../../../models/detector.ts';
import { trainModel } from '../../engine/models/train.ts';
import { learnFacts } from '../../engine/facts/known.ts';
import { FactsVoice } from '../../engine/facts/voice.ts';
import { judge, openAfter, standingThresholds, thresholdsOf, type OpenIncident } from '../../engine/judge.ts';
import type { EngineOptions } from '../../engine/options.ts';
import type { Found } from '../../engine/reading/parse-batch.ts';

/** What the models said of a test log. */
export interface JudgedLog {
  /** By line: the window's z, fused and by detector. */
  readonly windows: ReadonlyMap<number, Record<string, number>>;
  /** z from which this user's windows alarm. */
  readonly alarm: number;
  /** The thresholds with which incidents opened. */
  readonly incidents: readonly number[];
  /** Distinct days (UTC) of the test. */
  readonly days: number;
}

/** The name of the fused judgement beside those of the detectors. */
export const FUSED = 'fused';

/** Trains on the past and judges what came after. @param learn go on learning while judging */
export async function judgeLog(
  past: readonly Action[],
  test: readonly Found[],
  engine: EngineOptions,
  learn: boolean,
  onProgress: (progress: number) => void,
): Promise<JudgedLog> {
  const { algorithm, pack, seed, windowLength, math } = engine;
  const options: TrainingOptions = { seed, windowLength, math };
  const { model } = await trainModel(past, { subject: 'user', algorithm, pack, options, now: 0, onProgress });
  const thresholds = thresholdsOf(model.normal, engine.sensitivity);
  const facts = engine.facts === false ? undefined : new FactsVoice(learnFacts('user', past), thresholds, engine);
  const windows = new Map<number, Record<string, number>>();
  const days = new Set<number>();
  const incidents: number[] = [];
  let open: OpenIncident | undefined;
  for (const { action, line } of test) {
    days.add(Math.floor(action.time / 86_400));
    const judged = model.observe(action, learn);
    const judgement = facts ? facts.hear(action, judged, open !== undefined, { learn })?.judgement : judged;
    if (!judgement) continue;
    windows.set(line, { [FUSED]: judgement.window, ...judgement.votes });
    const window = { z: judgement.window, time: action.time, ends: action.change === 'removed' };
    const verdict = judge(open, window, thresholds);
    if (verdict.step === 'open') incidents.push(line);
    if (verdict.step === 'open' || verdict.step === 'extend') facts?.tell();
    open = openAfter(verdict, open, window, incidents.length);
  }
  return { windows, alarm: thresholds.alarm, incidents, days: days.size };
}

/**
 * Judges what came of a machine by what was never set up so before: no models, as under watch.
 * @returns the alerts that opened, in the order of the log
 */
export function judgeMachine(
  name: string,
  past: readonly Action[],
  test: readonly Found[],
  engine: EngineOptions,
): { readonly line: number; readonly time: number }[] {
  const facts = new FactsVoice(learnFacts(name, past), standingThresholds, engine);
  const alerts: { line: number; time: number }[] = [];
  let open: OpenIncident | undefined;
  for (const { action, line } of test) {
    const judgement = facts.hear(action, undefined, open !== undefined)?.judgement;
    if (!judgement) continue;
    const window = { z: judgement.window, time: action.time, ends: action.change === 'removed' };
    const verdict = judge(open, window, standingThresholds);
    if (verdict.step === 'open') alerts.push({ line, time: action.time });
    if (verdict.step === 'open' || verdict.step === 'extend') facts.tell();
    open = openAfter(verdict, open, window, alerts.length);
  }
  return alerts;
}
