/**
 * Every message between the log's reader, the engine and the window.
 * Nothing crosses a process border that is not listed here.
 */
import * as v from 'valibot';

import * as alerts from './contract/alerts.ts';
import { changesSchema, engineSettingsSchema, type Settings } from './contract/settings.ts';
import { ask, type Answer } from './ipc.ts';

/** What a file was when it was met: by this it is found again under any name, also compressed. */
export interface Met {
  /** `stat.dev` and `stat.ino` as decimal strings: 64 bits do not fit a number. Empty where no file was met yet. */
  readonly device: string;
  readonly inode: string;
  /** SHA-256 (hex) of the file's first `fingerprintBytes` bytes: an inode number is used again after a delete. */
  readonly fingerprint: string;
  readonly fingerprintBytes: number;
  /** Its time of last change when it was last read, Unix milliseconds with a fraction; not in older checkpoints. */
  readonly mtimeMs?: number;
}

/** Where reading may resume: everything before it is committed. */
export interface Checkpoint extends Met {
  /** Absolute path as it was configured. */
  readonly path: string;
  /** The rotated file before this one: null where there was none, absent where that is not known. */
  readonly before?: Met | null;
  /** Byte just after the newline of the last whole line. */
  readonly offset: number;
  /** 1-based number of the last line read of this file; 0 before the first. */
  readonly line: number;
}

/** One line of the log, without its line ending. */
export interface SourceLine {
  /** 1-based, counted within its file. */
  readonly number: number;
  readonly text: string;
}

/** Lines that the reader itself could not hand on. */
export interface SourceRefusal {
  readonly number: number;
  readonly reason: 'too-long';
}

/** Whole lines in file order, and the position after the last of them. */
export interface Batch {
  readonly lines: readonly SourceLine[];
  readonly refused: readonly SourceRefusal[];
  readonly checkpoint: Checkpoint;
}

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

export interface DesktopState {
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

const nothing = v.pipe(
  v.nullish(v.null()),
  v.transform((): void => undefined),
);
const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const limit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500));
const seconds = v.pipe(v.number(), v.finite());

const met = {
  device: v.string(),
  inode: v.string(),
  fingerprint: v.string(),
  fingerprintBytes: count,
  mtimeMs: v.exactOptional(v.number()),
};
const batch: v.GenericSchema<unknown, Batch> = v.object({
  lines: v.array(v.object({ number: count, text: v.string() })),
  refused: v.array(v.object({ number: count, reason: v.literal('too-long') })),
  checkpoint: v.object({
    ...met,
    path: text,
    before: v.exactOptional(v.nullable(v.object(met))),
    offset: count,
    line: count,
  }),
});

const rule = {
  alert: count,
  kinds: v.pipe(v.array(v.picklist(alerts.scopeKinds)), v.maxLength(alerts.scopeKinds.length)),
};
const mark = v.strictObject({
  ...rule,
  verdict: v.picklist(alerts.verdicts),
  /** How long the rule holds; null: for good. */
  days: v.nullable(v.pipe(v.number(), v.gtValue(0), v.maxValue(3650))),
});
const alertFilter = v.strictObject({
  user: v.exactOptional(text),
  band: v.exactOptional(v.picklist(alerts.bands)),
  state: v.exactOptional(v.picklist(['open', 'closed'])),
  /** The page after this alert. */
  before: v.exactOptional(count),
  limit,
});
const timelinePage = v.strictObject({
  user: text,
  limit,
  /** Where the page before ended. */
  before: v.exactOptional(v.strictObject({ time: seconds, id: count })),
});

/** Whether what was read is stored. Not stored: a person can cure it, and the same batch is to be sent again. */
export type Ingested =
  { readonly stored: true; readonly checkpoint: Checkpoint } | { readonly stored: false; readonly problem: string };

export interface Missed {
  /** Incidents after the one that was asked about which are over, oldest first. */
  readonly news: readonly alerts.IncidentNews[];
  /** 0 where there is none. */
  readonly newest: number;
}

/** Asked by the main process alone. */
export const readerCalls = {
  /** Opens the engine with these settings, in place of the one that is open. */
  applySettings: ask(engineSettingsSchema).givesNothing(),
  /** Where to read a log on: what is committed; null for a log that was never read. */
  checkpoint: ask(text).gives<Checkpoint | null>(),
  /** One batch at a time: the next when the one before is answered. */
  ingest: ask(batch).gives<Ingested>(),
  /** What was over before anybody was told of it, as after a crash; and the newest incident, from which to ask on. */
  missed: ask(v.nullable(count)).gives<Missed>(),
  /** Ends training, finishes what is being stored and closes the database. */
  close: ask(nothing).givesNothing(),
};

/** Asked by the window too, through the main process. */
export const viewCalls = {
  status: ask(nothing).gives<alerts.EngineStatus>(),
  alerts: ask(alertFilter).gives<readonly alerts.AlertRow[]>(),
  alert: ask(count).gives<alerts.AlertDetail>(),
  /** @returns the id by which it is taken back */
  mark: ask(mark).gives<number>(),
  /** @returns whether it stood until now */
  undo: ask(count).gives<boolean>(),
  preview: ask(v.strictObject(rule)).gives<alerts.RulePreview>(),
  timeline: ask(timelinePage).gives<readonly alerts.TimelineRow[]>(),
  models: ask(nothing).gives<readonly alerts.ModelVersion[]>(),
  rollback: ask(count).givesNothing(),
  /** Begins to train a user's model anew; `training` tells how far it is. */
  trainNow: ask(text).givesNothing(),
};

/** Answered by the worker. */
export const engineCalls = { ...readerCalls, ...viewCalls };

/** Answered by the main process. */
export const desktopCalls = {
  desktop: ask(nothing).gives<DesktopState>(),
  setup: ask(nothing).gives<SetupInfo>(),
  /** Shows the window at an address such as `#/alerts/7`. */
  showWindow: ask(v.pipe(text, v.regex(/^#\/[\w/-]*$/))).givesNothing(),
  closeWindow: ask(nothing).givesNothing(),
  settings: ask(nothing).gives<Settings>(),
  changeSettings: ask(changesSchema).gives<Settings>(),
  pause: ask(v.picklist(['15-minutes', '1-hour', 'tomorrow'])).givesNothing(),
  resume: ask(nothing).givesNothing(),
  /** Holds a user's alerts back. */
  snooze: ask(
    v.strictObject({ user: text, minutes: v.pipe(v.number(), v.gtValue(0), v.maxValue(1440)) }),
  ).givesNothing(),
  testNotification: ask(nothing).gives<SetupInfo['notifications']>(),
  setAutostart: ask(v.boolean()).gives<boolean>(),
  openExternal: ask(v.pipe(v.string(), v.url(), v.startsWith('https://'))).givesNothing(),
  quit: ask(nothing).givesNothing(),
};

/** Told by the worker to main and, while it is open, to the window. */
export interface EngineEvents {
  incident: alerts.IncidentNews;
  status: alerts.EngineStatus;
  training: { readonly user: string; readonly progress: number };
  /** A sentence that a person may want to read. */
  notice: string;
}

/** Told to the window. */
export interface Events extends EngineEvents {
  desktop: DesktopState;
  /** The address to go to. */
  navigate: string;
}

/** What the preload script puts on `window.bridge`: two functions, nothing more. */
export interface Bridge {
  ask(name: string, input: unknown): Promise<Answer>;
  /** @returns how to stop listening */
  on<K extends keyof Events>(event: K, listener: (value: Events[K]) => void): () => void;
}
