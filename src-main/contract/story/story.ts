/**
 * What happened in an incident, as facts: made by the engine, stored with the incident, worded by `tell.ts` in the reader's
 * language. Values are the log's own words, shortened and visible; every surface has its own door for them all the same.
 */

/** A text of the catalogue, and what is put into it. */
export interface Phrase {
  readonly id: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** Acts of the incident that look alike, as one. Times are Unix seconds. */
export interface EntityRow {
  /** What kind of act it is: a word of the catalogue's `kind.…`. */
  readonly act: string;
  readonly phrase: Phrase;
  /** Who started what, and what it touched: parent, program, address and port or file. Empty where none is known. */
  readonly chain: readonly string[];
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** How often this user did it before the incident, of what was looked at. */
  readonly seen: number;
  /** What the program is for, where a technique of ATT&CK names it: a word of `tool.…`. */
  readonly tool?: string;
  /** The program is known, but never came from this parent before. */
  readonly newFrom?: string;
  /** The machine told of it, and not by whom: it belongs to the incident by its time alone. */
  readonly ofMachine?: boolean;
  /** The first action of it. */
  readonly action: number;
}

export interface Story {
  readonly headline: Phrase;
  /** What kind of act heads it: a word of `kind.…`. */
  readonly act: string;
  /** How much such acts weigh in a judgement, 0…10: the importance of the query that told of it. */
  readonly weight: number;
  /** Acts that are new or rare for the user, in order of time. */
  readonly rows: readonly EntityRow[];
  /** Usual acts among them, the most frequent first. */
  readonly usual: readonly EntityRow[];
  /** Rows of both that are left out. */
  readonly more: number;
  /** Actions that the rows were made of. */
  readonly acts: number;
  /** Kinds of act that stand for a tactic each, see tactics.ts, and the rows that made it, as positions in `rows`. */
  readonly tactics: readonly { readonly act: string; readonly rows: readonly number[] }[];
  /** The local hours in which the user is usually at work, and whether this was outside of them; null: none are usual. */
  readonly hours: { readonly from: number; readonly to: number; readonly outside: boolean } | null;
  /** From where: the login; null where the log does not tell. */
  readonly where: Phrase | null;
  /** The past that was looked at, in days before the incident. */
  readonly days: number;
  /** The machine that told of it; absent where that is no longer known, and of stories of older versions. */
  readonly host?: string;
  /** The first action that the rows were made of. */
  readonly since: number;
  /** The last action that it tells of; absent of stories of older versions. */
  readonly until?: number;
}
