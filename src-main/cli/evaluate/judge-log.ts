import type { Action } from '../../../models/action.ts';
import type { UserModel } from '../../../models/profile/user-model.ts';
import type { Judgement } from '../../../models/profile/view.ts';
import { trainModel } from '../../engine/models/train.ts';
import { learnFacts } from '../../engine/facts/known.ts';
import { FactsVoice } from '../../engine/facts/voice.ts';
import {
  judge,
  openAfter,
  standingThresholds,
  thresholdsOf,
  type OpenIncident,
  type Thresholds,
} from '../../engine/judge.ts';
import { trainingOptionsOf, type EngineOptions } from '../../engine/options.ts';
import type { Found } from '../../engine/reading/parse-batch.ts';

/** What the models said of a test log. */
export interface JudgedLog {
  /** By line: the window's z, fused and by detector. */
  readonly windows: ReadonlyMap<number, Record<string, number>>;
  /** z from which this user's windows alarm. */
  readonly alarm: number;
  /** Lines at which incidents opened. */
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
  const { algorithm, pack } = engine;
  const options = trainingOptionsOf(engine);
  const { model } = await trainModel(past, { subject: 'user', algorithm, pack, options, now: 0, onProgress });
  return judgeBy(model, past, test, engine, learn);
}

/** Judges by a model that has learned the past. It goes on from there: where another log is to be judged too, it has to be loaded again. */
export function judgeBy(
  model: UserModel,
  past: readonly Action[],
  test: readonly Found[],
  engine: EngineOptions,
  learn: boolean,
): JudgedLog {
  const thresholds = thresholdsOf(model.normal, engine.sensitivity);
  const facts = engine.facts === false ? undefined : new FactsVoice(learnFacts('user', past), thresholds, engine);
  const windows = new Map<number, Record<string, number>>();
  const opened = incidentsOf(test, thresholds, facts, ({ action, line }, isOpen) => {
    const judged = model.observe(action, learn);
    const judgement = facts ? facts.hear(action, judged, isOpen, { learn })?.judgement : judged;
    if (judgement) windows.set(line, { [FUSED]: judgement.window, ...judgement.votes });
    return judgement;
  });
  return { windows, alarm: thresholds.alarm, ...opened };
}

/** Judges what came of a machine by what was never set up so before: there is no model of one, as under watch. */
export function judgeMachine(
  name: string,
  past: readonly Action[],
  test: readonly Found[],
  engine: EngineOptions,
): Pick<JudgedLog, 'incidents' | 'days'> {
  const facts = new FactsVoice(learnFacts(name, past), standingThresholds, engine);
  return incidentsOf(
    test,
    standingThresholds,
    facts,
    ({ action }, isOpen) => facts.hear(action, undefined, isOpen)?.judgement,
  );
}

function incidentsOf(
  test: readonly Found[],
  thresholds: Thresholds,
  facts: FactsVoice | undefined,
  judgementOf: (found: Found, isOpen: boolean) => Judgement | undefined,
): Pick<JudgedLog, 'incidents' | 'days'> {
  const days = new Set<number>();
  const incidents: number[] = [];
  let open: OpenIncident | undefined;
  for (const found of test) {
    const { action, line } = found;
    days.add(Math.floor(action.time / 86_400));
    const judgement = judgementOf(found, open !== undefined);
    if (!judgement) continue;
    const window = { z: judgement.window, time: action.time, ends: action.change === 'removed' };
    const verdict = judge(open, window, thresholds);
    if (verdict.step === 'open') incidents.push(line);
    if (verdict.step === 'open' || verdict.step === 'extend') facts?.tell();
    open = openAfter(verdict, open, window, incidents.length);
  }
  return { incidents, days: days.size };
}
