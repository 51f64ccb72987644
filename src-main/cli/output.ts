import { writeSync } from 'node:fs';

import { visible, visibleJson } from '../contract/visible-text.ts';
import { drawBar, isWatched, print, printLines, printRaw, report } from '../terminal/terminal.ts';
import { exitCodes } from './failure.ts';
import { journalPrefix, type Level } from './journal.ts';

/** Progress on standard error: a bar and the time left on a terminal, nothing elsewhere. */
export function progressBar(label: string): (progress: number) => void {
  if (!isWatched()) return () => undefined;
  let shown = -1;
  const started = performance.now();
  return (progress) => {
    const percent = Math.floor(progress * 100);
    if (percent === shown) return;
    shown = percent;
    const left = ((performance.now() - started) / 1000) * (1 / Math.max(progress, 0.01) - 1);
    const time = progress >= 1 ? '' : `, ${Math.ceil(left)} s left`;
    drawBar(label, progress, `${percent} %${time}`, progress >= 1);
  };
}

/** A result for people: one line, whatever is in it. */
export const say = print;
export const sayLines = printLines;
/** A script or a page of a manual that this program makes of its own words. */
export const sayRaw = printRaw;

/** For people, beside the result: standard error; to the journal with how bad it is. */
export function tellUser(text: string, level: Level = 'notice'): void {
  report(text, journalPrefix(level));
}

/** … where it comes with something else that is not for the terminal. */
export const tellUserOnly = (text: string): void => {
  tellUser(text);
};

/** A result for programs. */
export function sayJson(value: unknown): void {
  printRaw(`${visibleJson(value, 2)}\n`);
}

/** … as one line of many. */
export function sayJsonLine(value: unknown): void {
  printRaw(`${visibleJson(value)}\n`);
}

/** Columns of text, wide as their widest cell. */
export function sayTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  printLines(table(head, rows));
}

/** @returns its lines */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => visible(String(cell))));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** Local time, to the minute. @param seconds Unix seconds */
export function clock(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * Writes all of it as it is, however slow the reader is: for JSON of `visibleJson` and what this program invents.
 * @param file descriptor
 * @param whenGone what to do where nobody reads any more; without it the program ends
 */
export function writeAllRaw(file: number, text: string, whenGone?: () => void): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(file, bytes, done);
    } catch (error) {
      // A pipe whose reader is slower: try again; one whose reader has gone: nothing more is wanted.
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') {
        if (whenGone === undefined) process.exit(exitCodes.ok);
        whenGone();
        return;
      }
      if (code !== 'EAGAIN') throw error;
    }
  }
}
