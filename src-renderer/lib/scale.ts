/** From time to the screen and back. Times are Unix seconds. */

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Shorter than this a chart of seconds makes no sense; longer than this nothing is kept. */
export const SHORTEST = 60;
export const LONGEST = 3 * 366 * 86_400;

/** Where a time lies, 0…width within the stretch. */
export const xOf = ({ from, to }: Stretch, width: number, time: number): number =>
  ((time - from) / (to - from)) * width;

/** `xOf` backwards. */
export const timeAt = ({ from, to }: Stretch, width: number, x: number): number => from + (x / width) * (to - from);

/** The stretch `factor` times as long, with the time at `around` (0…1 of the width) in its place; within what makes sense. */
export function zoomed({ from, to }: Stretch, factor: number, around = 0.5): Stretch {
  const length = to - from;
  const wanted = Math.max(SHORTEST, Math.min(LONGEST, length * factor));
  const fixed = from + length * around;
  return { from: fixed - wanted * around, to: fixed + wanted * (1 - around) };
}

export const panned = ({ from, to }: Stretch, share: number): Stretch => {
  const by = (to - from) * share;
  return { from: from + by, to: to + by };
};

export interface Tick {
  readonly time: number;
  readonly style: 'clock' | 'clock-seconds' | 'day' | 'month';
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const steps = [10, 30, MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR];

/** Ticks at round local times, `most` at the most. A tick at midnight tells the day. */
export function ticksOf({ from, to }: Stretch, most: number): Tick[] {
  const wanted = (to - from) / Math.max(1, most);
  const step = steps.find((one) => one >= wanted);
  const ticks: Tick[] = [];
  const at = new Date(from * 1000);
  at.setHours(0, 0, 0, 0);
  if (step === undefined) {
    const days = Math.ceil(wanted / DAY);
    const months = Math.ceil(days / 30);
    if (days > 14) at.setDate(1);
    for (
      ;
      at.getTime() <= to * 1000;
      days > 14 ? at.setMonth(at.getMonth() + months) : at.setDate(at.getDate() + days)
    ) {
      ticks.push({ time: at.getTime() / 1000, style: days > 14 ? 'month' : 'day' });
    }
  } else {
    // From the day's beginning, so that steps lie on the local clock also where a zone is half an hour off.
    for (; at.getTime() <= to * 1000; at.setDate(at.getDate() + 1)) {
      const midnight = at.getTime() / 1000;
      const next = new Date(at).setDate(at.getDate() + 1) / 1000;
      const first = Math.max(0, Math.floor((from - midnight) / step));
      for (let time = midnight + first * step; time < next && time <= to; time += step) {
        ticks.push({ time, style: time === midnight ? 'day' : step < MINUTE ? 'clock-seconds' : 'clock' });
      }
    }
  }
  return ticks.filter(({ time }) => time >= from && time <= to);
}

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Of those that are numbers; 0 and 1 where none is. */
export function boundsOf(values: readonly number[]): Bounds {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? { least: 0, most: 1 } : { least: Math.min(...finite), most: Math.max(...finite) };
}

/** Points of an SVG polyline through these values, lowest at the bottom. @param margin free above and below */
export function lineOf(
  values: readonly number[],
  width: number,
  height: number,
  margin: number,
  { least, most }: Bounds = boundsOf(values),
): string {
  const span = most - least || 1;
  const last = Math.max(1, values.length - 1);
  return values
    .map((value, at) => ({
      x: (at / last) * width,
      y: height - margin - ((value - least) / span) * (height - 2 * margin),
    }))
    .filter(({ y }) => Number.isFinite(y))
    .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(' ');
}
