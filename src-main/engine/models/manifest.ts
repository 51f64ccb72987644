import { createHash } from 'node:crypto';

import { algorithms, type Algorithm } from '../../../models/algorithm.ts';
import { finite, list, maybe, object, record, text, whole, type Shape } from '../../../models/saved.ts';
import type { Scale } from '../../../models/profile/calibration.ts';
import type { Tuning } from '../../../models/tuning.ts';
import type { Normal } from '../../../models/profile/normal.ts';
import { savedLater } from '../../../models/profile/saved-profile.ts';
import type { TrainedOn } from '../reading/fingerprints.ts';

/** The form of a model folder that this program writes. One that it does not know is refused. */
export const FORMAT = 4;
/** The file of a model folder that names the others. */
export const MANIFEST = 'manifest.json';

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a model folder says about itself. */
export interface Manifest {
  readonly format: number;
  readonly subject: string;
  readonly algorithm: Algorithm;
  /** Of the first packs' `learn` blocks together: what earlier versions read. */
  readonly packFingerprint: string;
  /** Of each query that it was trained on: seen otherwise, the model means nothing. Not in models of earlier versions. */
  readonly trainedOn?: TrainedOn;
  readonly seed: number;
  readonly windowLength: number;
  /** Actions learned at first, and their times, Unix seconds. */
  readonly training: { readonly actions: number; readonly from: number; readonly to: number };
  /** What the user's normal behaviour looked like to the model before it had learned it: what alarm lines come from. */
  readonly normal: Normal;
  /** By detector: how far its view of the user has moved since, and its spread in times of what it was. */
  readonly drift: Readonly<Record<string, Scale>>;
  /** By detector: the mean loss of each slice of its training, as `Detector.curve`; not in models of earlier versions. */
  readonly curves?: Readonly<Record<string, readonly number[]>>;
  /** By detector: the same of actions that a training like it left out; not in models of earlier versions. */
  readonly heldOutCurves?: Readonly<Record<string, readonly number[]>>;
  /** By detector: z of the strangest moments of held-out stretches, as `spreadOf`; not in models of earlier versions. */
  readonly spreads?: Readonly<Record<string, readonly number[]>>;
  /** Names and values that it knew when it was stored; not in models of earlier versions. */
  readonly words?: number;
  /** How it was trained, where somebody chose that. */
  readonly tuning?: Tuning;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** The manifest on disk: with the sha256 (hex) of every other file. */
export interface StoredManifest extends Manifest {
  readonly files: Readonly<Record<string, string>>;
}

/** Why a model cannot be used. */
export type ModelProblem =
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'corrupt'; readonly message: string }
  | { readonly kind: 'other-format'; readonly message: string }
  | { readonly kind: 'other-pack'; readonly message: string };

/** Limits of what is read of a model folder: some times what models of the most active users are. */
const MOST_FILES = 64;
export const MOST_FILE_BYTES = 128 * 1024 * 1024;
export const MOST_MODEL_BYTES = 256 * 1024 * 1024;
export const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;
/** As a backup takes them along. */
const FILE_NAME = /^\w[\w.-]{0,99}$/;

const ofForm =
  (form: RegExp): Shape<string> =>
  (value): value is string =>
    typeof value === 'string' && form.test(value);
const algorithm: Shape<Algorithm> = (value): value is Algorithm => algorithms.some((one) => one === value);
const notNegative: Shape<number> = (value): value is number => finite(value) && value >= 0;
/** A loss that was no number is null in JSON. */
const loss: Shape<number | null> = (value): value is number | null => value === null || finite(value);
const sums: Shape<Readonly<Record<string, string>>> = (value): value is Readonly<Record<string, string>> => {
  if (!record(ofForm(/^[0-9a-f]{64}$/))(value)) return false;
  const names = Object.keys(value);
  return (
    names.length > 0 && names.length <= MOST_FILES && names.every((name) => FILE_NAME.test(name) && name !== MANIFEST)
  );
};

const manifest = object({
  format: whole(0, 2 ** 31),
  subject: ofForm(/^[^]{1,300}$/),
  algorithm,
  packFingerprint: text,
  trainedOn: maybe(record(text)),
  seed: whole(0, 2 ** 32 - 1),
  windowLength: whole(1, 10_000),
  training: object({ actions: whole(0, 2 ** 53), from: finite, to: finite }),
  normal: object({ maxima: list(finite, 1_000_000), days: notNegative, later: maybe(savedLater) }),
  drift: record(object({ mean: finite, deviation: finite })),
  curves: maybe(record(list(loss, 1_000_000))),
  heldOutCurves: maybe(record(list(loss, 1_000_000))),
  spreads: maybe(record(list(finite, 100))),
  words: maybe(whole(0, 2 ** 31)),
  tuning: maybe(
    object({
      units: finite,
      epochs: (value): value is number | null => value === null || finite(value),
      dropout: finite,
      batch: finite,
      nu: finite,
      gamma: finite,
    }),
  ),
  createdAt: finite,
  files: sums,
});

/** Whether a value is a manifest of the present format, whoever wrote it. */
export const isManifest = (value: unknown): value is StoredManifest => manifest(value) && value.format === FORMAT;

const ofAnyFormat = object({ format: whole(0, 2 ** 31) });
const withTraining = object({ training: object({ actions: whole(0, 2 ** 53), from: finite, to: finite }) });

/** The model format of a stored version; undefined where it says none. */
export const formatOf = ({ manifest: said }: { readonly manifest: unknown }): number | undefined =>
  ofAnyFormat(said) ? said.format : undefined;

/** What a stored version was trained on, also one of another format; undefined where it does not say. */
export const trainingOf = ({ manifest: said }: { readonly manifest: unknown }): Manifest['training'] | undefined =>
  withTraining(said) ? said.training : undefined;

/** What a stored version says of itself; undefined where that is of another format, or no manifest: then it cannot be used. */
export const manifestOf = (version: { readonly manifest: unknown } | undefined): StoredManifest | undefined =>
  isManifest(version?.manifest) ? version.manifest : undefined;
