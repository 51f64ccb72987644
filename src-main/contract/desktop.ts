/** What the process that the window belongs to is doing. */

/** What the reader is doing, with the reason where it cannot read. */
export type SourceState =
  /** `note` says why changes are noticed late, where inotify has nothing left for us. */
  | { readonly state: 'following'; readonly path: string; readonly note?: string }
  | { readonly state: 'missing'; readonly path: string; readonly cause: string }
  | { readonly state: 'unreadable'; readonly path: string; readonly cause: string };

/** The engine's process. */
export type WorkerState =
  | { readonly state: 'starting' | 'up' | 'stopped' }
  /** It ended by itself and is started again at `again`, Unix milliseconds. */
  | { readonly state: 'down'; readonly cause: string; readonly again: number };

/** The window shows the example that ships; this machine is watched all the while, unseen. */
export interface ExampleState {
  /** Its first two weeks are read; the third happens; it has happened. */
  readonly phase: 'preparing' | 'running' | 'over';
  /** So long the third takes. */
  readonly minutes: number;
  /** Whether this machine's own log is being read. */
  readonly watching: boolean;
}

/** An attack that is in the example: what alarmed, or should have. Unix seconds, moved as the example is. */
export interface ExampleAttack {
  /** "miner-loud" */
  readonly id: string;
  readonly user: string;
  readonly host: string;
  readonly from: number;
  readonly to: number;
}

export interface DesktopState {
  /** In a browser there is no tray, window, autostart or notification: such calls fail with `not-here`. */
  readonly host: 'desktop' | 'browser';
  /** This, the source and the problem are the example's where that is shown. */
  readonly worker: WorkerState;
  /** null before the log was looked for. */
  readonly source: SourceState | null;
  /** Why what is read cannot be stored, or the log not be read on; null when all is well. */
  readonly problem: string | null;
  /** Unix milliseconds; null while notifications are shown. */
  readonly pausedUntil: number | null;
  /** By user: until when their alerts are held back, Unix milliseconds. */
  readonly snoozed: Readonly<Record<string, number>>;
  /** Alerts held back by pause, snooze or quiet hours, not told yet. */
  readonly heldBack: readonly number[];
  /** null where the window shows this machine. */
  readonly example: ExampleState | null;
}

/** What the setup check proves. */
export interface SetupInfo {
  readonly log: string;
  readonly source: SourceState | null;
  readonly worker: WorkerState;
  /** Whether a StatusNotifier host was found; null while it is looked for. */
  readonly tray: boolean | null;
  readonly notifications: { readonly supported: boolean; readonly buttons: boolean };
  readonly autostart: boolean;
  /** Sentences that a person should read once: a settings file that was broken, a model that was passed over. */
  readonly notices: readonly string[];
  readonly version: string;
}
