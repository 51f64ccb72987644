/** A field or an action, in the log's own words. */
export interface Named {
  readonly query: string;
  /** Of an action: it is the end of what the query tells of. */
  readonly ended?: true;
  /** Of a field; an action as a whole has `columns`. */
  readonly column?: string;
  /** The field's value. */
  readonly value?: string;
  /** All that an action was told from others by; empty: it was past the vocabulary. */
  readonly columns?: Readonly<Record<string, string>>;
  /** How the value was widened: "dir", "top", "net", "class", "verb". */
  readonly wider?: string;
}
