import { existsSync, readFileSync } from 'node:fs';

import type { Action } from '../../models/action.ts';
import {
  averagePrecision,
  detectionAt,
  rocAuc,
  rocAucInterval,
  shareAbove,
  type Scored,
} from '../../models/evaluation/metrics.ts';
import { UserModel } from '../../models/profile/user-model.ts';
import { trainModel } from '../engine/models/train.ts';
import { judge, openAfter, type OpenIncident } from '../engine/judge.ts';
import { Who } from '../engine/reading/who.ts';
import type { EngineOptions } from '../engine/options.ts';
import type { Found } from '../engine/understand.ts';
import { exitCodes, Failure } from './failure.ts';
import { progressBar, say, sayJson, table } from './output.ts';
import { newTally, readLogs } from './read-logs.ts';
import { engineOptions, settingsOf, type Shared } from './setup.ts';

export interface EvaluateOptions extends Shared {
  readonly train: string[];
  readonly test: string[];
  readonly labels: string[];
  readonly learn?: boolean;
  readonly json?: boolean;
}

/** A stretch of a test log, 1-based lines, both included. */
interface Unit {
  readonly from: number;
  readonly to: number;
  readonly label: 0 | 1;
}

/** A unit with the strangest window that ends in it. */
interface ScoredUnit extends Unit, Scored {}

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
  const sets: ScoredUnit[][] = [];
  const delays: number[] = [];
  let episodes = 0;
  let alarms = 0;
  let days = 0;
  for (const [set, trainLog] of train.entries()) {
    const units = readLabels(labels[set]!);
    const past = (await actionsOf(trainLog, engine)).map(({ action }) => action);
    const result = await judgeLog(past, await actionsOf(test[set]!, engine), engine, options.learn ?? true, trainLog);
    const scored = units.map((unit): ScoredUnit => ({ ...unit, score: strangest(result.windows, unit) }));
    sets.push(scored);
    const found = episodesOf(scored, result.windows, engine.judge.alarm);
    episodes += found.episodes;
    delays.push(...found.delays);
    alarms += result.alarms;
    days += result.days;
  }
  const all = sets.flat();
  const aucs = sets.map(rocAuc).filter((auc) => auc !== undefined);
  const share = (label: 0 | 1): number | undefined => shareAbove(all, label, engine.judge.alarm);
  const summary = {
    sets: train.length,
    units: all.length,
    strangers: all.filter(({ label }) => label === 1).length,
    rocAuc: rocAuc(all) ?? null,
    rocAucInterval95: rocAucInterval(sets, config.seed) ?? null,
    meanRocAucPerSet: aucs.length > 0 ? aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length : null,
    averagePrecision: averagePrecision(all) ?? null,
    detectionAtFalseAlarmRate: Object.fromEntries(RATES.map((rate) => [rate, detectionAt(all, rate) ?? null])),
    atThreshold: { z: engine.judge.alarm, falseAlarms: share(0) ?? null, detection: share(1) ?? null },
    incidentsPerDay: days > 0 ? alarms / days : null,
    episodes: { all: episodes, detected: delays.length, medianDelayInActions: median(delays) ?? null },
  };
  if (options.json) sayJson(summary);
  else say(asTable(summary));
}

async function actionsOf(log: string, engine: EngineOptions): Promise<Found[]> {
  const found: Found[] = [];
  for await (const one of readLogs([log], engine.pack, new Who(engine.subject), newTally())) found.push(one);
  return found;
}

interface Judged {
  /** Line to the window's z. */
  readonly windows: ReadonlyMap<number, number>;
  readonly alarms: number;
  /** Distinct days (UTC) of the test. */
  readonly days: number;
}

async function judgeLog(
  past: readonly Action[],
  test: readonly Found[],
  engine: EngineOptions,
  learn: boolean,
  label: string,
): Promise<Judged> {
  const { algorithm, pack, seed, windowLength, math } = engine;
  const options = { seed, windowLength, math };
  const request = { subject: 'user', algorithm, pack, options, now: 0, onProgress: progressBar(label) };
  const { model }: { model: UserModel } = await trainModel(past, request);
  const windows = new Map<number, number>();
  const days = new Set<number>();
  let alarms = 0;
  let open: OpenIncident | undefined;
  for (const { action, line } of test) {
    days.add(Math.floor(action.time / 86_400));
    const judgement = model.observe(action, learn);
    if (!judgement) continue;
    windows.set(line, judgement.window);
    const verdict = judge(open, judgement.window, engine.judge);
    if (verdict.step === 'open') alarms++;
    open = openAfter(verdict, open, judgement.window, alarms);
  }
  return { windows, alarms, days: days.size };
}

function strangest(windows: ReadonlyMap<number, number>, { from, to }: Unit): number {
  let largest = -Infinity;
  for (let line = from; line <= to; line++) largest = Math.max(largest, windows.get(line) ?? -Infinity);
  return largest;
}

/** Runs of strange units: how many, and after how many lines the first alarm came in those that were noticed. */
function episodesOf(
  units: readonly ScoredUnit[],
  windows: ReadonlyMap<number, number>,
  alarm: number,
): { episodes: number; delays: number[] } {
  const delays: number[] = [];
  let episodes = 0;
  for (let u = 0; u < units.length; u++) {
    if (units[u]!.label === 0) continue;
    const first = units[u]!.from;
    while (units[u + 1]?.label === 1) u++;
    episodes++;
    for (let line = first; line <= units[u]!.to; line++) {
      if ((windows.get(line) ?? -Infinity) < alarm) continue;
      delays.push(line - first + 1);
      break;
    }
  }
  return { episodes, delays };
}

/** CSV with the header line_from,line_to,label[,…]. */
function readLabels(path: string): Unit[] {
  if (!existsSync(path)) throw new Failure(`${path}: no such file.`, exitCodes.unreadable);
  const [head, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = (head ?? '').split(',');
  const [from, to, label] = ['line_from', 'line_to', 'label'].map((name) => names.indexOf(name)) as [
    number,
    number,
    number,
  ];
  if (from < 0 || to < 0 || label < 0) {
    throw new Failure(`${path}: line 1 must name the columns line_from, line_to and label.`, exitCodes.unreadable);
  }
  return rows.map((row, r) => {
    const cells = row.split(',').map(Number);
    const unit = { from: cells[from] ?? NaN, to: cells[to] ?? NaN, label: cells[label] === 1 ? 1 : 0 } as const;
    if (!Number.isInteger(unit.from) || !Number.isInteger(unit.to)) {
      throw new Failure(`${path}: line ${r + 2} has no line numbers.`, exitCodes.unreadable);
    }
    return unit;
  });
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function asTable(summary: Record<string, unknown>): string {
  const rows: [string, string][] = [];
  const add = (name: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) add(`${name} ${key}`, inner);
    } else rows.push([name, typeof value === 'number' ? String(Math.round(value * 1e4) / 1e4) : String(value)]);
  };
  for (const [name, value] of Object.entries(summary)) add(name, value);
  return table(['figure', 'value'], rows);
}
