import { portClasses } from '../features/fields.ts';
import { recencyClasses } from '../features/recency.ts';
import type { Encoded } from '../features/encode.ts';
import { field, finite, flag, list, maybe, object, record, whole, type Shape } from '../saved.ts';
import type { MemberScales } from './calibrate.ts';
import { KNOTS, type Scale } from './calibration.ts';
import type { SavedDrift } from './drift.ts';
import { LASTING_OF } from './last-ten.ts';
import type { OtherScale } from './normal.ts';
import type { Ensemble } from './training.ts';
import type { Stays } from './view.ts';

/** An action that waits to be learned, and how strange its window was. */
export interface Pending {
  readonly action: Encoded;
  readonly stretch: number;
  /** Of the last handful of actions. */
  readonly burst: number;
  readonly undrifted: readonly number[];
}

/** What profile.json says. */
export interface SavedProfile {
  readonly learned: number;
  readonly recent: readonly Encoded[];
  readonly pending: readonly Pending[];
  /** Models of earlier versions have none. */
  readonly stays?: Stays | undefined;
  readonly drift: SavedDrift;
  readonly calibrations: Ensemble['calibrations'];
  readonly scales: Readonly<Record<string, MemberScales>>;
}

const number = whole(0, 2 ** 31);
const encoded: Shape<Encoded> = object({
  time: finite,
  type: number,
  token: number,
  fields: list(field),
  families: list(number),
  recency: whole(0, recencyClasses.length - 1),
  port: whole(-1, portClasses.length - 1),
  importance: finite,
  added: flag,
  baseline: flag,
});

const spread: Shape<{ mean: number; deviation: number }> = object({ mean: finite, deviation: finite });
const scale: Shape<Scale> = (value): value is Scale => spread(value) && value.deviation > 0;
const otherScale: Shape<OtherScale> = (value): value is OtherScale => scale(value) && object({ from: finite })(value);
const bySize = list(scale, KNOTS, KNOTS);

/** Of `Normal.later`. */
export const savedLater: Shape<number> = (value): value is number => finite(value) && value >= 1;

export const savedProfile: Shape<SavedProfile> = object({
  learned: whole(0, 2 ** 53),
  recent: list(encoded),
  pending: list(object({ action: encoded, stretch: finite, burst: finite, undrifted: list(finite) })),
  stays: maybe(object({ lately: finite, sinceCalm: finite, windows: maybe(list(finite, LASTING_OF)) })),
  drift: object({ weight: weight(), sums: list(finite), squares: list(weight()) }),
  calibrations: record(
    object({
      fused: bySize,
      lasting: scale,
      latest: maybe(scale),
      burst: maybe(otherScale),
      stay: maybe(otherScale),
      lasts: maybe(otherScale),
      normal: object({ maxima: list(finite), days: weight(), later: maybe(savedLater) }),
    }),
  ),
  scales: record(object({ window: bySize, action: maybe(scale), amount: maybe(scale) })),
});

/** Whether what is said of each detector is said of the same number. */
export const fits = ({ sums, squares }: SavedDrift, pending: readonly Pending[], detectors: number): boolean =>
  [sums, squares, ...pending.map(({ undrifted }) => undrifted)].every(({ length }) => length === detectors);

/** A number that is not less than 0. */
function weight(): Shape<number> {
  return (value): value is number => finite(value) && value >= 0;
}
