import { readFileSync } from 'node:fs';

import type { Action } from '../../../models/action.ts';
import type { EngineOptions } from '../../engine/options.ts';
import { Who } from '../../engine/reading/who.ts';
import type { Found } from '../../engine/understand.ts';
import { parseLabels } from '../../example/labels.ts';
import type { Label } from '../../simulate/simulate.ts';
import { exitCodes, Failure } from '../failure.ts';
import { progressBar, say, sayTable } from '../output.ts';
import { newTally, readLogs } from '../read-logs.ts';
import { outcomeOf, sumUp, type AlarmFigures, type OutcomeFigures, type UserOutcome } from './attacks.ts';
import { FUSED, judgeLog } from './judge-log.ts';
import { judgeByOriginal, ORIGINALS } from './original.ts';

/** Logs of several users with the labels of `ubad simulate`, which count lines over both logs together. */
export interface LabelledLogs {
  readonly train: string;
  readonly test: string;
  readonly labels: string;
}

export interface ByAttackOptions {
  readonly learn: boolean;
  /** Judge by the original's methods too. */
  readonly original: boolean;
  readonly seed: number;
}

/** By method: the figures of all users, and each user's. */
export type ByAttack = Readonly<Record<string, OutcomeFigures & { readonly users: readonly UserOutcome[] }>>;

interface UserLogs {
  readonly past: Action[];
  readonly test: Found[];
}

/** Trains and judges each user that has labels, by every method. */
export async function evaluateByAttack(
  logs: LabelledLogs,
  engine: EngineOptions,
  { learn, original, seed }: ByAttackOptions,
): Promise<ByAttack> {
  const labels = labelsOf(logs.labels);
  const { users, before } = await read(logs, engine, new Set(labels.map(({ user }) => user)));
  const outcomes = new Map<string, UserOutcome[]>();
  const add = (method: string, outcome: UserOutcome): void => {
    outcomes.set(method, [...(outcomes.get(method) ?? []), outcome]);
  };
  for (const [user, { past, test }] of users) {
    const log = await judgeLog(past, test, engine, learn, progressBar(user));
    const methods = Object.keys(log.windows.values().next().value ?? {});
    for (const method of methods) {
      const actions = test.map(({ action: { time }, line }) => {
        return { time, line: before + line, score: log.windows.get(line)?.[method] };
      });
      add(method, outcomeOf(user, actions, labels, method === FUSED ? log.alarm : undefined));
    }
    if (!original) continue;
    const actions = test.map(({ action }) => action);
    const scores = await judgeByOriginal(past, actions, engine.windowLength, seed);
    for (const method of ORIGINALS) {
      const judged = test.map(({ action: { time }, line }, t) => ({
        time,
        line: before + line,
        score: scores[method][t],
      }));
      add(method, outcomeOf(user, judged, labels, undefined));
    }
  }
  return Object.fromEntries([...outcomes].map(([method, found]) => [method, { ...sumUp(found), users: found }]));
}

function labelsOf(path: string): Label[] {
  try {
    return parseLabels(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Failure(`${path}: ${error instanceof Error ? error.message : String(error)}.`, exitCodes.unreadable);
  }
}

/** Each wanted user's actions, and how many lines the first log has. */
async function read(
  { train, test }: LabelledLogs,
  engine: EngineOptions,
  wanted: ReadonlySet<string>,
): Promise<{ users: Map<string, UserLogs>; before: number }> {
  // No passwd of this machine: the names are those of the logs.
  const who = new Who(undefined, [], '/nonexistent');
  const users = new Map([...wanted].map((user): [string, UserLogs] => [user, { past: [], test: [] }]));
  const tally = newTally();
  for await (const { subject, action } of readLogs([train], engine.pack, who, tally))
    users.get(subject)?.past.push(action);
  for await (const found of readLogs([test], engine.pack, who, newTally())) users.get(found.subject)?.test.push(found);
  return { users, before: tally.lines };
}

/** For people: the methods, then the attacks. */
export function sayByAttack(found: ByAttack): void {
  const rows = Object.entries(found).map(([method, { meanRocAuc, attacks, atOwnLine, atOneAlertADay }]) => [
    ...[method, meanRocAuc === null ? '–' : meanRocAuc.toFixed(3)],
    ...[atOwnLine ? told(atOwnLine, attacks) : '–', told(atOneAlertADay, attacks)],
  ]);
  sayTable(['method', 'ROC-AUC', 'found at its own line', 'found at one alert a day and user'], rows);
  const methods = Object.keys(found);
  const delays = Object.values(found).map(({ users }) => users.flatMap(({ attacks }) => attacks));
  const perAttack = (delays[0] ?? []).map(({ user, id, mitre }, a) => [
    ...[user, id, mitre],
    ...delays.map((attacks) => {
      const { found: isFound, delayActions, delayMinutes } = attacks[a]!.atOneADay;
      return isFound ? `${delayActions ?? ''} / ${Math.round(delayMinutes ?? 0)} min` : '–';
    }),
  ]);
  say('');
  say('Actions and minutes until each attack is found, at one alert a day and user:');
  sayTable(['user', 'attack', 'ATT&CK', ...methods], perAttack);
}

const told = ({ found, medianDelayActions, medianDelayMinutes }: AlarmFigures, of: number): string =>
  found === 0
    ? `0 of ${of}`
    : `${found} of ${of}, after ${medianDelayActions ?? ''} actions, ${Math.round(medianDelayMinutes ?? 0)} min`;
