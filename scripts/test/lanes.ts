import { relative } from 'node:path';
import type { SuiteRun } from './run-suite.ts';
import type { Suite } from './suites.ts';

/** A file that takes less is not worth a line. */
const SLOW_SECONDS = 5;
const SLOWEST = 5;

/** Suites at a time: one that waits for a desktop leaves the processors to another. */
const AT_ONCE = 2;

/**
 * Runs suites in their order, two at a time, but only one of the exclusive ones. Those of the lane `first` run before all.
 *
 * @param run runs one; `beside`: whether another one may run meanwhile
 * @returns in the order in which they ended
 */
export async function runLanes<S extends Pick<Suite, 'lane'>, R>(
  suites: readonly S[],
  run: (suite: S, beside: boolean) => Promise<R>,
): Promise<readonly R[]> {
  const ended: R[] = [];
  for (const suite of suites.filter(({ lane }) => lane === 'first')) ended.push(await run(suite, false));
  const left = suites.filter(({ lane }) => lane !== 'first');
  const beside = left.length > 1;
  let taken = false;
  const work = async (): Promise<void> => {
    for (;;) {
      const next = left.findIndex(({ lane }) => lane !== 'exclusive' || !taken);
      const [suite] = next < 0 ? [] : left.splice(next, 1);
      if (!suite) return; // what is left is for who runs an exclusive one now
      taken ||= suite.lane === 'exclusive';
      ended.push(await run(suite, beside));
      if (suite.lane === 'exclusive') taken = false;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return ended;
}

/** Where the time went: seconds of each suite and of its slowest files, and what a slow suite is good for. */
export function timesOf(runs: readonly SuiteRun[], root: string): string {
  const line = (seconds: number, what: string): string => `${seconds.toFixed(0).padStart(6)} s  ${what}`;
  return runs
    .flatMap(({ suite, seconds, result }) => [
      line(seconds, [suite.name, ...(suite.buys === undefined ? [] : [suite.buys])].join(': ')),
      ...(result.files ?? [])
        .slice(0, SLOWEST)
        .filter((file) => file.seconds >= SLOW_SECONDS)
        .map((file) => `  ${line(file.seconds, relative(root, file.name))}`),
    ])
    .join('\n');
}

/** A line for each test that failed: where, which, and the first line of what it said. */
export const failuresOf = (runs: readonly SuiteRun[], root: string): readonly string[] =>
  runs.flatMap(({ result: { files = [] } }) =>
    files.flatMap(({ name, failures }) =>
      failures.map(({ test, said }) => `${relative(root, name)} > ${test}: ${said}`),
    ),
  );
