/**
 * Every message between the log's reader, the engine and the window.
 * Nothing crosses a process border that is not listed here.
 */
import * as v from 'valibot';

import * as alerts from './alerts.ts';
import type { AlertFile } from './answer.ts';
import { batchSchema, type Checkpoint, type Ingested } from './batch.ts';
import type { DesktopState, ExampleAttack, SetupInfo } from './desktop.ts';
import type { Entity, Further } from './find.ts';
import type { DoctorReport, SetupPlan } from './doctor.ts';
import * as inputs from './inputs.ts';
import { count, nothing, text } from './inputs.ts';
import type { Errors, FeedbackRow, ModelReport, RuleRow } from './models.ts';
import type { NearMisses } from './near-misses.ts';
import type { Deleted, ExportPage } from './privacy.ts';
import { changesSchema, engineSettingsSchema, type Settings } from './settings.ts';
import type { FoundAction, Hours, Known, Overview, SearchPage, Series, Spans } from './timeline.ts';
import { ask, type Answer } from './ipc.ts';
import type { Leaving } from './leaving.ts';

export interface Missed {
  /** Incidents after the one that was asked about which are over, oldest first. */
  readonly alertEvents: readonly alerts.AlertEvent[];
  /** 0 where there is none. */
  readonly newest: number;
}

/** Where the example lies, the folder that holds data/ and models/, and by how many days its times are moved. */
const exampleAt = v.object({ root: v.pipe(text, v.startsWith('/')), days: v.pipe(v.number(), v.integer()) });
export type ExampleAt = v.InferOutput<typeof exampleAt>;

/** How long its third week takes; 10,080 minutes are as it would happen. */
const exampleStart = v.object({ minutes: v.pipe(v.number(), v.minValue(0.01), v.maxValue(10_080)) });

/** Asked by the main process alone. */
export const readerCalls = {
  /** Opens the engine with these settings, in place of the one that is open. */
  applySettings: ask(engineSettingsSchema).givesNothing(),
  /** Reads the example's first two weeks into an engine that knows nothing yet, and gives it the models that ship. */
  prepareExample: ask(exampleAt).givesNothing(),
  /** Where to read a log on: what is committed; null for a log that was never read. */
  checkpoint: ask(text).gives<Checkpoint | null>(),
  /** One batch at a time: the next when the one before is answered. */
  ingest: ask(batchSchema).gives<Ingested>(),
  /** A pause of notifications began, or ended before it was due: the same `from` with another `to`. */
  recordPause: ask(inputs.pauseInput).givesNothing(),
  /** What was over before anybody was told of it, as after a crash; and the newest incident, from which to ask on. */
  missed: ask(v.nullable(count)).gives<Missed>(),
  /** Ends training, finishes what is being stored and closes the database. */
  close: ask(nothing).givesNothing(),
};

/** What there was to tell, and what was done about it. */
export const alertCalls = {
  alerts: ask(inputs.alertFilter).gives<readonly alerts.AlertRow[]>(),
  alert: ask(count).gives<alerts.AlertDetail>(),
  /** Those that there are, in the order of the numbers: what is held back, as rows. */
  alertsById: ask(v.pipe(v.array(count), v.maxLength(500))).gives<readonly alerts.AlertRow[]>(),
  /** A person has looked at an alert: it does not wait any more, until it becomes worse. */
  acknowledge: ask(count).givesNothing(),
  /** A step against an alert was done, or was not after all. */
  tick: ask(inputs.tick).givesNothing(),
  /** All that is known of an alert as one file, to be handed on. */
  report: ask(inputs.report).gives<AlertFile>(),
};

/** What a person says of alerts, and the rules that come of it. */
export const feedbackCalls = {
  /** @returns the id by which it is taken back */
  mark: ask(inputs.mark).gives<number>(),
  /** @returns whether it stood until now */
  undo: ask(count).gives<boolean>(),
  /** Says the same of several. @returns the ids by which it is taken back */
  markAll: ask(inputs.markAll).gives<readonly number[]>(),
  /** @returns how many of them stood until now */
  undoAll: ask(inputs.answers).gives<number>(),
  preview: ask(inputs.rule).gives<alerts.RulePreview>(),
  /** Standing rules, newest first. `undo` takes one back. */
  rules: ask(nothing).gives<readonly RuleRow[]>(),
  /** Everything that was ever said, newest first. */
  feedback: ask(inputs.feedbackInput).gives<readonly FeedbackRow[]>(),
};

/** What happened, whether it alarmed or not. */
export const timelineCalls = {
  status: ask(nothing).gives<alerts.EngineStatus>(),
  /** All that the Overview paints. */
  overview: ask(nothing).gives<Overview>(),
  timeline: ask(inputs.timelinePage).gives<readonly alerts.TimelineRow[]>(),
  /** A stretch of a user's time for charts, put together in the database. */
  series: ask(inputs.seriesInput).gives<Series>(),
  /** Of the log as a whole, whoever is looked at. */
  spans: ask(inputs.spansInput).gives<Spans>(),
  /** What came near an alert and was none, and how many there would have been with other budgets. */
  nearMisses: ask(nothing).gives<NearMisses>(),
  hours: ask(text).gives<Hours>(),
  /** What is normal for a user, in programs, machines and networks. */
  known: ask(text).gives<Known>(),
  search: ask(inputs.searchInput).gives<SearchPage>(),
  /** Everything with a value, summed up over users and hosts. */
  entity: ask(inputs.sought).gives<Entity>(),
  /** The actions themselves. */
  actionsWith: ask(inputs.soughtPage).gives<SearchPage>(),
  /** One action that is stored. */
  action: ask(count).gives<FoundAction>(),
  /** What else there is to see about an alert: what started what, its session, its half hour. */
  further: ask(count).gives<Further>(),
};

/** What is normal for whom. */
export const modelCalls = {
  models: ask(nothing).gives<readonly ModelReport[]>(),
  /** How strange a user was in the last week. */
  errors: ask(text).gives<Errors>(),
  rollback: ask(count).givesNothing(),
  /** Whether a slow change was the user's own; if not, the model from before it is in use again and learns nothing of it. */
  answerSlowChange: ask(v.strictObject({ user: text, mine: v.boolean() })).givesNothing(),
  /** Begins to train a user's model again; `training` tells how far it is. */
  trainNow: ask(text).givesNothing(),
};

/** What is kept of a user. */
export const privacyCalls = {
  /** Forgets a user: actions, alerts, what was said of them, models. What the log still holds is not read again. */
  deleteUser: ask(text).gives<Deleted>(),
  /** Forgets the latest actions, and what came of them. */
  deleteSince: ask(inputs.deleteSinceInput).gives<Deleted>(),
  exportUser: ask(inputs.exportInput).gives<ExportPage>(),
};

/** Asked by the window too, through the main process. */
export const viewCalls = {
  ...alertCalls,
  ...feedbackCalls,
  ...timelineCalls,
  ...modelCalls,
  ...privacyCalls,
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
  /** Ends the snooze of a user. */
  unsnooze: ask(text).givesNothing(),
  /** Looks at this machine again, which may take some seconds. */
  doctor: ask(nothing).gives<DoctorReport>(),
  /** null: this program is not one that root may run, so a terminal is needed. */
  setupPlan: ask(nothing).gives<SetupPlan | null>(),
  /** Carries the plan of this digest out, as root: the system asks for a password. @returns whether it was given */
  setUp: ask(v.pipe(text, v.regex(/^[0-9a-f]{64}$/))).gives<boolean>(),
  /** Shows the example that ships, from its beginning; where it is shown already, nothing happens. */
  startExample: ask(exampleStart).givesNothing(),
  /** The attacks that are in the example; none where it is not shown. */
  exampleAttacks: ask(nothing).gives<readonly ExampleAttack[]>(),
  /** Ends the example, deletes what came of it, and shows this machine. */
  goLive: ask(nothing).givesNothing(),
  /** What of this machine goes to a fleet. */
  leaving: ask(nothing).gives<Leaving>(),
  /** Locks this machine's screen. `asked`: nobody says whether it is locked now. */
  lockScreen: ask(nothing).gives<'locked' | 'asked'>(),
  testNotification: ask(nothing).gives<SetupInfo['notifications']>(),
  setAutostart: ask(v.boolean()).gives<boolean>(),
  openExternal: ask(v.pipe(v.string(), v.url(), v.startsWith('https://'))).givesNothing(),
  quit: ask(nothing).givesNothing(),
};

/** Told by the worker to main and, while it is open, to the window. */
export interface EngineEvents {
  incident: alerts.AlertEvent;
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
