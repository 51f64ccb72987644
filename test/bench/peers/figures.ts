import { median } from '../../../scripts/bench/bench.ts';
import { RankedUnits, type UnitScore } from '../../../models/evaluation/figures.ts';
import { rocAuc } from '../../../models/evaluation/metrics.ts';
import {
  falseIncidents,
  isOf,
  labelledBlocks,
  outcomeOf,
  type AttackOutcome,
  type JudgedAction,
} from '../../../src-main/cli/evaluate/attacks.ts';
import { judge, openAfter, standingThresholds, type OpenIncident } from '../../../src-main/engine/judge.ts';
import type { Found } from '../../../src-main/engine/reading/parse-batch.ts';
import type { LabelledTest, SetUser } from './sets.ts';

/** What a method said of one test of a user. */
export interface JudgedTest {
  /** Of each action: how strange the window was that ended with it, comparable between users; undefined where none was judged. */
  readonly scores: readonly (number | undefined)[];
  /** Lines at which incidents opened, … */
  readonly opened: readonly number[];
  /** … and those of the machine. */
  readonly openedOfMachine: readonly number[];
}

/** What a method said of a user, and what that took in seconds of processor time. */
export interface JudgedUser {
  readonly user: string;
  readonly tests: readonly JudgedTest[];
  /** Score from which a window alarms: the user's own line. */
  readonly alarm: number;
  readonly fit: number;
  readonly judge: number;
  /** Windows that were judged in that time. */
  readonly rows: number;
}

/** Of a method over all users of a set; shares lie between 0 and 1. */
export interface MethodFigures {
  readonly users: number;
  readonly rocAuc: number;
  /** … of each user, and their mean: no scale of one user is compared with another's. */
  readonly rocAucs: readonly number[];
  readonly meanRocAuc: number;
  /** Found where 3 % of what is normal alarms. */
  readonly foundAt3: number;
  readonly ownFound: number;
  readonly ownFalse: number;
  /** 100 · (6 · false + missed). */
  readonly cost: number;
  readonly fitSeconds: number;
  readonly microsecondsARow: number;
  readonly attacks?: AttackFigures;
}

export interface AttackFigures {
  readonly all: number;
  readonly foundAtOwnLine: number;
  /** Where normal blocks of the same test alarm once a day. */
  readonly foundAtOneADay: number;
  readonly falseIncidentsAWeek: number;
}

/** @throws RangeError when units of a kind are missing: then nothing can be compared */
export function figuresOf(judged: readonly JudgedUser[], users: readonly SetUser[]): MethodFigures {
  const units = judged.map((one) => unitsOf(one, userOf(one, users)));
  const names = judged.map(({ user }) => user);
  const figures = new RankedUnits(units.flat(), names).figures(names.map(() => 1));
  if (!figures) throw new RangeError('there are no two kinds of units');
  const aucs = units.map(rocAuc).filter((auc) => auc !== undefined);
  const attacks = attackFigures(judged, users);
  return {
    users: judged.length,
    rocAuc: figures.rocAuc,
    rocAucs: aucs,
    meanRocAuc: sum(aucs) / aucs.length,
    foundAt3: figures.detectionAt3Percent,
    ownFound: figures.ownLineDetection,
    ownFalse: figures.ownLineFalseAlarms,
    cost: figures.ownLineCost,
    fitSeconds: median(judged.map(({ fit }) => fit)),
    microsecondsARow: (1e6 * sum(judged.map((one) => one.judge))) / sum(judged.map(({ rows }) => rows)),
    ...(attacks.all > 0 && { attacks }),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const userOf = ({ user }: JudgedUser, users: readonly SetUser[]): SetUser => users.find(({ name }) => name === user)!;

/** Labelled stretches, or blocks of 50 actions where attacks are labelled, each with its strangest window. */
function unitsOf({ user, tests, alarm }: JudgedUser, { tests: labelled }: SetUser): UnitScore[] {
  return labelled.flatMap((test, t) =>
    scoredOf(user, test, tests[t]!).map(({ score, label }) => ({ user, score, label, alarms: score >= alarm })),
  );
}

function scoredOf(user: string, test: LabelledTest, judged: JudgedTest): Pick<UnitScore, 'score' | 'label'>[] {
  const { labels } = test;
  if ('attacks' in labels) return [...labelledBlocks(user, actionsOf(test, judged), labels.attacks)];
  const byLine = new Map(test.found.map(({ line }, f) => [line, judged.scores[f]]));
  return labels.units.map(({ from, to, label }) => {
    let score = -Infinity;
    for (let line = from; line <= to; line++) score = Math.max(score, byLine.get(line) ?? -Infinity);
    return { score, label };
  });
}

const actionsOf = ({ found }: LabelledTest, { scores }: JudgedTest): JudgedAction[] =>
  found.map(({ line, action: { time } }, f) => ({ line, time, score: scores[f] }));

function attackFigures(judged: readonly JudgedUser[], users: readonly SetUser[]): AttackFigures {
  const outcomes: AttackOutcome[] = [];
  let [wrong, days] = [0, 0];
  for (const one of judged) {
    for (const [t, test] of userOf(one, users).tests.entries()) {
      const { labels } = test;
      if (!('attacks' in labels)) continue;
      const { opened, openedOfMachine } = one.tests[t]!;
      const actions = actionsOf(test, one.tests[t]!);
      const outcome = outcomeOf(one.user, actions, labels.attacks, one.alarm, openedOfMachine);
      outcomes.push(...outcome.attacks);
      days += outcome.days;
      wrong += falseIncidents(one.user, actions, labels.attacks, opened);
      wrong += openedOfMachine.filter((line) => !labels.attacks.some((label) => isOf(label, line))).length;
    }
  }
  return {
    all: outcomes.length,
    foundAtOwnLine: outcomes.filter(({ atOwnLine }) => atOwnLine?.found).length,
    foundAtOneADay: outcomes.filter(({ atOneADay }) => atOneADay.found).length,
    falseIncidentsAWeek: days === 0 ? 0 : (7 * wrong) / days,
  };
}

/** Lines at which incidents open by ubad's own rule, for a method that has only scores and a line. @param scores one an action */
export function incidentsAt(found: readonly Found[], scores: readonly number[], alarm: number): number[] {
  const thresholds = {
    ...standingThresholds,
    alarm,
    calm: (alarm * standingThresholds.calm) / standingThresholds.alarm,
  };
  const lines: number[] = [];
  let open: OpenIncident | undefined;
  for (const [f, { action, line }] of found.entries()) {
    const window = { z: scores[f]!, time: action.time, ends: action.change === 'removed' };
    const verdict = judge(open, window, thresholds);
    if (verdict.step === 'open') lines.push(line);
    open = openAfter(verdict, open, window, lines.length);
  }
  return lines;
}
