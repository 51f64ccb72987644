/** Days of a week, hours of a day. */
const [DAYS, HOURS] = [7, 24];
/** Slots of the clock in which actions are counted: no time zone is off by less. Seconds. */
export const SLOT = 900;
/** The usual hours hold so much of what a user does … */
const HOLDS = 0.9;
/** … and are told from this many days on. */
const FEWEST_DAYS = 3;
/** What is usual shows in this many days. Seconds. */
const USUAL_SECONDS = 30 * 86_400;
/** Who is at work for longer has no usual hours. */
const MOST_HOURS = 14;

export interface UsualHours {
  readonly actions: number;
  readonly days: number;
  readonly share: readonly (readonly number[])[];
  readonly band: { readonly from: number; readonly to: number; readonly holds: number } | null;
}

type Slots = (from: number, to: number) => readonly { readonly slot: number; readonly count: number }[];

/** The local hours in which a user is usually at work, of the days before a time; null: none are. @param before Unix seconds */
export function usualBand(slots: Slots, before: number): { readonly from: number; readonly to: number } | null {
  const { band } = usualHours(slots(before - USUAL_SECONDS, before));
  if (!band) return null;
  const { from, to } = band;
  return (to > from ? to : to + HOURS) - from <= MOST_HOURS ? { from, to } : null;
}

/** When a user works, by local weekday and hour: see `Hours` of the contract. @param slots as the store counts them, by `SLOT` */
export function usualHours(slots: readonly { readonly slot: number; readonly count: number }[]): UsualHours {
  const counts = Array.from({ length: DAYS }, () => new Array<number>(HOURS).fill(0));
  const seen = new Set<string>();
  let actions = 0;
  for (const { slot, count } of slots) {
    const date = new Date(slot * SLOT * 1000);
    // Sunday is 0 to JavaScript and last to this week.
    counts[(date.getDay() + 6) % DAYS]![date.getHours()]! += count;
    seen.add(date.toDateString());
    actions += count;
  }
  const share = counts.map((day) => day.map((count) => (actions === 0 ? 0 : count / actions)));
  const byHour = Array.from({ length: HOURS }, (_, hour) => counts.reduce((sum, day) => sum + day[hour]!, 0));
  const band = seen.size < FEWEST_DAYS ? null : shortest(byHour, actions);
  return { actions, days: seen.size, share, band };
}

/** The shortest run of hours, round the clock, that holds enough; of two the earlier. */
function shortest(byHour: readonly number[], actions: number): UsualHours['band'] {
  for (let length = 1; length <= HOURS; length++) {
    for (let from = 0; from < HOURS; from++) {
      if (length === HOURS && from > 0) break;
      let held = 0;
      for (let h = 0; h < length; h++) held += byHour[(from + h) % HOURS]!;
      if (held < HOLDS * actions) continue;
      const end = from + length;
      return { from, to: end > HOURS ? end - HOURS : end, holds: held / actions };
    }
  }
  return null;
}
