import { alertThreshold, type Normal } from '../../models/profile/normal.ts';
import { MOST_Z } from '../../models/profile/calibration.ts';

/** How bad: words for ranges of the severity. */
const bands = ['low', 'medium', 'high', 'critical'] as const;
export type Band = (typeof bands)[number];

/** Severity from which each band begins. */
const FROM: readonly number[] = [0, 50, 70, 85];

/** 0 usual … 50 the alarm line … 100 the strangest there is. @param z of a window; @param alarm the line's z */
export function severityOf(z: number, alarm: number): number {
  const severity = z < alarm ? (50 * Math.max(0, z)) / alarm : 50 + (50 * (z - alarm)) / (MOST_Z - alarm);
  return Math.min(100, Math.floor(severity));
}

export function bandOf(severity: number): Band {
  return bands[FROM.findLastIndex((from) => severity >= from)]!;
}

/** What the user asked for. */
export interface Sensitivity {
  /** Alerts that a person accepts on a user's normal behaviour, a day and user. */
  readonly alertsPerDay: number;
  /** Where the line is to lie instead, as z of a window. */
  readonly alarm?: number;
}

/** When incidents open and close, in z of the window and in actions. */
export interface Thresholds {
  /** A window this strange opens an incident. */
  readonly alarm: number;
  /** A window above this keeps an open one going: lower than `alarm`, so that an incident does not flicker. */
  readonly calm: number;
  /** This many actions in a row with calmer windows close it, … */
  readonly calmFor: number;
  /** … or the first calmer one after this many seconds. */
  readonly calmSeconds: number;
}

const CALM = 2 / 3;
const CALM_FOR = 50;
export const CALM_SECONDS = 7200;

/** The alarm line of a subject of whom there is no model: only what was never there before is judged of them. */
const WITHOUT_MODEL = 4;

/** The thresholds of a subject without a model. */
export const standingThresholds: Thresholds = thresholdsAt(WITHOUT_MODEL);

/** The thresholds for one user: their own, from what their normal behaviour looks like. */
export function thresholdsOf(
  normal: Normal,
  { alertsPerDay, alarm = alertThreshold(normal, alertsPerDay) }: Sensitivity,
): Thresholds {
  return thresholdsAt(alarm);
}

function thresholdsAt(alarm: number): Thresholds {
  return { alarm, calm: CALM * alarm, calmFor: CALM_FOR, calmSeconds: CALM_SECONDS };
}

/** An incident that is open. */
export interface OpenIncident {
  readonly id: number;
  readonly peak: number;
  readonly count: number;
  /** Actions since the window was last above `calm`. */
  readonly calm: number;
  /** When the window was last above `calm`, Unix seconds. */
  readonly since: number;
}

/** A judged window. */
export interface JudgedWindow {
  readonly z: number;
  /** Of its last action, Unix seconds. */
  readonly time: number;
  /** Its last action is the end of something, a logout say: it may tell that it is over, never that something strange begins. */
  readonly ends?: boolean;
}

export type Verdict =
  | { readonly step: 'nothing' }
  | { readonly step: 'open' }
  | { readonly step: 'extend'; readonly next: OpenIncident }
  /** Calm, but not for long enough. */
  | { readonly step: 'wait'; readonly next: OpenIncident }
  | { readonly step: 'close' };

/** What a window's z means for the user's open incident, or for there being none. */
export function judge(
  open: OpenIncident | undefined,
  { z, time, ends = false }: JudgedWindow,
  options: Thresholds,
): Verdict {
  if (!open) return { step: z >= options.alarm && !ends ? 'open' : 'nothing' };
  if (z >= options.calm) {
    if (ends) return { step: 'wait', next: open };
    const { id, peak, count } = open;
    return { step: 'extend', next: { id, peak: Math.max(peak, z), count: count + 1, calm: 0, since: time } };
  }
  if (open.calm + 1 >= options.calmFor || time - open.since >= options.calmSeconds) return { step: 'close' };
  return { step: 'wait', next: { ...open, calm: open.calm + 1 } };
}

/** The incident that is open after a verdict. @param id of one that opens now */
export function openAfter(
  verdict: Verdict,
  open: OpenIncident | undefined,
  { z, time }: JudgedWindow,
  id: number,
): OpenIncident | undefined {
  switch (verdict.step) {
    case 'nothing':
      return open;
    case 'open':
      return { id, peak: z, count: 1, calm: 0, since: time };
    case 'close':
      return undefined;
    default:
      return verdict.next;
  }
}
