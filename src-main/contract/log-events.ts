/**
 * What the program writes into its own log: the whole list. No entry holds a free text, only numbers, words of this list and
 * forms that nobody's data can take unnoticed, so that no user, path, command or message of somebody else can get in.
 */
import { bands } from './alerts.ts';

export type Level = 'error' | 'warning' | 'notice' | 'information';

/** Who writes: the desktop, the browser host, their worker, or `ubad watch`. */
export const writers = ['desktop', 'browser', 'worker', 'watch'] as const;
export type Writer = (typeof writers)[number];

const forms = {
  /** Such as 24.21.0. */
  version: /^v?\d+(\.\d+)*$/,
  /** The name of an error's class. */
  error: /^[A-Z]\w{0,49}$/,
  /** The system's or Node's name of a failure, such as ENOSPC. */
  code: /^[A-Z][A-Z\d_]{1,49}$/,
  /** Files of the program without their folders, such as «room.ts:93:7», the innermost first. */
  places: /^[\w-][\w.-]{0,39}:\d{1,6}:\d{1,6}( [\w-][\w.-]{0,39}:\d{1,6}:\d{1,6}){0,7}$/,
  /** How a process ended: SIGKILL, or «exit 134». */
  ending: /^(SIG[A-Z\d]{1,12}|exit -?\d{1,10}|other)$/,
};

type Field = 'number' | keyof typeof forms | readonly string[];
type Kind = readonly [Level, Readonly<Record<string, Field>>];

const cannotOpen = ['missing', 'unsafe-folder', 'in-use', 'newer', 'older', 'foreign', 'corrupt', 'unusable'] as const;
const failing = ['full', 'input-output', 'corrupt', 'read-only', 'busy'] as const;
const badModel = ['missing', 'corrupt', 'other-format', 'other-pack', 'not-readable'] as const;
const seemings = ['status-log', 'shipper', 'spread', 'not-json', 'no-result'] as const;
const oddities = ['future', 'prefix', 'several', 'array', 'shipped'] as const;
const failure = { error: 'error', code: 'code', places: 'places' } as const;

export const kinds = {
  started: ['information', { version: 'version', node: 'version' }],
  stopped: ['information', {}],
  /** A bug, or what nobody foresaw. */
  failed: ['error', failure],
  /** Entries that were to stand here and could not be written. */
  'not-written': ['warning', { entries: 'number' }],
  'worker-up': ['information', {}],
  /** By a signal, or with a code; «other» where the system did not say. */
  'worker-ended': ['error', { how: 'ending' }],
  'settings-taken': ['information', {}],
  'settings-not-taken': ['error', failure],
  'settings-repaired': ['warning', {}],

  'log-followed': ['information', {}],
  'log-not-read': ['warning', { why: ['missing', 'unreadable'] }],
  /** Something of the log was not read, or is read late; a person was told what. */
  'log-gap': ['warning', {}],
  /** No line of the log is a result. */
  'log-foreign': ['warning', { why: seemings }],
  'log-odd': ['notice', { why: oddities }],
  'lines-lost': ['warning', { results: 'number' }],

  'store-opened': ['information', {}],
  'store-not-opened': ['error', { why: cannotOpen }],
  'not-stored': ['error', { why: failing }],
  /** After it could not be. */
  'stored-again': ['notice', {}],
  forgotten: ['notice', { actions: 'number' }],

  trained: ['information', { seconds: 'number' }],
  'training-failed': ['error', failure],
  'model-not-used': ['warning', { version: 'number', why: badModel }],
  /** In the place of one that cannot be. */
  'model-used-instead': ['notice', { version: 'number' }],
  /** The shares, 0…1, of later behaviour that each found strange. */
  'model-taken-back': ['notice', { before: 'number', after: 'number' }],
  /** The share, 0…1, of what does not alarm now and would have been an alert to the reference model. */
  'slow-change': ['warning', { share: 'number' }],
  'models-not-shipped': ['notice', {}],
  'rolled-back': ['notice', { version: 'number' }],

  'alert-opened': ['notice', { alert: 'number', band: bands }],
  'alert-over': ['information', { alert: 'number', band: bands }],
} as const satisfies Readonly<Record<string, Kind>>;

type Kinds = typeof kinds;
type Value<F> = F extends 'number' ? number : F extends readonly (infer Word)[] ? Word : string | undefined;
type Fields<F> = { readonly [K in keyof F]: Value<F[K]> };

/** One thing for the log. */
export type LogEvent = { [K in keyof Kinds]: { readonly what: K } & Fields<Kinds[K][1]> }[keyof Kinds];

/**
 * The fields of an entry as they may be written, whatever came: what does not have its form is left out.
 * @returns undefined for what is not in the list
 */
export function fieldsOf(entry: Readonly<Record<string, unknown>>): Record<string, number | string> | undefined {
  const { what } = entry;
  if (typeof what !== 'string' || !Object.hasOwn(kinds, what)) return undefined;
  const fields: Readonly<Record<string, Field>> = kinds[what as keyof Kinds][1];
  const kept: Record<string, number | string> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = entry[name];
    if (fits(value, field)) kept[name] = value;
  }
  return kept;
}

function fits(value: unknown, field: Field): value is number | string {
  if (field === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (typeof value !== 'string') return false;
  return typeof field === 'string' ? forms[field].test(value) : field.includes(value);
}
