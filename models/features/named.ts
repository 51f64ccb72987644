/** A field or an action, in the log's own words. */
export interface Named {
  readonly query: string;
  /** Of a field; an action as a whole has none. */
  readonly column?: string;
  /** The value; of an action all its values, `column=value` each. Empty: it was past the vocabulary. */
  readonly value: string;
  /** How the value was widened: "dir", "top", "net", "class", "verb". */
  readonly wider?: string;
}
