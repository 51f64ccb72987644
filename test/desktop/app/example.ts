import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { repository } from '../session/desktop.ts';

const WEEK = 7 * 86_400;
/** 0-based: where somebody else has sat down at alice's keyboard; everything before is two people's ordinary work. */
const STRANGER_FROM = 544;
const STRANGER_TO = 650;
/** This many of the stranger's lines do not alarm yet; the next one does. */
const NOT_YET = 7;

/** The invented log that ships, moved by whole weeks so that it ends within the last one: old actions would be pruned. */
export interface Example {
  /** Three weeks of alice's and bob's work. */
  readonly past: readonly string[];
  /** A day and a half of it that no model of `past` finds strange. */
  readonly quiet: readonly string[];
  /** What the stranger does as alice: the last of them alarms. */
  readonly untilAlert: readonly string[];
  /** What comes after it: the same incident becomes worse and worse. */
  readonly afterAlert: readonly string[];
  /** Alice's own work of a later day, long enough to end the incident. */
  readonly calm: readonly string[];
  /** All that the stranger does, as if bob's keyboard had been used. */
  readonly asBob: readonly string[];
}

/** @param now Unix seconds */
export function exampleBefore(now: number): Example {
  const today = linesOf('today');
  const last = timeOf(today.at(-1)!);
  const shift = Math.floor((now - last) / WEEK) * WEEK;
  const moved = (lines: readonly string[]): string[] => lines.map((line) => movedBy(line, shift));
  const stranger = moved(today.slice(STRANGER_FROM, STRANGER_TO).filter((line) => line.includes('1000')));
  return {
    past: moved(linesOf('past')),
    quiet: moved(today.slice(0, STRANGER_FROM)),
    untilAlert: stranger.slice(0, NOT_YET + 1),
    afterAlert: stranger.slice(NOT_YET + 1),
    calm: moved(today.slice(STRANGER_TO)).filter((line) => line.includes('1000')),
    asBob: stranger.map((line) =>
      line.replaceAll('alice', 'bob').replaceAll('"1000"', '"1001"').replaceAll('user-1000', 'user-1001'),
    ),
  };
}

/** Lines as `JSON.stringify` wrote them: times are numbers or strings of ten digits. */
function movedBy(line: string, seconds: number): string {
  return line.replaceAll(
    /"(unixTime|time|start_time)":("?)(\d{10})/g,
    (_, name: string, quote: string, time: string) => {
      return `"${name}":${quote}${Number(time) + seconds}`;
    },
  );
}

const timeOf = (line: string): number => (JSON.parse(line) as { readonly unixTime: number }).unixTime;

function linesOf(name: 'past' | 'today'): string[] {
  const packed = readFileSync(join(repository, 'test', 'fixtures', 'intruder', `${name}.log.gz`));
  return gunzipSync(packed).toString().trimEnd().split('\n');
}
