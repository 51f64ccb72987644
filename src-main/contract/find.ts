/** What is asked further: everything with a value, and everything around an alert. Times are Unix seconds. */
import type { AlertRow } from './alerts.ts';
import type { FoundAction } from './timeline.ts';

/** As what a value is asked for: a value of rows (address, program, file, parent, session), a user, or a host. */
export const soughtKinds = ['value', 'user', 'host'] as const;

export interface Sought {
  readonly as: (typeof soughtKinds)[number];
  readonly value: string;
}

/** How often one user did something with it on one host. */
export interface WhoHasIt {
  readonly user: string;
  readonly host: string;
  readonly count: number;
  /** Of the first and the last of these actions by the log's order. */
  readonly first: number;
  readonly last: number;
}

/** Everything with a value, summed up. */
export interface Entity extends Sought {
  /** Actions that have it. */
  readonly count: number;
  /** Null: there is none. */
  readonly first: number | null;
  readonly last: number | null;
  /** Most actions first; at most 200. */
  readonly who: readonly WhoHasIt[];
  /** Users and hosts that are left out. */
  readonly more: number;
  /** Alerts in whose stretch it was seen, newest first; at most 50. */
  readonly alerts: readonly AlertRow[];
  /** As what else the same text is known. */
  readonly also: readonly Sought['as'][];
  /** False: older actions of a database of an older version are still to be looked at. */
  readonly complete: boolean;
}

/** A program that was started, in the tree of who started whom. */
export interface TreeNode {
  /** 0: nobody is known to have started it. Its parent is the nearest node before it with a smaller depth. */
  readonly depth: number;
  readonly name: string;
  readonly pid: string;
  /** The action that tells of its start; null: only a child named it. */
  readonly action: number | null;
  readonly time: number | null;
  /** It is one of the alert's own acts. */
  readonly own: boolean;
}

/** Some of a stretch's actions. */
export interface Around {
  readonly from: number;
  readonly to: number;
  /** All there are. */
  readonly count: number;
  readonly rows: readonly (FoundAction & { readonly own: boolean })[];
}

/** What else there is to see about an alert. */
export interface Further {
  /** Empty where no process numbers are known. */
  readonly tree: readonly TreeNode[];
  /** What the same login session did, oldest first; null: the log does not tell of a session. */
  readonly session: (Around & { readonly value: string; readonly host: string }) | null;
  /** A quarter of an hour before and after its telling act, whoever did it, the strangest first. */
  readonly around: Around;
}
