/** When a user is usually at work, by the clock on the wall. */
export interface UsualHours {
  /** 0…23: the hour in which it begins. */
  readonly from: number;
  /** 1…24: when it ends; at or before `from` where it goes over midnight. */
  readonly to: number;
}

const HOURS = 24;
/** A quarter of an hour: no clock on earth is further off from UTC's by less. */
export const QUARTER_SECONDS = 900;
/** So much of what was done lies in the usual hours. */
const SHARE = 0.9;
/** Of fewer actions nothing is usual. */
const ENOUGH = 100;
/** Who is at work for longer has no usual hours. */
const MOST_HOURS = 14;

/**
 * The fewest hours in a row, over midnight too, that hold nine tenths of the actions.
 * @param quarters how many actions there were in each quarter of an hour, counted from Unix's first
 * @returns undefined where there are too few, or no such hours
 */
export function usualHours(quarters: ReadonlyMap<number, number>): UsualHours | undefined {
  const hours = new Array<number>(HOURS).fill(0);
  for (const [quarter, count] of quarters) hours[new Date(quarter * QUARTER_SECONDS * 1000).getHours()]! += count;
  const all = hours.reduce((sum, count) => sum + count, 0);
  if (all < ENOUGH) return undefined;
  for (let length = 1; length <= MOST_HOURS; length++) {
    const within = hours.map((_, from) => sumOf(hours, from, length));
    const most = Math.max(...within);
    if (most < SHARE * all) continue;
    const from = within.indexOf(most);
    return { from, to: ((from + length - 1) % HOURS) + 1 };
  }
  return undefined;
}

function sumOf(hours: readonly number[], from: number, length: number): number {
  let sum = 0;
  for (let h = 0; h < length; h++) sum += hours[(from + h) % HOURS]!;
  return sum;
}
