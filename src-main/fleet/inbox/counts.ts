/** What an inbox says of itself. */

/** How far an inbox has read. */
export interface InboxRead {
  /** When the server made the stream. */
  readonly created: string;
  readonly position: number;
  /** The last alert that is kept: its sequence, and when the server stored it (Unix seconds). */
  readonly last: { readonly seq: number; readonly at: number } | undefined;
}

export interface InboxCounts {
  /** Sequence of the stream up to which it was read. */
  readonly position: number;
  /** Position of the last that was told: what is handed on is counted by it. */
  readonly newest: number;
  readonly refused: number;
  readonly lost: number;
  readonly waiting: number;
  readonly alerts: number;
  /** Messages that are kept. */
  readonly told: number;
}
