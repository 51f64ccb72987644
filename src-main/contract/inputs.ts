/** What is checked of every question before anybody looks at it. */
import * as v from 'valibot';

import { bands, verdicts } from './alerts.ts';
import { soughtKinds } from './find.ts';
import { scopeKinds } from './story/scope-kinds.ts';

export const nothing = v.pipe(
  v.nullish(v.null()),
  v.transform((): void => undefined),
);
export const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const limit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500));
/** Unix seconds. */
const seconds = v.pipe(v.number(), v.finite());

/** Columns of a chart at most: more than any screen has. */
const MOST_BUCKETS = 2000;

/** A stretch of time, Unix seconds: from and with `from` up to before `to`. */
const stretch = { from: seconds, to: seconds };
const isAStretch = <T extends { readonly from: number; readonly to: number }>() =>
  v.check(({ from, to }: T) => from < to, '`from` must be before `to`');

export const seriesInput = v.pipe(
  v.strictObject({
    user: text,
    ...stretch,
    /** At most this many, 2…2000. */
    buckets: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(MOST_BUCKETS)),
    /** Names of queries; all where it is not given. */
    kinds: v.exactOptional(v.pipe(v.array(text), v.maxLength(100))),
  }),
  isAStretch(),
);
export const spansInput = v.pipe(v.strictObject(stretch), isAStretch());

export const searchInput = v.strictObject({
  user: v.exactOptional(text),
  /** Case does not matter for the letters a–z. */
  text: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200)),
  from: v.exactOptional(seconds),
  to: v.exactOptional(seconds),
  limit,
  /** `next` of the page before. */
  before: v.exactOptional(count),
});

export const feedbackInput = v.strictObject({
  user: v.exactOptional(text),
  limit,
  /** The page after this entry. */
  before: v.exactOptional(count),
});

export const deleteSinceInput = v.strictObject({
  /** Everybody's where it is not given. */
  user: v.exactOptional(text),
  /** Of the time up to now: 3600 is the last hour. */
  seconds: v.pipe(v.number(), v.gtValue(0), v.maxValue(366 * 86_400)),
});

export const exportInput = v.strictObject({
  user: text,
  /** `next` of the page before; 0 for the first. */
  after: count,
});

/** Unix milliseconds, as the desktop has its pauses. */
export const pauseInput = v.strictObject({ from: v.number(), to: v.number() });

const scoped = {
  alert: count,
  /** Of which of its acts; the one that heads it where it is not given. */
  action: v.exactOptional(count),
  kinds: v.pipe(v.array(v.picklist(scopeKinds)), v.maxLength(scopeKinds.length)),
};
export const rule = v.strictObject(scoped);
export const mark = v.strictObject({
  ...scoped,
  verdict: v.picklist(verdicts),
  /** How long the rule holds; null: for good. */
  days: v.nullable(v.pipe(v.number(), v.gtValue(0), v.maxValue(3650))),
});
/** Alerts that are answered together. */
const MOST_TOGETHER = 500;
export const markAll = v.strictObject({
  alerts: v.pipe(v.array(count), v.minLength(1), v.maxLength(MOST_TOGETHER)),
  verdict: v.picklist(verdicts),
});
export const answers = v.pipe(v.array(count), v.maxLength(MOST_TOGETHER));
export const tick = v.strictObject({ alert: count, step: text, done: v.boolean() });
const reportFormats = ['html', 'md', 'json'] as const;
export const report = v.strictObject({
  alert: count,
  format: v.picklist(reportFormats),
  language: v.picklist(['en', 'de']),
});
export type ReportAsked = v.InferOutput<typeof report>;
export const alertFilter = v.strictObject({
  user: v.exactOptional(text),
  band: v.exactOptional(v.picklist(bands)),
  state: v.exactOptional(v.picklist(['open', 'closed'])),
  /** Only those that a person has said something of, or only the others. */
  answered: v.exactOptional(v.boolean()),
  /** The page after this alert. */
  before: v.exactOptional(count),
  limit,
});
export const sought = v.strictObject({ as: v.picklist(soughtKinds), value: text });
export const soughtPage = v.strictObject({
  ...sought.entries,
  limit,
  /** `next` of the page before. */
  before: v.exactOptional(count),
});
export const timelinePage = v.strictObject({
  user: text,
  limit,
  /** Not before this time. */
  from: v.exactOptional(seconds),
  /** Names of queries; all where it is not given. */
  kinds: v.exactOptional(v.pipe(v.array(text), v.maxLength(100))),
  /** Default: newest. Of the strangest there is one page. */
  order: v.exactOptional(v.picklist(['newest', 'strangest'])),
  /** Where the page before ended. */
  before: v.exactOptional(v.strictObject({ time: seconds, id: count })),
});
