import { existsSync, readFileSync } from 'node:fs';

import { exitCodes, Failure } from '../failure.ts';

/** A stretch of a test log, 1-based lines, both included. */
export interface Unit {
  readonly from: number;
  readonly to: number;
  /** 1: another's, or an attack. */
  readonly label: 0 | 1;
}

const COLUMNS = ['line_from', 'line_to', 'label'] as const;

/** CSV with the header line_from,line_to,label[,…]. @throws Failure saying what is wrong with which line */
export function readLabels(path: string): Unit[] {
  if (!existsSync(path)) throw new Failure(`${path}: no such file.`, exitCodes.unreadable);
  const [head, ...rows] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const names = (head ?? '').split(',');
  const places = COLUMNS.map((name) => names.indexOf(name));
  if (places.includes(-1)) {
    throw new Failure(`${path}: line 1 must name the columns line_from, line_to and label.`, exitCodes.unreadable);
  }
  return rows.map((row, r) => {
    const cells = row.split(',').map(Number);
    const [from, to, label] = places.map((place) => cells[place] ?? NaN) as [number, number, number];
    if (!Number.isInteger(from) || !Number.isInteger(to)) {
      throw new Failure(`${path}: line ${r + 2} has no line numbers.`, exitCodes.unreadable);
    }
    return { from, to, label: label === 1 ? 1 : 0 };
  });
}
