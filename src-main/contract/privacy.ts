/** What a person can have forgotten, or taken along. Times are Unix seconds. */
import type { ActionRow, AlertDetail } from './alerts.ts';
import type { FeedbackRow, ModelVersion } from './models.ts';

/** What was deleted; it is gone from the database file too. */
export interface Deleted {
  readonly actions: number;
  readonly alerts: number;
  /** Models that had learned from it and are deleted with it. Who has enough left is trained again. */
  readonly models: number;
}

/** A page of all that is known of a user; the parts of all pages are one whole. */
export interface ExportPage {
  readonly user: string;
  readonly exportedAt: number;
  /** On the first page only, else null. */
  readonly about: {
    readonly firstSeen: number;
    readonly lastSeen: number;
    readonly alerts: readonly AlertDetail[];
    readonly feedback: readonly FeedbackRow[];
    readonly models: readonly ModelVersion[];
  } | null;
  /** In log order. */
  readonly actions: readonly ActionRow[];
  /** `after` of the next page; null: that was all. */
  readonly next: number | null;
}
