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

/** An attack as labels tell it. */
export interface LabelledAttack extends Pick<Label, 'id' | 'name' | 'mitre' | 'user' | 'lines'>, AttackGroup {
  /** The machine that it is on, where the label tells. */
  readonly host?: string;
  readonly strength: string;
}

/** What an attack is of a kind with, where its label tells it. */
export interface AttackGroup {
  readonly family?: string;
  /** How the adversary is in. */
  readonly entry?: string;
  /** While the user is at work. */
  readonly inHours?: boolean;
}

/** What became of one attack. */
export interface AttackOutcome extends AttackGroup {
  readonly id: string;
  readonly name: string;
  readonly mitre: string;
  readonly strength: string;
  readonly user: string;
  /** At the user's own line; null for a method that has none. */
  readonly atOwnLine: Detection | null;
  /** At the line above which normal behaviour of this very test alarms once a day. */
  readonly atOneADay: Detection;
}

/** Whether and when an attack alarmed. */
export interface Detection {
  readonly found: boolean;
  /** Of the user's actions until then, the attack's first being 1; null when it was not found, or by an alert of somebody else. */
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

/** Actions of a block; and after an attack's last one, this many in which its windows may still alarm, … */
const BLOCK = 50;
/** … for so long at most. */
const GRACE_SECONDS = 3600;

export interface Block extends Scored {
  /** Lines of its first and last action, as labels count them. */
  readonly from: number;
  readonly to: number;
  /** Of its last action, Unix seconds. */
  readonly time: number;
  /** Follows the block before at once. */
  readonly adjacent: boolean;
}

/**
 * What one user's judged actions say of the attacks on that user.
 * @param alarm score from which a window alarms, if there is one
 * @param others lines, as labels count them, at which alerts of machines and other accounts opened: an attack's own row that alarms
 * there is as good, at the user's own line, as one that alarms at the user
 */
export function outcomeOf(
  user: string,
  actions: readonly JudgedAction[],
  labels: readonly LabelledAttack[],
  alarm: number | undefined,
  others: readonly number[] = [],
): UserOutcome {
  const spans = spansOf(user, actions, labels);
  const blocks = blocksOf(actions, spans);
  const days = new Set(actions.map(({ time }) => Math.floor(time / 86_400))).size;
  const line = lineOf(blocks, days);
  return {
    user,
    actions: actions.length,
    days,
    rocAuc: rocAuc(blocks) ?? null,
    attacks: spans.map(({ label, own }) => ({
      ...aboutOf(label),
      atOwnLine:
        alarm === undefined
          ? null
          : withOthers(
              detectionOf(actions, own, (score) => score >= alarm),
              label,
              others,
            ),
      atOneADay: detectionOf(actions, own, (score) => score > line),
    })),
  };
}

/** What an outcome repeats of its label. */
const aboutOf = ({ id, name, mitre, strength, user, family, entry, inHours }: LabelledAttack) => ({
  id,
  name,
  mitre,
  strength,
  user,
  ...(family !== undefined && { family }),
  ...(entry !== undefined && { entry }),
  ...(inHours !== undefined && { inHours }),
});

/** An attack on a user, and the places of the user's actions that are part of it, in order: none where only others' are. */
interface Span {
  readonly label: LabelledAttack;
  readonly own: readonly number[];
}

function spansOf(user: string, actions: readonly JudgedAction[], labels: readonly LabelledAttack[]): Span[] {
  const place = new Map(actions.map(({ line }, a) => [line, a]));
  return labels.filter((label) => label.user === user).map((label) => ({ label, own: placesOf(label, place) }));
}

/** The user's blocks of 50 actions, as ROC-AUC is counted over them: what an attack has just been in is left out. */
export const labelledBlocks = (
  user: string,
  actions: readonly JudgedAction[],
  labels: readonly LabelledAttack[],
): readonly Block[] => blocksOf(actions, spansOf(user, actions, labels));

/** How many of the incidents began in no attack, nor in what of it still counts. @param opened lines with which they did */
export function falseIncidents(
  user: string,
  actions: readonly JudgedAction[],
  labels: readonly LabelledAttack[],
  opened: readonly number[],
): number {
  const spans = spansOf(user, actions, labels)
    .filter(({ own }) => own.length > 0)
    .map(({ own }) => [actions[own[0]!]!.line, actions[endOf(actions, own.at(-1)!)]!.line] as const);
  return opened.filter((line) => !spans.some(([first, last]) => line >= first && line <= last)).length;
}

/** The last action whose alarm is still counted for an attack that ended with action `last`. */
function endOf(actions: readonly JudgedAction[], last: number): number {
  let end = last;
  while (end < last + BLOCK && (actions[end + 1]?.time ?? Infinity) <= actions[last]!.time + GRACE_SECONDS) end++;
  return end;
}

/**
 * The first time that the score passes the line in the attack: an alarm that was on before says nothing of it.
 * @param own places of its actions
 */
function detectionOf(
  actions: readonly JudgedAction[],
  own: readonly number[],
  alarms: (score: number) => boolean,
): Detection {
  const first = own[0] ?? 0;
  const last = own.length === 0 ? -1 : endOf(actions, own.at(-1)!);
  const isOn = (at: number): boolean => {
    const score = actions[at]?.score;
    return score !== undefined && alarms(score);
  };
  for (let at = first; at <= last; at++) {
    if (!isOn(at) || isOn(at - 1)) continue;
    const delayMinutes = (actions[at]!.time - actions[first]!.time) / 60;
    return { found: true, delayActions: at - first + 1, delayMinutes };
  }
  return MISSED;
}

const MISSED: Detection = { found: false, delayActions: null, delayMinutes: null };

/** Whether the line is a row of the attack. */
export const isOf = ({ lines }: Pick<LabelledAttack, 'lines'>, line: number): boolean =>
  lines.some(([first, last]) => line >= first && line <= last);

const withOthers = (detection: Detection, label: LabelledAttack, others: readonly number[]): Detection =>
  !detection.found && others.some((line) => isOf(label, line))
    ? { found: true, delayActions: null, delayMinutes: null }
    : detection;

/** Places of the user's actions that are part of the attack, in order. */
const placesOf = ({ lines }: LabelledAttack, place: ReadonlyMap<number, number>): number[] =>
  lines
    .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => place.get(from + i)))
    .filter((found) => found !== undefined);

/** Blocks with an attack's action, and those without; what an attack has just been in is neither. */
function blocksOf(actions: readonly JudgedAction[], spans: readonly Span[]): Block[] {
  const attacked = new Set(spans.flatMap(({ own }) => own));
  const ends = spans.flatMap(({ own }) => own.at(-1) ?? []);
  const tainted = new Set(ends.flatMap((end) => Array.from({ length: BLOCK }, (_, i) => end + 1 + i)));
  const blocks: Block[] = [];
  let adjacent = false;
  for (let start = 0; start + BLOCK <= actions.length; start += BLOCK) {
    const places = Array.from({ length: BLOCK }, (_, i) => start + i);
    const label = places.some((one) => attacked.has(one)) ? 1 : 0;
    const score = places.reduce((most, one) => Math.max(most, actions[one]!.score ?? -Infinity), -Infinity);
    const counts = score > -Infinity && (label === 1 || !places.some((one) => tainted.has(one)));
    const [first, last] = [actions[start]!, actions[start + BLOCK - 1]!];
    if (counts) blocks.push({ score, label, adjacent, from: first.line, to: last.line, time: last.time });
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
