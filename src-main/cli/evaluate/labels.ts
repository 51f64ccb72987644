import { inputFailure, readText } from './input.ts';

/** A stretch of a test log, 1-based lines, both included. */
export interface Unit {
  readonly from: number;
  readonly to: number;
  /** 1: another's, or an attack. */
  readonly label: 0 | 1;
}

/** First and last line, 1-based. */
export type Run = readonly [first: number, last: number];

const COLUMNS = ['line_from', 'line_to', 'label'] as const;

/** CSV with the header line_from,line_to,label[,…]. @throws Failure saying what is wrong with which line */
export function readLabels(path: string): Unit[] {
  const [head, ...rows] = readText(path).trim().split(/\r?\n/);
  const names = (head ?? '').split(',');
  const places = COLUMNS.map((name) => names.indexOf(name));
  if (places.includes(-1)) throw inputFailure(path, 'line 1 must name the columns line_from, line_to and label');
  return rows.map((row, r) => {
    const texts = row.split(',');
    const [from, to, label] = places.map((place) => numberOf(texts[place])) as [number, number, number];
    if (!isRun([from, to])) {
      throw inputFailure(path, `line ${r + 2} has no line numbers: line_from counts from 1, line_to is not before it`);
    }
    if (Number.isNaN(label))
      throw inputFailure(path, `line ${r + 2} has no label: 1 for another's, 0 for the user's own`);
    return { from, to, label: label === 1 ? 1 : 0 };
  });
}

const numberOf = (text = ''): number => (text.trim() === '' ? NaN : Number(text));

/** Whether it is two line numbers, the second not before the first. */
export function isRun(value: unknown): value is Run {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(Number.isSafeInteger)) return false;
  const [first, last] = value as [number, number];
  return first >= 1 && last >= first;
}

/** @param lines how many the test log has @throws Failure naming the first label beyond them */
export function demandWithin(path: string, units: readonly Unit[], lines: number): void {
  const beyond = units.findIndex(({ to }) => to > lines);
  if (beyond === -1) return;
  throw inputFailure(path, `line ${beyond + 2} ends at line ${units[beyond]!.to}, and the test log has ${lines}`);
}
