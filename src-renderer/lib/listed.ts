/** What a mark in a lane stands for. Times are Unix seconds. */
export interface Mark {
  readonly kind: string;
  readonly label: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** What of a stretch's actions is listed. */
export interface Wanted {
  /** A query's name; empty: all. */
  readonly kind: string;
  readonly order: 'newest' | 'strangest';
}
