import { finite, list, maybe, object, record, text, tuple, whole, type Shape } from '../saved.ts';

const DAY = 86_400;
const WEEK = 7 * DAY;
/** A fact has to be seen on this many days before it is known: what somebody shows once, or all in one afternoon, stays new. */
export const KNOWN_AFTER = 3;
/** Days of which is kept how much was new. */
const REMEMBERS = 28;
const HOURS = 24;
/** How much the hours before and after one tell of it; and the days on which something was in one that was never seen to have any. */
const [NEAR, UNSEEN] = [0.25, 0.5];
/** Facts that are kept of one subject; of more, those that were not seen for longest go. */
const MOST_FACTS = 5000;
/** Days for which what was told is not told again. */
const TOLD_FOR = 7;
const MOST_TOLD = 1000;
/** The share of them that goes at once. */
const GIVE_UP = 0.1;

/** What of a subject's rows is known, by file name or column: see `Memory`. */
export interface SavedMemory {
  /** Name, days on which it was seen (at most `KNOWN_AFTER`), the last of them. */
  readonly facts: readonly (readonly [string, number, number])[];
  /** Name, and the day on which it was told. */
  readonly told: readonly (readonly [string, number])[];
  /** By family: day, and how much was new on it. */
  readonly newFacts: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  /** Unix seconds; 0: nothing was seen. */
  readonly from: number;
  readonly to: number;
  /** Day, and how many of its hours had something in them. */
  readonly hours: readonly (readonly [number, number])[];
  /** Day, and which of its hours (UTC) those were, as bits. Missing in what was saved before 1 December 2026, which has the counts alone. */
  readonly clock?: readonly (readonly [number, number])[] | undefined;
}

const day = whole(0, 2 ** 31);
const counts = list(tuple(day, finite), 2 * REMEMBERS);
export const savedMemory: Shape<SavedMemory> = object({
  facts: list(tuple(text, whole(0, KNOWN_AFTER), day), MOST_FACTS),
  told: list(tuple(text, day), MOST_TOLD),
  newFacts: record(counts),
  from: finite,
  to: finite,
  hours: counts,
  clock: maybe(list(tuple(day, whole(0, 2 ** 24)), 2 * REMEMBERS)),
});

interface Seen {
  days: number;
  last: number;
}

/** What is known of one subject's facts: which there were, on how many days, and how many new ones come in a week. */
export class Memory {
  readonly #facts: Map<string, Seen>;
  readonly #told: Map<string, number>;
  readonly #newFacts: Map<string, Map<number, number>>;
  readonly #hours: Map<number, number>;
  readonly #clock: Map<number, number>;
  #lastHour = -1;
  #odd = { hour: -1, nats: 0 };
  #from: number;
  #to: number;

  constructor(saved?: SavedMemory) {
    this.#facts = new Map(saved?.facts.map(([key, days, last]) => [key, { days, last }]));
    this.#told = new Map(saved?.told);
    this.#newFacts = new Map(
      Object.entries(saved?.newFacts ?? {}).map(([family, days]) => [family, new Map<number, number>(days)] as const),
    );
    this.#hours = new Map(saved?.hours);
    this.#clock = new Map(saved?.clock);
    this.#from = saved?.from ?? 0;
    this.#to = saved?.to ?? 0;
    this.#lastHour = Math.floor(this.#to / 3600);
  }

  /** Something happened. @param time Unix seconds */
  pass(time: number): void {
    if (this.#from === 0) this.#from = time;
    this.#to = Math.max(this.#to, time);
    const hour = Math.floor(time / 3600);
    if (hour <= this.#lastHour) return;
    this.#lastHour = hour;
    add(this.#hours, dayOf(time), 1);
    // An hour comes once a day: its bit is added, not set.
    add(this.#clock, dayOf(time), 2 ** (hour % HOURS));
  }

  /** Whether a fact is new: not known, and not met before on this day. @param time Unix seconds */
  isNew(name: string, time: number): boolean {
    const seen = this.#facts.get(name);
    return seen === undefined || (seen.days < KNOWN_AFTER && seen.last !== dayOf(time));
  }

  /**
   * Whether a moment lies in the first week of which anything is known: once is enough then, for there is nothing yet to tell a
   * stranger from, and each day's return would be new. @param time Unix seconds
   */
  isInFirstWeek(time: number): boolean {
    return time < this.#from + WEEK;
  }

  /**
   * Takes a fact as met.
   * @param days as how many it counts towards being known: 0 where something strange went on
   */
  meet(name: string, family: string, time: number, days: number): void {
    const today = dayOf(time);
    const seen = this.#facts.get(name);
    if (seen && (seen.days >= KNOWN_AFTER || seen.last === today)) {
      seen.last = today;
      return;
    }
    this.#facts.set(name, { days: Math.min(KNOWN_AFTER, (seen?.days ?? 0) + days), last: today });
    if (this.#facts.size > MOST_FACTS) this.#giveUp();
    let newFacts = this.#newFacts.get(family);
    if (!newFacts) this.#newFacts.set(family, (newFacts = new Map<number, number>()));
    add(newFacts, today, 1);
  }

  /** Somebody was told of a fact on the day that it was met last. */
  tell(name: string): void {
    const seen = this.#facts.get(name);
    if (!seen) return;
    this.#told.delete(name);
    this.#told.set(name, seen.last);
    if (this.#told.size > MOST_TOLD) this.#told.delete(this.#told.keys().next().value!);
  }

  /** Whether somebody was told of a fact within the last days. */
  isTold(name: string, time: number): boolean {
    const day = this.#told.get(name);
    return day !== undefined && dayOf(time) < day + TOLD_FOR;
  }

  /** Takes a fact as never met. */
  forget(name: string): void {
    this.#facts.delete(name);
    this.#told.delete(name);
  }

  /** Takes a fact as known from now on: it was there from the start. */
  know(name: string, time: number): void {
    this.#facts.set(name, { days: KNOWN_AFTER, last: dayOf(time) });
    if (this.#facts.size > MOST_FACTS) this.#giveUp();
  }

  /** New facts of a family a week, in the later half of what is remembered. */
  rate(family: string): number {
    const { from, days } = this.#later();
    return (7 * sumSince(this.#newFacts.get(family), from)) / Math.max(3.5, days);
  }

  /** New facts of a family lately: those of today, yesterday's half. */
  lately(family: string, time: number): number {
    const newFacts = this.#newFacts.get(family);
    const today = dayOf(time);
    return (newFacts?.get(today) ?? 0) + (newFacts?.get(today - 1) ?? 0) / 2;
  }

  /** Hours of a week in which there is anything, 5…168. */
  get activeHours(): number {
    const { from, days } = this.#later();
    return Math.min(168, Math.max(5, (7 * sumSince(this.#hours, from)) / Math.max(3.5, days)));
  }

  /**
   * How much less likely it is that the subject is active at this hour of the day than at those when it is as a rule: −ln of the
   * ratio, at least 0. Nights that nobody has worked are told by as many days as are overlooked: 1.6 nats after two, 4 after four weeks.
   */
  oddness(time: number): number {
    const now = Math.floor(time / 3600);
    if (now !== this.#odd.hour) this.#odd = { hour: now, nats: this.#oddnessOf(now) };
    return this.#odd.nats;
  }

  /** @param now the hour, counted from 1970 */
  #oddnessOf(now: number): number {
    const today = Math.floor(now / HOURS);
    const active = new Array<number>(HOURS).fill(0);
    for (const [day, hours] of this.#clock) {
      for (let hour = 0; hour < HOURS; hour++) {
        // That the hour which is looked at has something in it is no news.
        if ((hours >> hour) & 1 && !(day === today && hour === now % HOURS)) active[hour]!++;
      }
    }
    const around = active.map(
      (days, hour) => days + NEAR * (active[(hour + 1) % HOURS]! + active[(hour + HOURS - 1) % HOURS]!) + UNSEEN,
    );
    const usual = around.reduce((sum, days) => sum + days * days, 0) / around.reduce((sum, days) => sum + days, 0);
    return Math.max(0, Math.log(usual / around[now % HOURS]!));
  }

  get families(): Iterable<string> {
    return this.#newFacts.keys();
  }

  save(): SavedMemory {
    return {
      facts: [...this.#facts].map(([key, { days, last }]) => [key, days, last] as const),
      told: [...this.#told],
      newFacts: Object.fromEntries([...this.#newFacts].map(([family, days]) => [family, [...days]])),
      from: this.#from,
      to: this.#to,
      hours: [...this.#hours],
      clock: [...this.#clock],
    };
  }

  /** The later half of what is overlooked, at most as many days as are remembered; with the day it begins. */
  #later(): { from: number; days: number } {
    const span = (this.#to - this.#from) / DAY;
    const days = Math.min(REMEMBERS, span / 2);
    return { from: Math.ceil(this.#to / DAY - days), days };
  }

  #giveUp(): void {
    const oldest = [...this.#facts].sort(([, a], [, b]) => a.last - b.last || a.days - b.days);
    for (const [name] of oldest.slice(0, GIVE_UP * MOST_FACTS)) this.#facts.delete(name);
  }
}

const dayOf = (time: number): number => Math.floor(time / DAY);

/** Counts by day, and forgets the days that are too long ago. */
function add(days: Map<number, number>, at: number, count: number): void {
  days.set(at, (days.get(at) ?? 0) + count);
  if (days.size <= REMEMBERS + 1) return;
  for (const one of days.keys()) if (one < at - REMEMBERS) days.delete(one);
  if (days.size > 2 * REMEMBERS) days.delete(days.keys().next().value!);
}

function sumSince(days: ReadonlyMap<number, number> | undefined, from: number): number {
  let sum = 0;
  for (const [at, count] of days ?? []) if (at >= from) sum += count;
  return sum;
}
