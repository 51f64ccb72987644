/** What the window draws of a user's time. Times are Unix seconds. */
import type { ActionRow, Band, UserStatus, Verdict } from './alerts.ts';

/** One kind of action, in time. */
export interface Lane {
  /** The query's name. */
  readonly kind: string;
  /** "Program start" */
  readonly label: string;
  readonly total: number;
  /** Oldest first; buckets without any are left out. */
  readonly marks: readonly {
    /** 0…: the bucket that begins at `Series.start + bucket · Series.bucketSeconds`. */
    readonly bucket: number;
    readonly count: number;
    /** Exact times of the first and the last of them. */
    readonly first: number;
    readonly last: number;
  }[];
}

/**
 * A user's stretch of time in buckets. They are as long as asked for or longer: one of a few round lengths, and begin at
 * multiples of it, so that nothing jumps when a chart is moved.
 */
export interface Series {
  /** Where bucket 0 begins: at `from` or before it. */
  readonly start: number;
  readonly bucketSeconds: number;
  /** The busiest first. */
  readonly lanes: readonly Lane[];
  /** Of buckets with judged windows, oldest first. */
  readonly scores: readonly {
    readonly bucket: number;
    /** Highest z of the windows that end in it. */
    readonly peak: number;
    readonly judged: number;
    /** One of the incidents that its windows belong to; null for none. */
    readonly incident: number | null;
  }[];
  /** z of the user's alarm line now; null without a model. */
  readonly alarm: number | null;
  /** Incidents that lie in the stretch or reach into it, oldest first; the newest 500. */
  readonly incidents: readonly {
    readonly id: number;
    readonly from: number;
    readonly to: number;
    readonly band: Band;
    readonly severity: number | null;
    readonly verdict: Verdict | null;
    readonly state: 'open' | 'closed';
  }[];
}

/** What a chart must not take for quiet. */
export interface Spans {
  /**
   * When the log gave nothing at all, of nobody: with osquery's heartbeat for a quarter of an hour, without it for six
   * hours. The one that lasts until now has no end. Those of the first line and before are not told.
   */
  readonly gaps: readonly { readonly from: number; readonly to: number | null }[];
  /** How long nothing may come before it is called a gap; and whether heartbeats come, without which a gap is a guess. */
  readonly gapSeconds: number;
  readonly heartbeat: boolean;
  /** When a person wanted to be told nothing; lines were read and judged all the same. */
  readonly pauses: readonly { readonly from: number; readonly to: number }[];
  /** Results that osquery counted and that never came, by the day they were noticed last. */
  readonly losses: readonly {
    readonly host: string;
    readonly query: string;
    readonly count: number;
    readonly at: number;
  }[];
}

/** When a user works. Local time. Quarters of an hour in which there was an alert that nobody called normal do not count. */
export interface Hours {
  /** Actions that were counted, and the days on which there were any: of the last 90 before the user was seen last. */
  readonly actions: number;
  readonly days: number;
  /** Share of the actions, 0…1; shape [7 weekdays, Monday first][24 hours]; sums to 1, or to 0 without actions. */
  readonly share: readonly (readonly number[])[];
  /**
   * The shortest run of whole hours that holds `holds` of the actions, over midnight too; of two the earlier. `from` 0…23;
   * `to` 1…24, or smaller than `from` over midnight. Null before there are three days.
   */
  readonly band: { readonly from: number; readonly to: number; readonly holds: number } | null;
}

/** Something that a user uses, and how often. */
export interface KnownThing {
  readonly name: string;
  readonly count: number;
  /** Days of the local calendar on which it was seen. */
  readonly days: number;
  /** Unix seconds. */
  readonly last: number;
}

/** What is normal for a user, in things: of the latest 20,000 actions, without those of alerts that nobody called normal. */
export interface Known {
  /** Actions that were counted, and the time of the oldest; null: there is none. */
  readonly actions: number;
  readonly from: number | null;
  /** Programs and commands, other machines, networks: each those of most days first, 12 at most. */
  readonly programs: readonly KnownThing[];
  readonly hosts: readonly KnownThing[];
  readonly networks: readonly KnownThing[];
}

/** A user as the Overview paints them. */
export interface OverviewUser extends UserStatus {
  readonly firstSeen: number;
  /** Today in 48 half-hours from local midnight on. */
  readonly today: readonly {
    readonly actions: number;
    /** Highest z; null where nothing was judged. */
    readonly peak: number | null;
    readonly alert: boolean;
  }[];
  /** Actions a day of the last 14 local days, today last. */
  readonly daily: readonly number[];
  /** z of the user's alarm line; null without a model. */
  readonly alarm: number | null;
}

/** How the reading of a log goes. */
export interface LogReading {
  readonly path: string;
  /** By reason, the most frequent first. */
  readonly refused: readonly { readonly reason: string; readonly count: number }[];
  /** What it seems to be where no line was a result: a word of the catalogue's `seems.…`. */
  readonly seems: string | null;
  /** Lines that were read all the same, by what was odd about them: a word of the catalogue's `odd.…`. */
  readonly odd: Readonly<Record<string, number>>;
}

export interface Overview {
  readonly at: number;
  /** Who was seen last comes first. */
  readonly users: readonly OverviewUser[];
  readonly totals: {
    readonly actions: number;
    readonly actionsToday: number;
    readonly openAlerts: number;
    readonly alertsToday: number;
    /** The oldest action that was ever seen; null before the first. */
    readonly since: number | null;
  };
  readonly health: {
    /** The last line that was read since the start: its own time, and when it was read. */
    readonly lastLine: { readonly time: number; readonly readAt: number } | null;
    readonly refused: number;
    /** Each log that was read, where something about it is to be told. */
    readonly logs: readonly LogReading[];
    readonly lost: number;
    /** When the oldest and the newest model in use were made; null without one. */
    readonly oldestModel: number | null;
    readonly newestModel: number | null;
    readonly databaseBytes: number;
    /** What the engine's process holds in memory. */
    readonly memoryBytes: number;
  };
}

export interface FoundAction extends ActionRow {
  readonly user: string;
  /** The alert that it belongs to. */
  readonly incident: number | null;
}

/** A page of what was found, newest first by the log's order. */
export interface SearchPage {
  readonly rows: readonly FoundAction[];
  /** Where to go on: a page may be short, even empty, because it looks at a limited number of actions. Null: that was all. */
  readonly next: number | null;
}
