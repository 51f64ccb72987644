/** Numbers and times as people of a language write them. Times are Unix seconds, shown in local time. */

const cached = <T>(make: (language: string, kind: string) => T) => {
  const made = new Map<string, T>();
  return (language: string, kind: string): T => {
    const key = `${language} ${kind}`;
    const known = made.get(key) ?? make(language, kind);
    made.set(key, known);
    return known;
  };
};

const timeStyles: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  'clock-seconds': { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  date: { day: 'numeric', month: 'long', year: 'numeric' },
  'day-clock': {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
  full: {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  },
  month: { month: 'short', year: 'numeric' },
};
const times = cached((language, kind) => new Intl.DateTimeFormat(language, timeStyles[kind]));

const numberStyles: Readonly<Record<string, Intl.NumberFormatOptions>> = {
  whole: { maximumFractionDigits: 0 },
  // What rounds to nothing has no sign.
  one: { maximumFractionDigits: 1, minimumFractionDigits: 1, signDisplay: 'negative' },
  two: { maximumFractionDigits: 2, signDisplay: 'negative' },
  percent: { style: 'percent', maximumFractionDigits: 0 },
  'percent-one': { style: 'percent', maximumFractionDigits: 1 },
  'percent-fine': { style: 'percent', maximumSignificantDigits: 1, minimumSignificantDigits: 1 },
};
const numbers = cached((language, kind) => new Intl.NumberFormat(language, numberStyles[kind]));
const plurals = cached((language) => new Intl.PluralRules(language));
const relatives = cached((language) => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));

export type TimeStyle = 'clock' | 'clock-seconds' | 'day' | 'date' | 'day-clock' | 'full' | 'month';
export type NumberStyle = 'whole' | 'one' | 'two' | 'percent' | 'percent-one';

export const timeText = (language: string, seconds: number, style: TimeStyle): string =>
  Number.isFinite(seconds) ? times(language, style).format(seconds * 1000) : '–';

export const numberText = (language: string, value: number, style: NumberStyle = 'whole'): string =>
  numbers(language, style).format(value);

/** A chance 0…1: "62 %", "0.4 %", "< 0.01 %": one that is not zero never looks as if it were, nor one below 1 certain. */
export function chanceText(language: string, chance: number): string {
  if (chance <= 0) return numbers(language, 'percent').format(0);
  if (chance < 0.0001) return `< ${numbers(language, 'percent-fine').format(0.0001)}`;
  if (chance < 0.01) return numbers(language, 'percent-fine').format(chance);
  if (chance < 0.1) return numbers(language, 'percent-one').format(chance);
  if (chance < 1 && chance > 0.995) return `> ${numbers(language, 'percent').format(0.99)}`;
  return numbers(language, 'percent').format(chance);
}

export const pluralOf = (language: string, count: number): Intl.LDMLPluralRule => plurals(language, '').select(count);

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** Of this moment. A window's clock goes on in steps, so that what has just happened may lie a little ahead of it. */
export const isJustNow = (seconds: number, now: number): boolean => seconds >= now && seconds < now + 60;

/** "3 hours ago", "yesterday"; a time within a minute is seconds. Days are the calendar's: late on Monday, Saturday is two days ago. */
export function agoText(language: string, seconds: number, now: number): string {
  const past = seconds - now;
  const [unit, length] = steps.find(([, size]) => Math.abs(past) >= size) ?? (['second', 1] as const);
  const count = unit === 'day' ? dayOf(seconds) - dayOf(now) : Math.trunc(past / length);
  return relatives(language, '').format(count, unit);
}

/** The number of a moment's day, where we are. */
function dayOf(seconds: number): number {
  const at = new Date(seconds * 1000);
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / 86_400_000;
}

/** "3 days", "20 min": a length of time, in its largest unit. */
export function lengthText(language: string, seconds: number): string {
  const [unit, length] =
    steps.find(([, size]) => seconds >= size * (size === 86_400 ? 2 : 1)) ?? (['second', 1] as const);
  const style = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(language, style).format(Math.round(seconds / length));
}

/** "12.4 MB" */
export function bytesText(language: string, bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  const digits = step > 0 && value < 10 ? 1 : 0;
  const style = { style: 'unit', unit: units[step]!, unitDisplay: 'short', maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(language, style).format(value);
}
