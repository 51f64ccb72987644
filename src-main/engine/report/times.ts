const two = (value: number): string => String(Math.abs(value)).padStart(2, '0');

/** Local time with its distance to UTC, as RFC 3339 writes it. @param seconds Unix seconds */
export function isoOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${dayOf(date)}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${zoneAt(date)}`;
}

/** "2026-11-25 02:07", local. */
export function clockOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${dayOf(date)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The local zone by its name. */
export const zoneOf = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const dayOf = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

function zoneAt(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  return `${minutes < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}
