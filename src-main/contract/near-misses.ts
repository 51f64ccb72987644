import type { ActionRow } from './alerts.ts';

/** Alerts a week that the settings offer. */
export const budgets = [0.25, 0.5, 1, 3, 7, 21] as const;

/** What came near an alert and was none; and how many there would have been of each budget. */
export interface NearMisses {
  /** Where the last weeks begin, oldest first, Unix seconds; the last goes up to now. */
  readonly weeks: readonly number[];
  /** Alerts of all users by week, for each of the budgets that are offered. */
  readonly budgets: readonly { readonly perWeek: number; readonly alerts: readonly number[] }[];
  /** The strangest stretches that did not alarm, of all users, nearest to the line first. */
  readonly strangest: readonly {
    readonly user: string;
    /** z of the stretch, and the user's alarm line. */
    readonly z: number;
    readonly line: number;
    /** With which the stretch ended. */
    readonly action: ActionRow;
  }[];
}
