import type { Action } from '../../../models/action.ts';
import { falseAlarmRates } from '../../../models/evaluation/figures.ts';
import {
  averagePrecision,
  detectionAt,
  rocAuc,
  rocAucInterval,
  shareAbove,
  type Scored,
} from '../../../models/evaluation/metrics.ts';
import type { EngineOptions } from '../../engine/options.ts';
import { SubjectResolver } from '../../engine/reading/subject-resolver.ts';
import type { Found } from '../../engine/reading/parse-batch.ts';
import { progressBar, sayTable } from '../output.ts';
import { csvOf, demandResults, newTally, readLogs } from '../read-logs.ts';
import { withoutRepeats } from './distinct.ts';
import { episodesOf, type Episodes } from './episodes.ts';
import { FUSED, judgeLog, type JudgedLog } from './judge-log.ts';
import { demandWithin, readLabels, type Unit } from './labels.ts';
import { judgeByOriginal, ORIGINALS } from './original.ts';
import { namesOf, scoreOrNull, type ScoredStretch } from './scores-file.ts';
import { demandEnough, type EvaluateHow, type LabelledLogs } from './sets.ts';

/** One user's test, judged. */
interface Judged {
  readonly units: readonly Unit[];
  readonly log: JudgedLog;
  readonly episodes: Episodes;
}

/** Trains on each set's log and judges its other one, whose units the labels tell; each is one user's. */
export async function evaluateByUnit(
  logs: readonly LabelledLogs[],
  engine: EngineOptions,
  how: EvaluateHow,
): Promise<Record<string, unknown>> {
  const sets: Judged[] = [];
  const names = namesOf(logs.map(({ test }) => test));
  for (const [set, { train, test, labels }] of logs.entries()) {
    const units = readLabels(labels);
    const past = (await actionsOf(train, engine, how)).found.map(({ action }) => action);
    const { found, lines } = await actionsOf(test, engine, how, (past.at(-1)?.time ?? 0) + 60);
    demandWithin(labels, units, lines);
    demandEnough(train, names[set]!, past, engine);
    const log = await judgeLog(past, found, engine, how.learn, progressBar(train));
    if (how.original) await addOriginal(log, past, found, engine.windowLength, how);
    const judged = { units, log, episodes: episodesOf(units, log, (line) => log.windows.get(line)?.[FUSED]) };
    how.keep(stretchesOf(judged, found, names[set]!));
    sets.push(judged);
  }
  return summaryOf(sets, engine, how.seed);
}

/** Puts the original's judgement of each action beside the detectors'. */
async function addOriginal(
  { windows }: JudgedLog,
  past: readonly Action[],
  found: readonly Found[],
  windowLength: number,
  how: EvaluateHow,
): Promise<void> {
  const actions = found.map(({ action }) => action);
  const scores = await judgeByOriginal(past, actions, windowLength, how);
  found.forEach(({ line }, f) => {
    const votes = windows.get(line);
    if (votes) for (const method of ORIGINALS) votes[method] = scores[method][f]!;
  });
}

async function actionsOf(
  log: string,
  engine: EngineOptions,
  { collapse, form }: EvaluateHow,
  begin?: number,
): Promise<{ found: Found[]; lines: number }> {
  const found: Found[] = [];
  const tally = newTally();
  const csv = csvOf({ form }, begin);
  for await (const one of readLogs([log], engine.pack, new SubjectResolver(engine.subject), tally, csv))
    found.push(one);
  demandResults(tally, [log]);
  return { found: collapse ? withoutRepeats(found) : found, lines: tally.lines };
}

function stretchesOf(judged: Judged, found: readonly Found[], name: string): ScoredStretch[] {
  const times = new Map(found.map(({ line, action }) => [line, action.time]));
  const scores = scoredUnits(judged, FUSED);
  return judged.units.map(({ from, to, label }, u) => {
    let last = to;
    while (last > from && !times.has(last)) last--;
    const score = scoreOrNull(scores[u]!.score);
    return { user: name, test: name, from, to, time: times.get(last) ?? null, score, ownLine: judged.log.alarm, label };
  });
}

function summaryOf(sets: readonly Judged[], engine: EngineOptions, seed: number): Record<string, unknown> {
  const fused = sets.map((set) => scoredUnits(set, FUSED));
  const all = fused.flat();
  const alarming = sets.flatMap((set, s) =>
    fused[s]!.map(({ score, label }): Scored => ({ score: score >= set.log.alarm ? 1 : 0, label })),
  );
  const detectors = Object.keys(sets[0]?.log.windows.values().next().value ?? {}).filter((name) => name !== FUSED);
  const aucs = fused.map(rocAuc).filter((auc) => auc !== undefined);
  const delays = sets.flatMap(({ episodes }) => episodes.delays);
  const days = total(sets, ({ log }) => log.days);
  return {
    sets: sets.length,
    units: all.length,
    strangers: all.filter(({ label }) => label === 1).length,
    rocAuc: rocAuc(all) ?? null,
    rocAucInterval95: rocAucInterval(fused, seed) ?? null,
    meanRocAucPerSet: aucs.length > 0 ? aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length : null,
    averagePrecision: averagePrecision(all) ?? null,
    detectionAtFalseAlarmRate: Object.fromEntries(
      falseAlarmRates.map((rate) => [rate, detectionAt(all, rate) ?? null]),
    ),
    atOwnLine: {
      ...engine.sensitivity,
      medianLine: median(sets.map(({ log }) => log.alarm)) ?? null,
      falseAlarms: shareAbove(alarming, 0, 1) ?? null,
      detection: shareAbove(alarming, 1, 1) ?? null,
      incidentsPerDay: days > 0 ? total(sets, ({ log }) => log.incidents.length) / days : null,
    },
    episodes: {
      all: total(sets, ({ episodes }) => episodes.all),
      detected: delays.length,
      medianDelayInActions: median(delays) ?? null,
    },
    rocAucByDetector: Object.fromEntries(
      detectors.map((name) => [name, rocAuc(sets.flatMap((set) => scoredUnits(set, name))) ?? null]),
    ),
  };
}

/** Each unit with its strangest window. */
function scoredUnits({ units, log }: Judged, name: string): Scored[] {
  return units.map(({ from, to, label }) => {
    let score = -Infinity;
    for (let line = from; line <= to; line++) score = Math.max(score, log.windows.get(line)?.[name] ?? -Infinity);
    return { score, label };
  });
}

const total = (sets: readonly Judged[], of: (set: Judged) => number): number =>
  sets.reduce((sum, set) => sum + of(set), 0);

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** For people: each figure by its name. */
export function sayByUnit(summary: Record<string, unknown>): void {
  const rows: [string, string][] = [];
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) add(`${name} ${key}`, inner);
    } else rows.push([name, typeof value === 'number' ? String(Math.round(value * 1e4) / 1e4) : String(value)]);
  };
  for (const [name, value] of Object.entries(summary)) add(name, value);
  sayTable(['figure', 'value'], rows);
}
