/**
 * The one door to standard output and standard error. What goes through it is made visible, one line at a time: no text of a
 * log, a file or a backup can move the cursor, change colours or begin a line. `printRaw` is the exception, by its name.
 */
import { fstatSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';

import { visible } from '../contract/visible-text.ts';

export const STDOUT = 1;

/** A result: one line on standard output. @param prefix of our own, such as the journal's */
export function print(text: string, prefix = ''): void {
  printRaw(`${prefix}${visible(text)}\n`);
}

/** Lines that belong together, in one piece. */
export function printLines(lines: readonly string[]): void {
  printRaw(lines.map((line) => `${visible(line)}\n`).join(''));
}

/** Bytes as they are. Only for what this program alone has written, or what is escaped already. */
export function printRaw(text: string): void {
  process.stdout.write(text);
}

/** For people, beside the result: one line on standard error. @param prefix of our own, such as the journal's */
export function report(text: string, prefix = ''): void {
  process.stderr.write(`${prefix}ubad: ${visible(text)}\n`);
}

/** A bug, with where it happened. Only its first line begins where lines begin. */
export function reportBug(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [first = '', ...more] = text.split('\n');
  report(first);
  for (const line of more) process.stderr.write(`    ${visible(line.trim())}\n`);
}

/** A bug that nobody caught ends the program, as it does without this; Node would print its message as it is. */
export function reportUncaught(): void {
  process.on('uncaughtException', (error) => {
    reportBug(error);
    process.exit(1);
  });
}

/** What stops a program that runs until it is stopped. */
const stops = new Set<() => void>();

/**
 * Whoever reads a pipe may go before all is said, as `head` does: the rest is dropped, and what was begun is still done. What was
 * told to `onReaderGone` is stopped; not so behind a socket, which a journal that starts again closes.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (stream !== process.stdout || !fstatSync(STDOUT).isFIFO()) return;
      for (const stop of stops) stop();
    });
  }
}

/** Calls `stop`, maybe several times, when nobody reads standard output any more. @returns what takes it back */
export function onReaderGone(stop: () => void): () => void {
  stops.add(stop);
  return () => {
    stops.delete(stop);
  };
}

/** Whether a person sees standard error, and whether there is one to ask. */
export const isWatched = (): boolean => process.stderr.isTTY;
export const canAsk = (): boolean => process.stdin.isTTY;

/** A bar that is drawn over itself on a terminal. @param rest behind the bar @param isLast ends the line */
export function drawBar(label: string, progress: number, rest: string, isLast: boolean): void {
  const filled = '█'.repeat(Math.round(progress * 30)).padEnd(30, '░');
  process.stderr.write(`\r${visible(label)} ${filled} ${visible(rest)}\u001b[K${isLast ? '\n' : ''}`);
}

/** @returns what a person answers; only where `canAsk` */
export async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(visible(question));
  } finally {
    terminal.close();
  }
}
