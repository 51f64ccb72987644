import { median, type Row } from './bench.ts';

/** What one bench sends home. */
export interface Result {
  readonly name: string;
  /** Most memory that its process held, 10⁶ bytes. */
  readonly peakMemoryMB: number;
  readonly rows: readonly Row[];
}

/** One measurement as docs/benchmarks.json keeps it. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
  /** Median over the yardstick's median, where the unit is the same: comparable between machines. */
  readonly ofYardstick?: number;
}

/** What docs/benchmarks.json keeps of one bench. */
interface Entry {
  /** Day, `YYYY-MM-DD`. */
  readonly measured: string;
  readonly machine: string;
  readonly peakMemoryMB: number;
  readonly figures: readonly Figure[];
}

/** docs/benchmarks.json: by the bench's name. */
export type Benchmarks = Readonly<Record<string, Entry>>;

/** @param yardstick the row that others are compared with, measured in the same run of benches */
export function figureOf(row: Row, yardstick: Row | undefined): Figure {
  const middle = median(row.samples);
  return {
    what: row.what,
    unit: row.unit,
    median: round(middle),
    least: round(Math.min(...row.samples)),
    most: round(Math.max(...row.samples)),
    runs: row.samples.length,
    ...(yardstick?.unit === row.unit ? { ofYardstick: round(middle / median(yardstick.samples)) } : {}),
  };
}

/** Benches that were not run keep their older entry. */
export function merge(older: Benchmarks, newer: Benchmarks): Benchmarks {
  return Object.fromEntries(Object.entries({ ...older, ...newer }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A table for people; the first line is its head. */
export function table(benchmarks: Benchmarks): string {
  const lines = Object.entries(benchmarks).flatMap(([name, { peakMemoryMB, figures }]) =>
    figures.map((figure) => [
      name,
      figure.what,
      `${plain(figure.median)} ${figure.unit}`,
      `${plain(figure.least)} … ${plain(figure.most)}`,
      figure.ofYardstick === undefined ? '' : String(figure.ofYardstick),
      `${plain(peakMemoryMB)} MB`,
    ]),
  );
  const rows = [['bench', 'what', 'median', 'least … most', '× yardstick', 'peak memory'], ...lines];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** To three significant digits: more is noise. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}

function plain(value: number): string {
  return round(value).toLocaleString('en-GB', { maximumSignificantDigits: 3 });
}
