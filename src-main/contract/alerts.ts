import type { ActOffers, Step } from './answer.ts';
import type { ScopeParts } from './story/rules.ts';
import type { Phrase, Story } from './story/story.ts';

/** What the engine tells of incidents, users and models, in words and numbers that need nothing else to be shown. */
export const bands = ['low', 'medium', 'high', 'critical'] as const;
export type Band = (typeof bands)[number];

/** What may be said of an alert. */
export const verdicts = ['normal', 'suspicious'] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * What an action, or a field of one, is called, taken apart: the label and the names of columns may be worded in the reader's
 * language, values are the log's own.
 */
export interface Words {
  /** What the pack calls the query: "Program start". */
  readonly label: string;
  /** It is the end of that, or only a change of it: nothing began. */
  readonly how?: 'ended' | 'changed';
  /** Of a field: its column's name. */
  readonly column?: string;
  /** How the field's value was widened: "dir", "top", "net", "class", "verb". */
  readonly wider?: string;
  /** Absent where nothing tells the action from others. */
  readonly value?: string;
  /** There is no name for it: it was past what the model can tell apart. */
  readonly rare?: true;
}

/** Something that is called by a name. */
export interface Told {
  /** In English: "Program start /usr/bin/nc". */
  readonly text: string;
  /** Absent of what is no part of the log, and of what an older version has stored. */
  readonly words?: Words;
}

/** One incident, as a row. Times are Unix seconds. */
export interface AlertRow {
  readonly id: number;
  readonly user: string;
  readonly band: Band;
  /** 0…100, the alarm line at 50; null where no model says what that line was. */
  readonly severity: number | null;
  /** Strange windows it holds. */
  readonly count: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly state: 'open' | 'closed';
  readonly verdict: Verdict | null;
  /** One sentence; names commands. */
  readonly sentence: string;
  /** What happened, see story/tell.ts; null where what is stored of it is damaged. */
  readonly headline: Phrase | null;
}

/** What a notification may say: no command lines, which desktops log. */
export interface AlertEvent extends Omit<AlertRow, 'sentence' | 'headline'> {
  readonly change: 'opened' | 'extended' | 'closed';
  /** It happened on this machine: its screen is the one to be locked. */
  readonly here: boolean;
  /** What kind of act heads it: told by `briefText` of story/tell.ts, without anything of the log. */
  readonly act: string;
  /** Share of the user's windows that are less strange, 0…1, and of which windows; null where what is stored of it is damaged. */
  readonly rank: { readonly share: number; readonly of: 'last-30-days' | 'training' | 'never-before' } | null;
  /** Hours of the local clock, 0…23 and 1…24, in which the user is usually at work; null: no hours are usual. */
  readonly usual: { readonly from: number; readonly to: number } | null;
}

/** Everything about one incident. */
export interface AlertDetail extends AlertRow {
  /** z of the strangest window. */
  readonly peak: number;
  readonly story: Story;
  /** What spoke against it, largest share first; with `rest` the shares sum to 1. */
  readonly factors: readonly (Told & { readonly share: number; readonly by: readonly string[] })[];
  readonly rest: number;
  /** Each detector's z and its part of the judgement; negative: it spoke for the user. */
  readonly votes: readonly { readonly detector: string; readonly z: number; readonly share: number }[];
  readonly familiar: readonly (Told & { readonly share: number })[];
  readonly surprises: readonly (Told & {
    readonly probability: number;
    readonly expected: readonly (Told & { readonly probability: number })[];
  })[];
  readonly nearest: readonly { readonly from: number; readonly similarity: number }[];
  /** The strangest actions, strangest first. */
  readonly actions: readonly ActionRow[];
  readonly rank: NonNullable<AlertEvent['rank']>;
  /** The chance that normal behaviour has a window so strange, 0…1. */
  readonly chance: number;
  /** Up to five actions of the user before and after the strangest one, in log order; what is no longer stored is missing. */
  readonly before: readonly ActionRow[];
  readonly after: readonly ActionRow[];
  /** The rules that can be made of its acts, the one that heads it first. */
  readonly offers: readonly ActOffers[];
  /** What to do where it was not the user, in order. */
  readonly steps: readonly Step[];
  /** Alerts that belong to it, newest first. */
  readonly twins: readonly Twin[];
  /** It is about the account in which the program runs, on this machine: whoever reads it is asked about themselves. */
  readonly mine: boolean;
  /** What was said of it and stands, newest last. */
  readonly feedback: readonly GivenFeedback[];
}

export interface ActionRow extends Told {
  readonly id: number;
  readonly time: number;
  readonly query: string;
  /** The row as osquery gave it. */
  readonly columns: Readonly<Record<string, string>>;
  /** Where it was read: the log's path and the 1-based line in it. Null for what is no longer stored. */
  readonly where: { readonly host: string; readonly path: string; readonly line: number } | null;
  /** z; null where no model judged it. */
  readonly score: number | null;
}

/** What a person said, and where it is taken back: the id. */
export interface GivenFeedback {
  readonly id: number;
  readonly verdict: Verdict;
  /** What it holds for from then on, in English and taken apart; null: this alert alone. */
  readonly scope: string | null;
  readonly holds: ScopeParts | null;
  /** Unix seconds; null: for good. */
  readonly expires: number | null;
}

/** What a rule would have done to the alerts of the last days. */
export interface RulePreview {
  readonly scope: string;
  readonly holds: ScopeParts;
  readonly days: number;
  /** By band. */
  readonly incidents: Readonly<Record<string, number>>;
  readonly hidden: Readonly<Record<string, number>>;
  /** Those that it would have hidden, newest first. */
  readonly alerts: readonly { readonly id: number; readonly band: Band; readonly headline: Phrase | null }[];
  /** Whether it would have hidden the alert that it is made of, and why not: a phrase of `hides.…`. */
  readonly own: { readonly hidden: boolean; readonly why: Phrase };
  /** How many of the user's last actions it fits: a phrase of `hides.fits`. */
  readonly fits: Phrase;
}

/** An alert that belongs to another one: the same address, program or thing was new in both. */
export interface Twin {
  readonly id: number;
  readonly user: string;
  readonly band: Band;
  readonly lastTime: number;
  readonly answered: boolean;
  readonly headline: Phrase | null;
  /** What they share: a phrase of `twin.…`. */
  readonly shared: Phrase;
}

export interface TimelineRow extends ActionRow {
  /** z of the window that ends here; null where no model judged it. */
  readonly window: number | null;
  readonly incident: number | null;
}

/** One user, and how far the engine knows them. */
export interface UserStatus {
  readonly name: string;
  readonly actions: number;
  readonly lastSeen: number;
  /** Those that go on now. */
  readonly openAlerts: number;
  /** Those that nobody has answered, be they over or not: the one number that is told of alerts. */
  readonly waitingAlerts: number;
  /** Those of them that nobody has looked at yet. */
  readonly newAlerts: number;
  /** `progress` 0…1: of the actions that are needed, then of the training. */
  readonly model:
    | { readonly state: 'learning' | 'training'; readonly progress: number }
    | { readonly state: 'ready'; readonly version: number };
}

export interface EngineStatus {
  readonly users: readonly UserStatus[];
  /** All users' together. */
  readonly openAlerts: number;
  readonly waitingAlerts: number;
  readonly newAlerts: number;
  /** The newest alerts that go on or wait for an answer, newest first: three at most. */
  readonly lastAlerts: readonly AlertRow[];
  readonly refused: readonly { readonly reason: string; readonly count: number }[];
  readonly lost: readonly { readonly host: string; readonly query: string; readonly count: number }[];
  readonly databaseBytes: number;
}
