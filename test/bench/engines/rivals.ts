import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { FEWEST_RUNS, median, type Row } from '../../../scripts/bench/bench.ts';

/** Processor time of a run at least, in µs: short work is repeated. */
const SHORTEST_RUN = 300_000;

/**
 * Amounts a second of processor time, of all threads of this process: what else runs on the machine counts little, so that
 * ratios hold. One call of `work` to warm up, then the runs that count; rivals.py does the same.
 */
export function throughput(amount: number, work: () => void): number[] {
  work();
  return Array.from({ length: FEWEST_RUNS }, () => {
    const start = process.cpuUsage();
    for (let calls = 1; ; calls++) {
      work();
      const { user, system } = process.cpuUsage(start);
      if (user + system >= SHORTEST_RUN) return (calls * amount * 1e6) / (user + system);
    }
  });
}

/** Amounts a second of processor time, one a run, by what was measured. */
type Samples = Readonly<Record<string, readonly number[]>>;

/** What rivals.py measured; a rival that is not installed is missing. */
export interface Rivals {
  readonly pytorch?: Samples;
  readonly libsvm?: Samples;
  readonly sklearn?: Samples;
}

/** Debian's Python, which sees Debian's packages; another one of the PATH need not. */
const PYTHON = '/usr/bin/python3';

/** Has rivals.py do the same work; without Python there are no rivals, which is said. */
export function measureRivals(work: object): Promise<Rivals> {
  return new Promise((resolve) => {
    const script = fileURLToPath(new URL('rivals.py', import.meta.url));
    const child = execFile(PYTHON, ['-B', script], { maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (stderr !== '') console.error(stderr.trim());
      if (error) console.error(`No comparison with PyTorch, LIBSVM and scikit-learn: ${error.message}`);
      resolve(error ? {} : (JSON.parse(stdout) as Rivals));
    });
    // Where Python is missing, there is nobody to read.
    child.stdin?.on('error', () => undefined).end(JSON.stringify(work));
  });
}

/** The rivals' own figures. */
export const rowsOf = (rivals: Rivals): Row[] =>
  Object.entries(rivals as Record<string, Samples>).flatMap(([rival, measured]) =>
    Object.entries(measured).map(([what, samples]) => ({ what: `${rival}: ${what}`, unit: 'items/s', samples })),
  );

/** A row and, where the rival was measured, the row as a multiple of the rival's median. */
export function over(rival: string, measured: readonly number[] | undefined, row: Row): Row[] {
  if (!measured) return [row];
  const middle = median(measured);
  return [row, { what: `${row.what}, over ${rival}`, unit: '×', samples: row.samples.map((one) => one / middle) }];
}
