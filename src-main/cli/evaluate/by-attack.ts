import { basename } from 'node:path';

import type { Action } from '../../../models/action.ts';
import type { EngineOptions } from '../../engine/options.ts';
import { SubjectResolver } from '../../engine/reading/subject-resolver.ts';
import type { Found } from '../../engine/reading/parse-batch.ts';
import { exitCodes, Failure } from '../failure.ts';
import { tellUser, progressBar } from '../output.ts';
import { machineOf } from '../../contract/subjects.ts';
import { demandResults, newTally, readLogs, type Tally } from '../read-logs.ts';
import { placeLabels, readAttackLabels, type LogLengths, type PlacedLabel } from './attack-labels.ts';
import {
  falseIncidents,
  isOf,
  labelledBlocks,
  outcomeOf,
  type Block,
  type JudgedAction,
  type LabelledAttack,
  type UserOutcome,
} from './attacks.ts';
import { withoutRepeats } from './distinct.ts';
import { FUSED, judgeLog, judgeMachine } from './judge-log.ts';
import { judgeByOriginal, ORIGINALS } from './original.ts';
import { scoreOrNull, type ScoredStretch } from './scores-file.ts';
import { demandEnough, type EvaluateHow, type LabelledLogs } from './sets.ts';
import { sumUp, sumUpByKind, type KindFigures, type OutcomeFigures } from './sum-up.ts';

/** By method: the figures of all users, and each user's of each set. */
export type ByAttack = Readonly<Record<string, MethodFigures>>;

export interface MethodFigures extends OutcomeFigures, KindFigures {
  /** Null for a method that opens no incidents. */
  readonly falseIncidentsPerUserAndWeek: number | null;
  /** … of the machines that labels name; null also where none is named, or facts are off. */
  readonly falseIncidentsPerMachineAndWeek: number | null;
  readonly users: readonly UserOutcome[];
}

interface UserLogs {
  readonly past: readonly Action[];
  readonly test: readonly Found[];
}

/** What came of all sets, as far as they are judged. */
interface Outcomes {
  readonly methods: Map<string, UserOutcome[]>;
  falseIncidents: number;
  userDays: number;
  falseOfMachines: number;
  machineDays: number;
}

/** Trains and judges each user whom the labels name, by every method. A log may be of several users. */
export async function evaluateByAttack(
  logs: readonly LabelledLogs[],
  engine: EngineOptions,
  how: EvaluateHow,
): Promise<ByAttack> {
  const all: Outcomes = { methods: new Map(), falseIncidents: 0, userDays: 0, falseOfMachines: 0, machineDays: 0 };
  for (const set of logs) await judgeSet(set, engine, how, all);
  const aWeek = (incidents: number, days: number): number | null => (days === 0 ? null : (7 * incidents) / days);
  const ofUsers = aWeek(all.falseIncidents, all.userDays);
  const ofMachines = aWeek(all.falseOfMachines, all.machineDays);
  return Object.fromEntries(
    [...all.methods].map(([method, users]) => {
      const falseIncidentsPerUserAndWeek = method === FUSED ? ofUsers : null;
      const falseIncidentsPerMachineAndWeek = method === FUSED ? ofMachines : null;
      const rates = { falseIncidentsPerUserAndWeek, falseIncidentsPerMachineAndWeek };
      return [method, { ...sumUp(users), ...rates, ...sumUpByKind(users), users }];
    }),
  );
}

async function judgeSet(set: LabelledLogs, engine: EngineOptions, how: EvaluateHow, all: Outcomes): Promise<void> {
  const told = readAttackLabels(set.labels, how.labelled);
  const { users, machines, lengths } = await read(set, engine, told, how.collapse);
  const labels = placeLabels(set.labels, told, how.labelled, lengths);
  const left = told.length - labels.length;
  if (left > 0) tellUser(`${set.labels}: ${left} of ${told.length} attacks lie in the log to learn from: left out.`);
  const others = judgeMachines(machines, labels, engine, lengths.before, all);
  for (const [user, { past, test }] of users) {
    demandEnough(set.train, user, past, engine);
    const log = await judgeLog(past, test, engine, how.learn, progressBar(user));
    if (log.windows.size === 0)
      throw new Failure(`${set.test}: it has too few actions of ${user} to judge one window.`, exitCodes.noModel);
    const actionsBy = (scoreOf: (line: number, t: number) => number | undefined): JudgedAction[] =>
      test.map(({ action: { time }, line }, t) => ({ time, line: lengths.before + line, score: scoreOf(line, t) }));
    const add = (method: string, actions: readonly JudgedAction[], alarm?: number): void => {
      const outcome = outcomeOf(user, actions, labels, alarm, others);
      all.methods.set(method, [...(all.methods.get(method) ?? []), outcome]);
    };
    for (const method of Object.keys(log.windows.values().next().value ?? {})) {
      const actions = actionsBy((line) => log.windows.get(line)?.[method]);
      add(method, actions, method === FUSED ? log.alarm : undefined);
      if (method !== FUSED) continue;
      const opened = log.incidents.map((line) => lengths.before + line);
      all.falseIncidents += falseIncidents(user, actions, labels, opened);
      all.userDays += log.days;
      how.keep(
        stretchesOf(
          { user, test: basename(set.test), ownLine: log.alarm },
          lengths,
          labelledBlocks(user, actions, labels),
        ),
      );
    }
    if (!how.original) continue;
    const actions = test.map(({ action }) => action);
    const scores = await judgeByOriginal(past, actions, engine.windowLength, how);
    for (const method of ORIGINALS) {
      add(
        method,
        actionsBy((_, t) => scores[method][t]),
      );
    }
  }
}

/** @returns the lines, as labels count them, at which alerts of machines opened */
function judgeMachines(
  machines: ReadonlyMap<string, UserLogs>,
  labels: readonly LabelledAttack[],
  engine: EngineOptions,
  before: number,
  all: Outcomes,
): number[] {
  if (engine.facts === false) return [];
  return [...machines].flatMap(([host, { past, test }]) => {
    const { incidents, days } = judgeMachine(machineOf(host), past, test, engine);
    const opened = incidents.map((line) => before + line);
    all.falseOfMachines += opened.filter((line) => !labels.some((label) => isOf(label, line))).length;
    all.machineDays += days;
    return opened;
  });
}

/** Blocks as the file of scores has them: with lines of the test log. */
const stretchesOf = (
  about: Pick<ScoredStretch, 'user' | 'test' | 'ownLine'>,
  { before }: LogLengths,
  blocks: readonly Block[],
): ScoredStretch[] =>
  blocks.map(({ from, to, time, score, label }) => ({
    ...about,
    from: from - before,
    to: to - before,
    time,
    score: scoreOrNull(score),
    label,
  }));

/** The actions of each user and of each machine that a label names, and how long the logs are. */
async function read(
  { train, test }: LabelledLogs,
  engine: EngineOptions,
  labels: readonly PlacedLabel[],
  collapse: boolean,
): Promise<{ users: Map<string, UserLogs>; machines: Map<string, UserLogs>; lengths: LogLengths }> {
  // No passwd of this machine: the names are those of the logs.
  const resolver = new SubjectResolver(undefined, [], '/nonexistent');
  const users = new Set(labels.map(({ user }) => user));
  const hosts = new Set(labels.flatMap(({ host }) => host ?? []));
  const named = [...users, ...[...hosts].map(machineOf)];
  const [before, after] = [newTally(), newTally()];
  const actionsOf = async (log: string, tally: Tally): Promise<(user: string) => Found[]> => {
    const by = new Map([...named].map((user): [string, Found[]] => [user, []]));
    for await (const found of readLogs([log], engine.pack, resolver, tally)) by.get(found.subject)?.push(found);
    demandResults(tally, [log]);
    return (user) => (collapse ? withoutRepeats(by.get(user)!) : by.get(user)!);
  };
  const [past, later] = [await actionsOf(train, before), await actionsOf(test, after)];
  const logsOf = (subject: string): UserLogs => ({
    past: past(subject).map(({ action }) => action),
    test: later(subject),
  });
  return {
    users: new Map([...users].map((user) => [user, logsOf(user)])),
    machines: new Map([...hosts].map((host) => [host, logsOf(machineOf(host))])),
    lengths: { before: before.lines, test: after.lines },
  };
}
