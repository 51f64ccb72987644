import type { ScopeParts } from './story/rules.ts';
import type { ScopeKind, Width } from './story/scope-kinds.ts';
import type { Phrase } from './story/story.ts';

/** What a person can answer an alert with: rules for what was them, steps against what was not. */

/** A rule that can be made of an act. */
export interface RuleOffer {
  readonly kinds: readonly ScopeKind[];
  readonly width: Width;
  readonly holds: ScopeParts;
}

/** An act of an alert, and the rules that can be made of it, narrowest first. */
export interface ActOffers {
  readonly action: number;
  /** What was done; null where the alert has no story. */
  readonly phrase: Phrase | null;
  readonly offers: readonly RuleOffer[];
}

/** What to do about an alert that was not the user. */
export type StepKind =
  | 'lock'
  | 'session'
  | 'terminal'
  | 'process'
  | 'evidence'
  | 'key'
  | 'cron'
  | 'autostart'
  | 'unit'
  | 'account'
  | 'admin'
  | 'sudo'
  | 'module'
  | 'device'
  | 'port'
  | 'secrets'
  | 'disconnect'
  | 'password'
  | 'tell';

export interface Step {
  /** Stays the same as long as the alert is about the same act: by it a tick is kept. */
  readonly key: string;
  readonly kind: StepKind;
  /** What to do: a phrase of `step.…`. */
  readonly phrase: Phrase;
  /** For a terminal; null where a hand does it, or where it is done already. Shown and copied, never run. */
  readonly command: string | null;
  /** How to take it back; null where that needs no command or cannot be. */
  readonly undo: string | null;
  /** What else is known: that it has ended, that it is another machine's. A phrase of `step.…`. */
  readonly note: Phrase | null;
  /** Unix seconds when a person ticked it; null: not yet. */
  readonly done: number | null;
}

/** A file that tells of an alert. */
export interface AlertFile {
  /** Without a folder: "ubad-alert-7.html". */
  readonly name: string;
  readonly type: string;
  readonly text: string;
}
