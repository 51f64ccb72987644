/** Repeats of one measurement; the table shows their median and spread. */
export interface Row {
  /** What is measured, e.g. "parse one line". */
  readonly what: string;
  /** e.g. `lines/s`. Rows in the yardstick's unit are also shown as a ratio to it. */
  readonly unit: string;
  /** One value a run, at least five. */
  readonly samples: readonly number[];
}

/** The default export of a file `test/bench/<name>.bench.ts`. */
export interface Bench {
  readonly name: string;
  run(): Promise<readonly Row[]>;
}

export const FEWEST_RUNS = 5;

/** Samples of a figure of all that was read, which has no repeats. */
export const whole = (figure: number): number[] => Array<number>(FEWEST_RUNS).fill(figure);

/**
 * Measures a throughput: one run to warm up, then `runs` that count.
 *
 * @param amount how many of the unit one call of `work` does
 * @returns amounts a second, one for each run
 */
export async function throughput(amount: number, work: () => unknown, runs = 7): Promise<number[]> {
  await work();
  const samples: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    samples.push((amount * 1000) / (performance.now() - start));
  }
  return samples;
}

/** @throws RangeError when there is nothing to take the median of */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('median of no samples');
  return (lower + upper) / 2;
}
