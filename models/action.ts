/** How a column's value is understood. The pack's `learn` blocks use these words; conf/ is the one list. */
export type ColumnKind =
  /** A name or any other label: equal or different, nothing between. */
  | 'word'
  /** A file path: its directories are also looked at. */
  | 'path'
  /** A command line: its first word is also looked at. */
  | 'command'
  /** An IPv4 or IPv6 address: its network and its class (private, loopback, public) are also looked at. */
  | 'address'
  /** A TCP or UDP port: well-known ones are words, the others only their class. */
  | 'port'
  /** A number that is an amount (bytes, seconds, length): binned on a log scale, never a category. */
  | 'quantity'
  /** A number that names one thing once (a pid, an inode, a time): says nothing about what is normal. */
  | 'identity';

export type Change = 'added' | 'removed' | 'snapshot';

/** One thing that osquery reported: one row of one query's result. */
export interface Action {
  /** Short query name, e.g. `process_start`; for a query no pack knows, its name without `pack` and delimiter where these are plain. */
  readonly query: string;
  readonly change: Change;
  /** When it happened, Unix seconds: the event's own time where the table has one, else when osquery logged it. */
  readonly time: number;
  readonly columns: Readonly<Record<string, string>>;
  /** A row of a query's full first result (osquery's counter 0): known from now on, never strange. */
  readonly baseline?: boolean;
  /** A program that runs on, told again because something about it has changed: nothing that anybody did. Never judged. */
  readonly again?: boolean;
}

/** What the app learns from one query: the `learn` block of its entry in conf/. */
export interface QueryLearning {
  readonly query: string;
  /** For people, e.g. "Program start". */
  readonly label: string;
  /** 0…10; how much its actions weigh in a judgement. 0: stored and shown, never judged. */
  readonly importance: number;
  readonly columns: Readonly<Record<string, ColumnKind>>;
}
