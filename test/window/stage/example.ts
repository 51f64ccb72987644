import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'intruder');
const HOUR = 3600;
/** Columns that hold Unix seconds. */
const TIMES = ['time', 'start_time', 'mtime', 'ctime', 'atime'];

export interface Example {
  readonly past: readonly string[];
  readonly today: readonly string[];
  /** Where it is now as late in the day as at the example's end: an IANA zone. */
  readonly zone: string;
}

/**
 * The example that ships, moved by whole hours so that its last line was written within the last hour. With the zone, its
 * people still work by day.
 * @param now Unix seconds
 */
export function exampleAt(now: number): Example {
  const [past, today] = ['past', 'today'].map((name) =>
    gunzipSync(readFileSync(join(folder, `${name}.log.gz`)))
      .toString('utf8')
      .trim()
      .split('\n'),
  ) as [string[], string[]];
  const last = Math.max(...today.map((line) => (JSON.parse(line) as { unixTime: number }).unixTime));
  const hours = Math.floor((now - last) / HOUR);
  // What was moved on by this many hours is read as many hours earlier on the clock: signs of these zones are upside down.
  const on = hours % 24;
  const zone = on <= 12 ? `Etc/GMT+${on}` : `Etc/GMT-${24 - on}`;
  const move = (line: string): string => moved(line, hours * HOUR);
  return { past: past.map(move), today: today.map(move), zone };
}

function moved(line: string, by: number): string {
  const result = JSON.parse(line) as { unixTime: number; columns?: Record<string, string> };
  result.unixTime += by;
  for (const name of TIMES) {
    const value = result.columns?.[name];
    if (value !== undefined && /^1[67]\d{8}$/.test(value)) result.columns![name] = String(Number(value) + by);
  }
  return JSON.stringify(result);
}
