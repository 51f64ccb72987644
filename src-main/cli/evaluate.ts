import type { Action } from '../../models/action.ts';
import {
  averagePrecision,
  detectionAt,
  rocAuc,
  rocAucInterval,
  shareAbove,
  type Scored,
} from '../../models/evaluation/metrics.ts';
import type { EngineOptions } from '../engine/options.ts';
import { Who } from '../engine/reading/who.ts';
import type { Found } from '../engine/understand.ts';
import { evaluateByAttack, sayByAttack } from './evaluate/by-attack.ts';
import { withoutRepeats } from './evaluate/distinct.ts';
import { episodesOf, type Episodes } from './evaluate/episodes.ts';
import { FUSED, judgeLog, type JudgedLog } from './evaluate/judge-log.ts';
import { readLabels, type Unit } from './evaluate/labels.ts';
import { judgeByOriginal, ORIGINALS } from './evaluate/original.ts';
import { exitCodes, Failure } from './failure.ts';
import { progressBar, sayJson, sayTable } from './output.ts';
import { demandResults, newTally, readLogs } from './read-logs.ts';
import { engineOptions, settingsOf, type Shared } from './setup.ts';

export interface EvaluateOptions extends Shared {
  readonly train: string[];
  readonly test: string[];
  readonly labels: string[];
  readonly learn?: boolean;
  readonly collapse?: boolean;
  readonly json?: boolean;
  /** `original`: judge by the original project's two methods too. */
  readonly baseline?: string;
}

/** One user's test, judged. */
interface Judged {
  readonly units: readonly Unit[];
  readonly log: JudgedLog;
  readonly episodes: Episodes;
}

/** False-alarm rates at which detection is told. */
const RATES = [0.01, 0.03, 0.067];

/** `ubad evaluate`: trains on logs, judges labelled ones, and tells how well strangers were told from users. */
export async function evaluate(options: EvaluateOptions): Promise<void> {
  const { train, test, labels } = options;
  if (train.length !== test.length || train.length !== labels.length) {
    throw new Failure(
      'give as many --train as --test as --labels; the first of each belong together.',
      exitCodes.usage,
    );
  }
  const config = settingsOf(options);
  const engine = await engineOptions(config, options.subject ?? 'user');
  const original = options.baseline === 'original';
  if (labels.some((file) => file.endsWith('.jsonl'))) {
    if (labels.length > 1)
      throw new Failure('labels of ubad simulate: give one --train, --test and --labels.', exitCodes.usage);
    const logs = { train: train[0]!, test: test[0]!, labels: labels[0]! };
    const byAttack = await evaluateByAttack(logs, engine, {
      learn: options.learn ?? true,
      original,
      seed: config.seed,
    });
    if (options.json) sayJson(byAttack);
    else sayByAttack(byAttack);
    return;
  }
  const sets: Judged[] = [];
  for (const [set, trainLog] of train.entries()) {
    const units = readLabels(labels[set]!);
    const past = (await actionsOf(trainLog, engine, options)).map(({ action }) => action);
    const found = await actionsOf(test[set]!, engine, options);
    const log = await judgeLog(past, found, engine, options.learn ?? true, progressBar(trainLog));
    if (original) await addOriginal(log, past, found, engine.windowLength, config.seed);
    sets.push({ units, log, episodes: episodesOf(units, log, (line) => log.windows.get(line)?.[FUSED]) });
  }
  const summary = summaryOf(sets, engine, config.seed);
  if (options.json) sayJson(summary);
  else sayTable(['figure', 'value'], rowsOf(summary));
}

/** Puts the original's judgement of each action beside the detectors'. */
async function addOriginal(
  { windows }: JudgedLog,
  past: readonly Action[],
  found: readonly Found[],
  windowLength: number,
  seed: number,
): Promise<void> {
  const scores = await judgeByOriginal(
    past,
    found.map(({ action }) => action),
    windowLength,
    seed,
  );
  found.forEach(({ line }, f) => {
    const votes = windows.get(line);
    if (votes) for (const method of ORIGINALS) votes[method] = scores[method][f]!;
  });
}

async function actionsOf(log: string, engine: EngineOptions, { collapse }: EvaluateOptions): Promise<Found[]> {
  const found: Found[] = [];
  const tally = newTally();
  for await (const one of readLogs([log], engine.pack, new Who(engine.subject), tally)) found.push(one);
  demandResults(tally, [log]);
  return collapse ? withoutRepeats(found) : found;
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
    detectionAtFalseAlarmRate: Object.fromEntries(RATES.map((rate) => [rate, detectionAt(all, rate) ?? null])),
    atOwnLine: {
      ...engine.sensitivity,
      medianLine: median(sets.map(({ log }) => log.alarm)) ?? null,
      falseAlarms: shareAbove(alarming, 0, 1) ?? null,
      detection: shareAbove(alarming, 1, 1) ?? null,
      incidentsPerDay: days > 0 ? total(sets, ({ log }) => log.incidents) / days : null,
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

function rowsOf(summary: Record<string, unknown>): readonly (readonly [figure: string, value: string])[] {
  const rows: [string, string][] = [];
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) add(`${name} ${key}`, inner);
    } else rows.push([name, typeof value === 'number' ? String(Math.round(value * 1e4) / 1e4) : String(value)]);
  };
  for (const [name, value] of Object.entries(summary)) add(name, value);
  return rows;
}
