import { writeSync } from 'node:fs';

import { printable } from '../engine/describe.ts';
import { exitCodes } from './failure.ts';
import { journalPrefix, type Level } from './journal.ts';

/** Progress on standard error: a bar and the time left on a terminal, nothing elsewhere. */
export function progressBar(label: string): (progress: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  let shown = -1;
  const started = performance.now();
  return (progress) => {
    const percent = Math.floor(progress * 100);
    if (percent === shown) return;
    shown = percent;
    const filled = '█'.repeat(Math.round(progress * 30)).padEnd(30, '░');
    const left = ((performance.now() - started) / 1000) * (1 / Math.max(progress, 0.01) - 1);
    const time = progress >= 1 ? '\u001b[K\n' : `, ${Math.ceil(left)} s left\u001b[K`;
    process.stderr.write(`\r${printable(label)} ${filled} ${percent} %${time}`);
  };
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** For people, beside the result: standard error; to the journal with how bad it is. */
export function note(text: string, level: Level = 'notice'): void {
  process.stderr.write(`${journalPrefix(level)}ubad: ${printable(text)}\n`);
}

/** … where it comes with something else that is not for the terminal. */
export const noteOnly = (text: string): void => {
  note(text);
};

export function sayJson(value: unknown): void {
  say(safeJson(value, 2));
}

/** JSON that does nothing to a terminal: JSON.stringify writes U+0080…U+009F and marks of direction as they are. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? character : escaped(character),
  );
}

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, c) => `\\u${character.charCodeAt(c).toString(16).padStart(4, '0')}`,
  ).join('');

/** Columns of text, wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => printable(String(cell))));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Local time, to the minute. @param seconds Unix seconds */
export function clock(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Writes all of it, however slow the reader is. @param file descriptor */
export function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(file, bytes, done);
    } catch (error) {
      // A pipe whose reader is slower: try again; one whose reader has gone: nothing more is wanted.
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(exitCodes.ok);
      if (code !== 'EAGAIN') throw error;
    }
  }
}
