/**
 * What a user can set, with the defaults: the one place. The CLI (config.ts), the desktop (desktop/settings.ts) and every
 * message about settings are made of it.
 */
import * as v from 'valibot';

import { algorithms } from '../../models/algorithm.ts';
import { UNSEEN_CLASS } from './visible-text.ts';

/** The names of models/math-engine.ts, which this cannot import: that reaches into the detectors. A test holds them together. */
export const engineNames = ['fused', 'tfjs', 'libsvm-js'] as const;

const number = (least: number, most: number) => v.pipe(v.number(), v.minValue(least), v.maxValue(most));
const integer = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const clock = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'use a time such as 22:00'));

/** An absolute path of visible characters that leads nowhere by "..": what is set here is opened, printed and shown. */
const path = new RegExp(String.raw`^\/(?!(?:.*\/)?\.\.(?:\/|$))[^${UNSEEN_CLASS}]*$`, 'u');
/** … or nothing. */
const pathOrNone = new RegExp(`^$|${path.source}`, 'u');
const wholePath = 'give the whole path, beginning with /, without .. and what cannot be seen';

const engineEntries = {
  /** Null: what is usual where the program runs, see `usualAlgorithm`. */
  algorithm: v.optional(v.nullable(v.picklist(algorithms)), null),
  /** Who does the models' arithmetic. */
  engine: v.optional(v.picklist(engineNames), 'fused'),
  /** Folder of the database and the models; empty: the XDG state folder. */
  state: v.optional(v.pipe(v.string(), v.regex(pathOrNone, wholePath)), ''),
  seed: v.optional(integer(0, 4_294_967_295), 1),
  /** Actions of a user before the first training. */
  trainAfter: v.optional(integer(1000, 100_000), 3000),
  /** Alerts on normal behaviour that the user accepts, a week: it sets the line from which a window alarms. */
  alertsPerWeek: v.optional(number(0.01, 700), 1),
  /** That line itself, as z of a window, instead. */
  alarm: v.optional(v.nullable(number(1, 8)), null),
  keepDays: v.optional(v.pipe(v.number(), v.minValue(1)), 180),
  keepMegabytes: v.optional(v.pipe(v.number(), v.minValue(10)), 2000),
  /** Judge by itself what was never there before, beside what the models say. */
  facts: v.optional(v.boolean(), true),
  /** How the two models are trained from then on: models/tuning.ts says what each is, and holds the same defaults. */
  lstmUnits: v.optional(v.pipe(integer(8, 256), v.multipleOf(8)), 64),
  /** Null: the same number of steps however long the past is. */
  lstmEpochs: v.optional(v.nullable(integer(1, 300)), null),
  lstmDropout: v.optional(number(0, 0.9), 0.3),
  lstmBatch: v.optional(integer(1, 64), 16),
  svmNu: v.optional(number(0.01, 0.9), 0.1),
  svmGamma: v.optional(number(0.05, 50), 2),
  /** Weight of a query's actions, 0…10, over the pack's own: 0 stores, but never judges. */
  scores: v.optional(v.record(v.string(), number(0, 10)), {}),
};

/** Parameters of the original project's methods, for `ubad evaluate --baseline original`; what is absent is as it was there. */
const originalParameters = v.strictObject({
  hidden: v.exactOptional(integer(1, 1024)),
  epochs: v.exactOptional(integer(1, 1000)),
  batch: v.exactOptional(integer(1, 1024)),
  dropout: v.exactOptional(number(0, 0.99)),
  nu: v.exactOptional(number(0.001, 1)),
  kernel: v.exactOptional(v.picklist(['rbf', 'linear'])),
  gamma: v.exactOptional(number(1e-9, 1e9)),
});

export const settingsSchema = v.object({
  /** osquery's results log. */
  log: v.optional(v.pipe(v.string(), v.regex(path, wholePath)), '/var/log/osquery/osqueryd.results.log'),
  ...engineEntries,
  original: v.optional(originalParameters, {}),
  /** Local time between which no notification is shown; what is held back is told afterwards. */
  quietHours: v.optional(v.nullable(v.object({ from: clock, to: clock })), null),
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  /** The tray icon's colour: light on a dark panel, dark on a light one. */
  trayIcon: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
});

export type Settings = v.InferOutput<typeof settingsSchema>;

/** Who judges where nobody chose: at a desk all evidence together, on the command line what the original project had. */
export const usualAlgorithm = { desk: 'both', commandLine: 'lstm' } as const;

/** What the engine is made with. */
export const engineSettingsSchema = v.object(engineEntries);
export type EngineSettings = v.InferOutput<typeof engineSettingsSchema>;

export const settingNames = Object.keys(settingsSchema.entries) as (keyof Settings)[];

/** Some settings, each as it is to be. A name that there is not is refused. */
export const changesSchema = v.pipe(
  v.strictObject(
    Object.fromEntries(
      Object.entries(settingsSchema.entries).map(([name, entry]) => [name, v.exactOptional(entry.wrapped)]),
    ),
  ),
  v.transform((changes) => changes as Partial<Settings>),
);
