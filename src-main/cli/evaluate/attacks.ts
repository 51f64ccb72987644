import { rocAuc, type Scored } from '../../../models/evaluation/metrics.ts';
import type { Label } from '../../simulate/simulate.ts';

/** An action of one user's test, in log order. */
export interface JudgedAction {
  /** As labels count them. */
  readonly line: number;
  /** Unix seconds. */
  readonly time: number;
  /** How strange the window was that ended with it; undefined where none was judged. */
  readonly score: number | undefined;
}

/** What became of one attack. */
export interface AttackOutcome {
  readonly id: string;
  readonly name: string;
  readonly mitre: string;
  readonly strength: string;
  readonly user: string;
  /** At the user's own line; null for a method that has none. */
  readonly atOwnLine: Alarm | null;
  /** At the line above which normal behaviour of this very test alarms once a day. */
  readonly atOneADay: Alarm;
}

/** Whether and when an attack alarmed. */
export interface Alarm {
  readonly found: boolean;
  /** Of the user's actions until then, the attack's first being 1; null when it was not found. */
  readonly delayActions: number | null;
  readonly delayMinutes: number | null;
}

export interface UserOutcome {
  readonly user: string;
  readonly actions: number;
  readonly days: number;
  /** Over blocks of 50 actions, each with its strangest window; null without attacks. */
  readonly rocAuc: number | null;
  readonly attacks: readonly AttackOutcome[];
}

/** Actions of a block; and after an attack's last one, so many in which its windows may still alarm, … */
const BLOCK = 50;
/** … for so long at most. */
const GRACE_SECONDS = 3600;

interface Block extends Scored {
  /** Follows the block before at once. */
  readonly adjacent: boolean;
}

/** What one user's judged actions say of the attacks on that user. @param alarm score from which a window alarms, if there is one */
export function outcomeOf(
  user: string,
  actions: readonly JudgedAction[],
  labels: readonly Label[],
  alarm: number | undefined,
): UserOutcome {
  const place = new Map(actions.map(({ line }, a) => [line, a]));
  const spans = labels
    .filter((label) => label.user === user)
    .map((label) => ({ label, own: placesOf(label, place) }))
    .filter(({ own }) => own.length > 0);
  const blocks = blocksOf(
    actions,
    spans.map(({ own }) => own),
  );
  const days = new Set(actions.map(({ time }) => Math.floor(time / 86_400))).size;
  const line = lineOf(blocks, days);
  return {
    user,
    actions: actions.length,
    days,
    rocAuc: rocAuc(blocks) ?? null,
    attacks: spans.map(({ label: { id, name, mitre, strength }, own }) => {
      const span = [own[0]!, endOf(actions, own.at(-1)!)] as const;
      return {
        ...{ id, name, mitre, strength, user },
        atOwnLine: alarm === undefined ? null : alarmOf(actions, span, (score) => score >= alarm),
        atOneADay: alarmOf(actions, span, (score) => score > line),
      };
    }),
  };
}

/** The last action whose alarm is still counted for an attack that ended with action `last`. */
function endOf(actions: readonly JudgedAction[], last: number): number {
  let end = last;
  while (end < last + BLOCK && (actions[end + 1]?.time ?? Infinity) <= actions[last]!.time + GRACE_SECONDS) end++;
  return end;
}

/** The first time that the score passes the line in the span: an alarm that was on before says nothing of the attack. */
function alarmOf(
  actions: readonly JudgedAction[],
  [first, last]: readonly [number, number],
  alarms: (score: number) => boolean,
): Alarm {
  const isOn = (at: number): boolean => {
    const score = actions[at]?.score;
    return score !== undefined && alarms(score);
  };
  for (let at = first; at <= last; at++) {
    if (!isOn(at) || isOn(at - 1)) continue;
    const delayMinutes = (actions[at]!.time - actions[first]!.time) / 60;
    return { found: true, delayActions: at - first + 1, delayMinutes };
  }
  return { found: false, delayActions: null, delayMinutes: null };
}

/** Places of the user's actions that are part of the attack, in order. */
const placesOf = ({ lines }: Label, place: ReadonlyMap<number, number>): number[] =>
  lines
    .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => place.get(from + i)))
    .filter((found) => found !== undefined);

/** Blocks with an attack's action, and those without; what an attack has just been in is neither. */
function blocksOf(actions: readonly JudgedAction[], spans: readonly (readonly number[])[]): Block[] {
  const attacked = new Set(spans.flat());
  const tainted = new Set(spans.flatMap((own) => Array.from({ length: BLOCK }, (_, i) => own.at(-1)! + 1 + i)));
  const blocks: Block[] = [];
  let adjacent = false;
  for (let start = 0; start + BLOCK <= actions.length; start += BLOCK) {
    const places = Array.from({ length: BLOCK }, (_, i) => start + i);
    const label = places.some((one) => attacked.has(one)) ? 1 : 0;
    const score = places.reduce((most, one) => Math.max(most, actions[one]!.score ?? -Infinity), -Infinity);
    const counts = score > -Infinity && (label === 1 || !places.some((one) => tainted.has(one)));
    if (counts) blocks.push({ score, label, adjacent });
    adjacent = counts && label === 0;
  }
  return blocks;
}

/** The lowest line above which normal blocks make at most one alert a day; blocks that follow each other make one. */
function lineOf(blocks: readonly Block[], days: number): number {
  const normal = blocks.filter(({ label }) => label === 0);
  const descending = normal.map(({ score }) => score).sort((a, b) => b - a);
  for (const line of descending) {
    const alerts = normal.filter(
      ({ score, adjacent }, b) => score >= line && !(adjacent && (normal[b - 1]?.score ?? -Infinity) >= line),
    ).length;
    if (alerts > days) return line;
  }
  return -Infinity;
}

/** Several attacks in a few figures. */
export interface AlarmFigures {
  readonly found: number;
  readonly medianDelayActions: number | null;
  readonly medianDelayMinutes: number | null;
}

export interface OutcomeFigures {
  readonly meanRocAuc: number | null;
  readonly attacks: number;
  readonly atOwnLine: AlarmFigures | null;
  readonly atOneAlertADay: AlarmFigures;
}

/** The outcomes of several users. */
export function sumUp(users: readonly UserOutcome[]): OutcomeFigures {
  const all = users.flatMap(({ attacks }) => attacks);
  const aucs = users.map(({ rocAuc: auc }) => auc).filter((auc) => auc !== null);
  const own = all.map(({ atOwnLine }) => atOwnLine).filter((alarm) => alarm !== null);
  return {
    meanRocAuc: aucs.length === 0 ? null : aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length,
    attacks: all.length,
    atOwnLine: own.length === 0 ? null : figuresOf(own),
    atOneAlertADay: figuresOf(all.map(({ atOneADay }) => atOneADay)),
  };
}

function figuresOf(alarms: readonly Alarm[]): AlarmFigures {
  const median = (values: readonly (number | null)[]): number | null => {
    const known = values.filter((value) => value !== null).sort((a, b) => a - b);
    return known[Math.floor(known.length / 2)] ?? null;
  };
  return {
    found: alarms.filter(({ found }) => found).length,
    medianDelayActions: median(alarms.map(({ delayActions }) => delayActions)),
    medianDelayMinutes: median(alarms.map(({ delayMinutes }) => delayMinutes)),
  };
}
