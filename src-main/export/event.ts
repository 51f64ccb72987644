import { bands, type Band } from '../contract/alerts.ts';

/** What there is to tell another system of an alert: nothing of the log but the names of user and host. Times are Unix seconds. */
export interface ExportEvent {
  /** The same whenever it is sent again: whoever receives it twice can tell. */
  readonly id: string;
  /** The alert that it is about. */
  readonly alert: string;
  readonly change: 'opened' | 'extended' | 'closed' | 'answered';
  /** When it was told. */
  readonly at: number;
  readonly user: string;
  readonly host: string;
  readonly band: Band;
  /** 0…100, the alarm line at 50; null where no model says what that line was. */
  readonly severity: number | null;
  /** Strange windows that it holds. */
  readonly count: number;
  readonly firstTime: number;
  readonly lastTime: number;
  /** What kind of act heads it: see contract/story/. */
  readonly act: string;
  readonly verdict: 'normal' | 'suspicious' | null;
}

/** Where events come from, in order. A position is JSON that the feed alone reads. */
export interface Feed {
  /** The position of the present: what is told from now on comes after it. */
  begin(): unknown;
  /** What comes after a position, at most this many, and the position after that; no events where there is nothing new. */
  next(position: unknown, most: number): { readonly events: readonly ExportEvent[]; readonly position: unknown };
}

/** A band that another version knows is told as the least. */
export const bandOf = (text: string): Band => bands.find((band) => band === text) ?? 'low';

/** The program that tells, as the forms name it. */
export const PRODUCT = 'ubad';

/** The last second of the year 9999: forms of time have four digits for a year. */
const LAST = 253_402_300_799;

/** @param seconds what a log said: what no form can hold is told as the nearest that it can */
export const isoOf = (seconds: number): string =>
  new Date(Math.min(Math.max(Number.isNaN(seconds) ? 0 : seconds, 0), LAST) * 1000).toISOString();
