/** A band of whole hours, local time. It goes over midnight where it ends before it begins. */
export interface HourBand {
  readonly from: number;
  /** 1…24, or smaller than `from`. */
  readonly to: number;
}

/** "08:00": of a whole hour 0…24. */
export const clockOf = (hour: number): string => `${String(hour % 24).padStart(2, '0')}:00`;

const HOUR = 3_600_000;

/**
 * Where the band lies between two times: stretches of Unix seconds, oldest first, cut at both ends. By the local calendar,
 * so a day when the clocks change has the band at its own hours.
 */
export function bandStretches(
  { from: begin, to: end }: HourBand,
  from: number,
  to: number,
): { from: number; to: number }[] {
  const stretches: { from: number; to: number }[] = [];
  const day = new Date(from * 1000 - 24 * HOUR);
  day.setHours(0, 0, 0, 0);
  for (; day.getTime() < to * 1000; day.setDate(day.getDate() + 1)) {
    const [first, last] = [begin, end > begin ? end : end + 24].map(
      (hour) => new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour).getTime() / 1000,
    );
    const stretch = { from: Math.max(from, first!), to: Math.min(to, last!) };
    if (stretch.from < stretch.to) stretches.push(stretch);
  }
  return stretches;
}

/** When the local day of a time began. Unix seconds. */
export const midnightOf = (seconds: number): number => new Date(seconds * 1000).setHours(0, 0, 0, 0) / 1000;
