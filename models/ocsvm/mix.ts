import { portClasses } from '../features/fields.ts';
import { recencyClasses } from '../features/recency.ts';
import type { Encoded } from '../features/encode.ts';
import type { Window } from '../window.ts';

/** Types with a rate of their own; later ones share the first place. */
const TYPES = 48;

/** Length of a window's mix: type rates, recency histogram, port classes. */
export const MIX = TYPES + recencyClasses.length + portClasses.length;

/** Where an action counts in a mix; a port class only where there is a port. */
function places(action: Encoded): number[] {
  const type = action.type < TYPES ? action.type : 0;
  const own = [type, TYPES + action.recency];
  return action.port < 0 ? own : [...own, TYPES + recencyClasses.length + action.port];
}

/** Shares of the window's actions, shape [MIX], each 0…1: what kinds of action, how familiar, which ports. */
export function mixOf(actions: readonly Encoded[]): Float64Array {
  const mix = new Float64Array(MIX);
  for (const action of actions) for (const place of places(action)) mix[place]! += 1 / actions.length;
  return mix;
}

/** The same for a moving window, kept up to date. */
export class MovingMix {
  readonly #recent: Encoded[] = [];
  readonly #counts = new Float64Array(MIX);

  /** To be called once after each `window.push`. */
  see({ latest, filled }: Window): void {
    this.#recent.push(latest);
    for (const place of places(latest)) this.#counts[place]!++;
    for (const leaving of this.#recent.splice(0, this.#recent.length - filled)) {
      for (const place of places(leaving)) this.#counts[place]!--;
    }
  }

  /** Writes the mix to `into`, shape [MIX]. */
  read(into: Float64Array): void {
    for (let place = 0; place < MIX; place++) into[place] = this.#counts[place]! / this.#recent.length;
  }
}

/** Scales of the mix's places, from the normal windows. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** A share that never varied is compared as if by 2 %: its first change is news, but not infinitely so. */
const LEAST_DEVIATION = 0.02;

/** @param mixes shape [windows, MIX] */
export function scalingOf(mixes: ArrayLike<number>): Scaling {
  const count = mixes.length / MIX;
  const mean = new Float64Array(MIX);
  const deviation = new Float64Array(MIX);
  for (let i = 0; i < mixes.length; i++) mean[i % MIX]! += mixes[i]! / count;
  for (let i = 0; i < mixes.length; i++) deviation[i % MIX]! += (mixes[i]! - mean[i % MIX]!) ** 2 / count;
  for (let p = 0; p < MIX; p++) deviation[p] = Math.max(Math.sqrt(deviation[p]!), LEAST_DEVIATION);
  return { mean, deviation };
}

/** How far a place counts beside the bag of fields: all places together, each one deviation off, like a bag's 0.05. */
const WEIGHT = Math.sqrt(0.05 / MIX);

/** `weight · (share − mean) / deviation` of one place, the quotient clipped to ±5: one place must not drown the others. */
export const scaledAt = (share: number, place: number, { mean, deviation }: Scaling): number =>
  WEIGHT * Math.min(5, Math.max(-5, (share - mean[place]!) / deviation[place]!));

/** The same of all places of any number of mixes. */
export function scaled<Mix extends Float32Array | Float64Array>(mixes: Mix, scaling: Scaling): Mix {
  return mixes.map((share, i) => scaledAt(share, i % MIX, scaling)) as Mix;
}
