/** When notifications are held back. Times are Unix milliseconds, hours are local: it is a person who wants quiet. */

export type PauseChoice = '15-minutes' | '1-hour' | 'tomorrow';
export interface QuietHours {
  /** "22:00" */
  readonly from: string;
  readonly to: string;
}

const MINUTE = 60_000;
/** "Until tomorrow" ends when a day at work begins, not at midnight. */
const MORNING = 8;
/** Whoever is still up at this hour means the morning that comes: a person's day begins with it. */
const DAY_BEGINS = 5;

/** When a pause that begins now ends. */
export function pauseEnd(choice: PauseChoice, now: number): number {
  switch (choice) {
    case '15-minutes':
      return now + 15 * MINUTE;
    case '1-hour':
      return now + 60 * MINUTE;
    case 'tomorrow': {
      const end = new Date(now);
      // By the calendar, not 24 hours on: that is an hour off when the clocks change.
      if (end.getHours() >= DAY_BEGINS) end.setDate(end.getDate() + 1);
      end.setHours(MORNING, 0, 0, 0);
      return end.getTime();
    }
  }
}

/** A pause ends by itself; one that seems to end in more than two days is a clock that was set back. */
export function isPaused(until: number | null, now: number): boolean {
  return until !== null && now < until && until - now <= 48 * 60 * MINUTE;
}

/** Whether a time lies in the quiet hours, which may go over midnight; hours that begin when they end are none. */
export function isInQuietHours(hours: QuietHours | null, now: number): boolean {
  if (!hours) return false;
  const time = new Date(now);
  const minute = time.getHours() * 60 + time.getMinutes();
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

/** "14:05", and with its day for a time that is not today's. @param onDay "14:05 on 3 March" */
export function whenText(time: number, now: number, onDay: (clock: string, date: Date) => string): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return isToday ? clockText(time) : onDay(clockText(time), date);
}

/** "14:05": local time, for people. */
export function clockText(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}
