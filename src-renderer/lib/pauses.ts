/** Seconds without any action that are told between two of them. */
const PAUSE = 1800;

const dayOf = (time: number): string => new Date(time * 1000).toDateString();

/** What a reader has to know between one action and the next: that a day began, or how long nothing was. Unix seconds. */
export interface Between {
  /** A time of the day that begins. */
  readonly day?: number;
  /** Seconds in which nothing was. */
  readonly pause?: number;
}

/** @param before undefined: the action is the first, whose day is told */
export function betweenOf(before: number | undefined, time: number): Between | undefined {
  if (before === undefined) return { day: time };
  const pause = time - before;
  const between = {
    ...(dayOf(before) !== dayOf(time) && { day: time }),
    ...(pause >= PAUSE && { pause }),
  };
  return Object.keys(between).length === 0 ? undefined : between;
}
