/** What the window says of models, and of what people said. Times are Unix seconds. */
import type { Algorithm } from '../../models/algorithm.ts';
import type { Verdict } from './alerts.ts';
import type { ScopeParts } from './story/rules.ts';

/** What a user's model is doing, and why it does not do more. `secondsLeft` null: nobody can tell. */
export type ModelState =
  /** "1,240 of 3,000 actions; at this pace about 4 days" */
  | {
      readonly state: 'waiting';
      readonly reason: 'too-few-actions';
      readonly seen: number;
      readonly needed: number;
      /** In the last seven days, or since there are any. */
      readonly actionsPerDay: number;
      readonly secondsLeft: number | null;
    }
  /** There is enough; the training begins with the next line, or after that of another user. */
  | { readonly state: 'waiting'; readonly reason: 'turn'; readonly seen: number; readonly needed: number }
  | { readonly state: 'training'; readonly progress: number; readonly secondsLeft: number | null }
  | {
      readonly state: 'ready';
      readonly version: number;
      /** It is trained again at this many stored actions. */
      readonly retrainAt: number;
      /** A new model is still compared with the one before it: until this many are stored. Null: it is not. */
      readonly canaryUntil: number | null;
    }
  /** There are versions, and none of them can be used. `reason` is a sentence. */
  | { readonly state: 'unusable'; readonly reason: string };

/** What a version is kept for. `judging`: it judges now; `reference`: the trusted one that the user is held against; `before`: the
 *  one that is gone back to where the new one proves worse; `kept`: a person may go back to it. */
export type VersionRole = 'judging' | 'reference' | 'before' | 'kept';

/** What is other about a version than about the one before it of the same algorithm. Null where one of the two does not tell. */
export interface VersionChange {
  /** `learned-on`: the same training, and what came since; `trained`: trained again. */
  readonly by: 'trained' | 'learned-on';
  /** Actions that it was trained on, more than the one before. */
  readonly actions: number | null;
  /** Labels of kinds of action that only the one or the other was trained on. */
  readonly queries: { readonly more: readonly string[]; readonly fewer: readonly string[] } | null;
  /** Names and values that it knows, more than the one before. */
  readonly words: number | null;
  /** Detectors that only the one or the other has. */
  readonly detectors: { readonly more: readonly string[]; readonly fewer: readonly string[] } | null;
  /** Of the LSTM, at the end of the training: what was held out or, where that is not known of both, what was learned. */
  readonly loss: { readonly of: 'held-out' | 'learned'; readonly was: number; readonly is: number } | null;
  /** z of today's alarm line by the one and by the other. */
  readonly line: { readonly was: number; readonly is: number } | null;
}

export interface ModelVersion {
  readonly version: number;
  readonly user: string;
  readonly algorithm: Algorithm;
  readonly created: number;
  readonly active: boolean;
  /** What it was trained on; null where what is stored of it is damaged. */
  readonly training: { readonly actions: number; readonly from: number; readonly to: number } | null;
  /** By detector: mean loss, in the detector's own unit, of each slice of the training in order; none in older versions. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** By detector: the same of actions that trainings like it left out; none in older versions. */
  readonly heldOutCurves: Readonly<Record<string, readonly number[]>>;
  /**
   * z of the strangest moments of stretches of the user's own that were held out: the least, what 5, 25, 50, 75 and 95 % of them do not
   * pass, the strangest. `all`: of all evidence together, on which the alarm line lies; by detector: none in older versions.
   */
  readonly spreads: {
    readonly all: readonly number[];
    readonly detectors: Readonly<Record<string, readonly number[]>>;
  };
  /** How it was trained; as is usual where nobody chose anything. */
  readonly tuning: Readonly<Record<string, number | null>>;
  readonly roles: readonly VersionRole[];
  /** Null: there is none before it. */
  readonly change: VersionChange | null;
  /**
   * How normal behaviour that it had not learned looked to it: over this many stretches and days, the share that would have
   * alarmed with today's budget, 0…1, and that budget's line as z. Null for a version of another form.
   */
  readonly heldBack: {
    readonly stretches: number;
    readonly days: number;
    readonly alarmed: number;
    readonly line: number;
  } | null;
  readonly diskBytes: number;
  /** Why it cannot be gone back to: a sentence. Null: it can be, or is in use. */
  readonly problem: string | null;
}

/** How strange a user was in the last week before they were seen last, hour by hour. */
export interface Errors {
  /** Where bucket 0 begins, a whole hour; and where the last of them ends. */
  readonly from: number;
  readonly to: number;
  readonly bucketSeconds: number;
  /** z of the alarm line now; null without a model. */
  readonly alarm: number | null;
  /** Oldest first; hours in which nothing was judged are left out. Highest z: of all evidence, and as the two models found it. */
  readonly hours: readonly {
    readonly bucket: number;
    readonly judged: number;
    readonly all: number;
    readonly lstm: number | null;
    readonly ocsvm: number | null;
    /** One of the alerts that its windows belong to; null for none. */
    readonly alert: number | null;
  }[];
}

/** What the alert budget promised, and what came of it. */
export interface ModelCalibration {
  /** z from which a window alarms. */
  readonly line: number;
  /** Alerts a day on normal behaviour: wanted by the person, and to be expected with this line. */
  readonly budgetPerDay: number;
  readonly promisedPerDay: number;
  /** Days that the next two are of: 30, or as long as the user is known. */
  readonly days: number;
  /** Alerts that this line would have given on the windows of these days. */
  readonly wouldHave: number;
  /** Alerts there were in these days. */
  readonly came: number;
}

/** One user's model of the algorithm in use. */
export interface ModelReport {
  readonly user: string;
  readonly algorithm: Algorithm;
  readonly state: ModelState;
  /** Stored actions of the user. */
  readonly actions: number;
  readonly calibration: ModelCalibration | null;
  /** By detector, how far its view of the user had moved when the model was stored: shift in z −1…1, and spread in times of what it was. */
  readonly drift: Readonly<Record<string, { readonly shift: number; readonly spread: number }>>;
  /** The user is to be asked whether it was them: since when, Unix seconds, and how much of what does not alarm now would have then, 0…1. */
  readonly slowChange: { readonly since: number; readonly share: number } | null;
  /** What people said of the user's alerts. `rate`: the share of false alarms among those, 0…1; null before anybody said anything. */
  readonly feedback: {
    readonly normal: number;
    readonly suspicious: number;
    readonly unsaid: number;
    readonly rate: number | null;
  };
  /** Of the algorithm in use and of others, newest first. */
  readonly versions: readonly ModelVersion[];
  /** All of them together. */
  readonly diskBytes: number;
}

/** Something that a person said. */
export interface FeedbackRow {
  readonly id: number;
  readonly at: number;
  readonly user: string;
  /** Null where it was not said of an alert. */
  readonly alert: number | null;
  readonly verdict: Verdict;
  /** What it holds for from then on; null: that alert alone. */
  readonly scope: string | null;
  readonly expires: number | null;
  readonly undoneAt: number | null;
}

/** What holds for a user's actions until it expires or is taken back by `undo(id)`, which is exact. */
export interface RuleRow extends FeedbackRow {
  readonly scope: string;
  readonly holds: ScopeParts;
  /**
   * What a rule that says "normal" has hidden until now: actions that fit it, came after it, and ended windows that were too
   * strange to be learned yet stand in no alert; of what is still stored. `last`: the time of the last of them.
   */
  readonly hid: { readonly actions: number; readonly last: number | null };
}
