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

/** What ships to be shown is watched instead of this machine's log. */
export interface ExampleMode {
  /** The log that is not there: what the setup check looks at. */
  readonly missing: string;
  /** So many times as fast as it would happen. */
  readonly speed: number;
}

export interface DesktopState {
  /** In a browser there is no tray, window, autostart or notification: such calls fail with `not-here`. */
  readonly host: 'desktop' | 'browser';
  readonly worker: WorkerState;
  /** null before the log was looked for. */
  readonly source: SourceState | null;
  /** Why what is read cannot be stored, or the log not be read on; null when all is well. */
  readonly trouble: string | null;
  /** Unix milliseconds; null while notifications are shown. */
  readonly pausedUntil: number | null;
  /** By user: until when his alerts are held back, Unix milliseconds. */
  readonly snoozed: Readonly<Record<string, number>>;
  /** Alerts held back by pause, snooze or quiet hours, not told yet. */
  readonly heldBack: readonly number[];
  /** Absent where this machine's own log is watched. */
  readonly example?: ExampleMode;
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
