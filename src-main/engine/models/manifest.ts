import type { Algorithm } from '../../../models/algorithm.ts';
import type { Scale } from '../../../models/profile/calibration.ts';
import type { Normal } from '../../../models/profile/normal.ts';

/** The form of a model folder that this program writes. One that it does not know is refused. */
export const FORMAT = 4;

/** What a model folder says about itself. */
export interface Manifest {
  readonly format: number;
  readonly subject: string;
  readonly algorithm: Algorithm;
  /** Of the pack's `learn` blocks: with other features a model means nothing. */
  readonly packFingerprint: string;
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
