import { relative } from 'node:path';
import type { SuiteRun } from './run-suite.ts';
import type { Lane, Suite } from './suites.ts';

/** A file that takes less is not worth a line. */
const SLOW_SECONDS = 5;
const SLOWEST = 5;

/**
 * Runs suites, those of one lane one after the other and the lanes beside each other: who waits leaves the processor to who
 * computes. Those of the lane `first` run before all.
 *
 * @param run runs one; `beside`: whether another lane runs
 * @returns in the order in which they ended
 */
export async function runLanes<S extends Pick<Suite, 'lane'>, R>(
  suites: readonly S[],
  run: (suite: S, beside: boolean) => Promise<R>,
): Promise<readonly R[]> {
  const ended: R[] = [];
  const of = (lane: Lane): readonly S[] => suites.filter((suite) => suite.lane === lane);
  const beside = of('waits').length > 0 && of('computes').length > 0;
  const inOrder = async (lane: Lane): Promise<void> => {
    for (const suite of of(lane)) ended.push(await run(suite, beside && lane !== 'first'));
  };
  await inOrder('first');
  await Promise.all([inOrder('waits'), inOrder('computes')]);
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
