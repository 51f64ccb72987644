import { SHORTEST } from '../window.ts';
import { knotsOf, scaleOf, scalesBySize, voteOf, zOf, type Scale, type ScaleBySize } from './calibration.ts';
import { shortSize, type HeldOut } from './held-out.ts';
import { LastTen } from './last-ten.ts';
import { Lasting } from './lasting.ts';
import { BURST, LATEST, Latest, STAY } from './latest.ts';
import { otherZ, scaleInstead, scaleLike, stayZ, USER_IS_BACK, type Normal, type OtherScale } from './normal.ts';

/** Every this many positions a full window is taken for its scale: neighbours say the same. */
const STRIDE = 10;
/** So much more rarely than windows a burst, and somebody who stays, may pass any line, as powers of e. */
const [RARER_BURST, RARER_STAY] = [4, 2];
/** Sizes this far from a knot count for it. */
const NEAR = 1;

/** Where not even the shortest windows came. */
const NOTHING_KNOWN: Scale = { mean: 0, deviation: 1 };

/** What a detector's anomaly score means. */
export interface MemberScales {
  /** Of windows. */
  readonly window: ScaleBySize;
  /** Of single actions, where it judges those. */
  readonly action: Scale | undefined;
  /** Of the same with all sides added up. */
  readonly amount: Scale | undefined;
}

/** What the fused judgement of an algorithm's detectors means. */
export interface Calibration {
  /** Of the weighted sum of the detectors' z. */
  readonly fused: ScaleBySize;
  /** Of `Lasting` over the windows' fused z. */
  readonly lasting: Scale;
  /** Of `Latest` over the actions' fused z, where detectors judge single actions. */
  readonly latest: Scale | undefined;
  /** Of the same with a longer memory: on it a burst is as strange as a window that is as rare, and rarer. */
  readonly burst: OtherScale | undefined;
  /** Of `Latest` over the windows' fused z: models of earlier versions have none. */
  readonly stay?: OtherScale | undefined;
  /** Of what `LastTen` makes of what counts: models of earlier versions have none. */
  readonly lasts?: OtherScale | undefined;
  readonly normal: Normal;
}

/** A detector, measured, and how much it counts. */
export interface Measured extends MemberScales {
  readonly heldOut: HeldOut;
  readonly weight: number;
}

export function memberScales(heldOut: HeldOut, windowLength: number): MemberScales {
  return {
    window: scalesAt(heldOut.filled, windowLength, (position, short) =>
      short ? heldOut.short[position]! : heldOut.windows[position]!,
    ),
    action: knownScale(heldOut.actions),
    amount: knownScale(heldOut.amounts),
  };
}

/** Shares of a user's stretches at which a detector's spread is told: the least, …, the strangest. */
const SPREAD = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

/** How strange one detector found the strangest moment of stretches that it had not learned: z at `SPREAD`; empty without any. */
export function spreadOf({ windows, filled }: HeldOut, { window }: MemberScales, windowLength: number): number[] {
  const scales = scalesBySize(window, windowLength);
  const zs = windows.map((value, position) => (Number.isNaN(value) ? NaN : zOf(value, scales[filled[position]!]!)));
  return quantilesOf(maximaOf(zs, windowLength));
}

/** What of the values lies at `SPREAD`, the nearest of them. */
export function quantilesOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? [] : SPREAD.map((share) => sorted[Math.round(share * (sorted.length - 1))]!);
}

/** The fused z of an action: the mean of those that judge actions. Undefined where none does. */
export function fuseActions(zs: readonly (number | undefined)[], weights: readonly number[]): number | undefined {
  let [sum, total] = [0, 0];
  zs.forEach((z, m) => {
    if (z === undefined) return;
    sum += weights[m]! * z;
    total += weights[m]!;
  });
  return total > 0 ? sum / total : undefined;
}

/** @param times of the actions, Unix seconds @param later as of `Normal` */
export function calibrate(
  members: readonly Measured[],
  times: readonly number[],
  windowLength: number,
  later?: number,
): Calibration {
  const tables = members.map(({ window }) => scalesBySize(window, windowLength));
  const sumAt = (position: number, size: number, part: 'windows' | 'short'): number =>
    members.reduce((sum, { heldOut, weight }, m) => {
      const value = heldOut[part][position]!;
      return sum + (Number.isNaN(value) ? NaN : weight * voteOf(zOf(value, tables[m]![size]!), members.length));
    }, 0);
  const filled = commonSizes(members);
  const fused = scalesAt(filled, windowLength, (position, short) =>
    short ? sumAt(position, shortSize(position, windowLength), 'short') : sumAt(position, filled[position]!, 'windows'),
  );
  const fusedBySize = scalesBySize(fused, windowLength);
  const means = meansOf(aloneOf(members, 'action'), LATEST);
  const latest = knownScale(means);
  const stretches = Float64Array.from(filled, (size, position) =>
    size < SHORTEST ? NaN : zOf(sumAt(position, size, 'windows'), fusedBySize[size]!),
  );
  const { values: carried, scale: lasting } = lastingOf(stretches, members[0]!.heldOut.since, windowLength);
  const windows = carried.map((value, position) => {
    const window = zOf(value, lasting);
    return latest ? Math.min(window, zOf(means[position]!, latest)) : window;
  });
  const bursts = meansOf(aloneOf(members, 'amount'), BURST);
  const maxima = maximaOf(windows, windowLength);
  const burst = scaleLike(maximaOf(bursts, windowLength), maxima, RARER_BURST);
  const stays = staysOf(stretches, members[0]!.heldOut.since);
  const stay = scaleLike(maximaOf(stays, windowLength), maxima, RARER_STAY);
  const judged = windows.map((z, position) =>
    Math.max(z, otherZ(bursts[position]!, burst), stayZ(stays[position]!, stay, stretches[position]!)),
  );
  const normal = normalOf(judged, times, windowLength, later);
  const third = lastsOf(judged, members[0]!.heldOut.since);
  const lasts = scaleInstead(maximaOf(third, windowLength), normal.maxima);
  return { fused, lasting, latest, burst, stay, lasts, normal };
}

/** Actions in the windows, where all detectors saw the same window; else 0. */
function commonSizes(members: readonly Measured[]): Uint16Array {
  const [first, ...rest] = members.map(({ heldOut }) => heldOut.filled);
  return first!.map((size, position) => (rest.every((filled) => filled[position] === size) ? size : 0));
}

/** @param valueAt of a whole window, or of a short one; NaN where there is none */
function scalesAt(
  filled: Uint16Array,
  windowLength: number,
  valueAt: (position: number, short: boolean) => number,
): ScaleBySize {
  const positions = [...filled.keys()];
  const valid = (values: number[]): number[] => values.filter((value) => !Number.isNaN(value));
  const whole = valid(
    positions
      .filter((position) => filled[position] === windowLength && position % STRIDE === 0)
      .map((position) => valueAt(position, false)),
  );
  const full = whole.length > 1 ? scaleOf(whole, (whole.length * STRIDE) / windowLength) : undefined;
  const scales = knotsOf(windowLength).map((knot) => {
    if (knot === windowLength) return full;
    const near = positions.filter((position) => Math.abs(shortSize(position, windowLength) - knot) <= NEAR);
    const values = valid(near.map((position) => valueAt(position, true)));
    return values.length > 1 ? scaleOf(values, values.length / (2 * NEAR + 1)) : full;
  });
  // Who never works for a whole window without a pause is judged in larger ones as in the largest that came.
  const largest = scales.findLast((scale) => scale !== undefined) ?? NOTHING_KNOWN;
  return scales.map((scale) => scale ?? largest);
}

/** The fused z of each action; NaN where no detector judged it. */
function aloneOf(members: readonly Measured[], by: 'action' | 'amount'): Float64Array {
  const weights = members.map(({ weight }) => weight);
  return members[0]!.heldOut.actions.map((_, position) => {
    const zs = members.map(({ heldOut, [by]: scale }) => {
      const value = heldOut[`${by}s`][position]!;
      return scale && !Number.isNaN(value) ? zOf(value, scale) : undefined;
    });
    return fuseActions(zs, weights) ?? NaN;
  });
}

/** What `Latest` makes of them. */
function meansOf(alone: Float64Array, halfLife: number): Float64Array {
  const latest = new Latest(halfLife);
  return alone.map((z) => (Number.isNaN(z) ? NaN : latest.see(z)));
}

/** Mean of the windows' z lately, since the last pause or calm one. @param stretches NaN where there is none */
function staysOf(stretches: Float64Array, since: Uint32Array): Float64Array {
  let staying = new Latest(STAY);
  return stretches.map((z, position) => {
    if (since[position] === 1 || z < USER_IS_BACK) staying = new Latest(STAY);
    const mean = staying.see(Number.isNaN(z) ? 0 : z);
    return Number.isNaN(z) ? NaN : mean;
  });
}

/** What `LastTen` makes of what counts, since the last pause. @param judged NaN where nothing was */
function lastsOf(judged: Float64Array, since: Uint32Array): Float64Array {
  let lastTen = new LastTen();
  return judged.map((z, position) => {
    if (since[position] === 1) lastTen = new LastTen();
    return Number.isNaN(z) ? NaN : lastTen.see(z);
  });
}

function knownScale(values: Float64Array): Scale | undefined {
  const known = [...values.filter((value) => !Number.isNaN(value))];
  return known.length > 1 ? scaleOf(known, known.length) : undefined;
}

/** @param stretches the windows' fused z; NaN where there is none */
function lastingOf(
  stretches: Float64Array,
  since: Uint32Array,
  windowLength: number,
): { values: Float64Array; scale: Scale } {
  const lasting = new Lasting(windowLength);
  const values = stretches.map((z, position) => {
    const carried = lasting.see(Number.isNaN(z) ? 0 : z, since[position]!);
    return Number.isNaN(z) ? NaN : carried;
  });
  const known = [...values.filter((value, position) => position % STRIDE === 0 && !Number.isNaN(value))];
  const scale = known.length > 1 ? scaleOf(known, (known.length * STRIDE) / windowLength) : NOTHING_KNOWN;
  return { values, scale };
}

/** The strangest moment of each stretch that was judged for its half at least. */
function maximaOf(judged: Float64Array, windowLength: number): number[] {
  const maxima: number[] = [];
  for (let start = 0; start + windowLength <= judged.length; start += windowLength) {
    const stretch = judged.subarray(start, start + windowLength).filter((z) => !Number.isNaN(z));
    if (stretch.length >= windowLength / 2) maxima.push(Math.max(...stretch));
  }
  return maxima;
}

function normalOf(judged: Float64Array, times: readonly number[], windowLength: number, later?: number): Normal {
  const maxima = maximaOf(judged, windowLength);
  const days = (times.at(-1)! - times[0]!) / 86_400;
  // The judged part may be a single busy day: how much comes in a day is known from all that was learned.
  return { maxima, days: Math.max(0, days) * Math.min(1, (maxima.length * windowLength) / times.length), later };
}
