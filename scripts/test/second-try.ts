import { relative } from 'node:path';
import type { SuiteRun } from './run-suite.ts';
import type { Suite } from './suites.ts';
import { addUp, type SuiteResult, type TestFile } from './tally.ts';

/** More than these did not fail by chance. */
const MOST_FILES = 3;

/**
 * Runs test files with a failure once more, when nothing else runs: on a busy machine a desktop, a browser or a server may
 * be later than a test waits. What passes then counts as passed, and is told by name. No step is tried again, and no test
 * where more than three files failed.
 *
 * @param again runs these files of a suite
 * @returns the runs with what the second try said, and a line for each test that passed only then
 */
export async function trySecondTime(
  runs: readonly SuiteRun[],
  root: string,
  again: (suite: Suite, files: readonly string[]) => Promise<SuiteRun>,
): Promise<{ readonly runs: readonly SuiteRun[]; readonly late: readonly string[] }> {
  if (runs.reduce((sum, run) => sum + failedFiles(run).length, 0) > MOST_FILES) return { runs, late: [] };
  const after: SuiteRun[] = [];
  const late: string[] = [];
  for (const run of runs) {
    const failed = failedFiles(run);
    if (failed.length === 0) {
      after.push(run);
      continue;
    }
    const second = await again(
      run.suite,
      failed.map(({ name }) => name),
    );
    after.push({ ...run, seconds: run.seconds + second.seconds, result: withSecond(run.result, second.result) });
    late.push(...failed.flatMap((file) => passedLate(file, second.result, root)));
  }
  return { runs: after, late };
}

/** A line for each test that failed: where, which test, and what it said first. */
export function failuresOf(runs: readonly SuiteRun[], root: string): readonly string[] {
  return runs.flatMap(({ result }) =>
    (result.files ?? []).flatMap((file) =>
      file.failures.filter(({ test }) => test !== '').map((failure) => lineOf(file, failure, root)),
    ),
  );
}

const failedFiles = ({ result }: SuiteRun): readonly TestFile[] =>
  (result.files ?? []).filter(({ failures }) => failures.length > 0);

/** A file that was tried again counts as it went then; one that the second run did not report counts as it did. */
function withSecond(first: SuiteResult, second: SuiteResult): SuiteResult {
  const again = new Map((second.files ?? []).map((file) => [file.name, file]));
  const was = first.files ?? [];
  const files = was.map((file) => again.get(file.name) ?? file);
  const before = addUp(was.map(({ tally }) => tally));
  const now = addUp(files.map(({ tally }) => tally));
  return {
    passed: now.passed,
    skipped: now.skipped,
    // What went wrong beside the files stays, and what does so the second time is added.
    failed: now.failed + (first.failed - before.failed) + beside(second),
    problems: [
      ...first.problems.filter((problem) => !was.some(({ name }) => problem.startsWith(name))),
      ...second.problems,
    ],
    files,
  };
}

/** How many failures of a run belong to none of its files. */
const beside = ({ failed, files = [] }: SuiteResult): number => failed - addUp(files.map(({ tally }) => tally)).failed;

function passedLate(file: TestFile, second: SuiteResult, root: string): readonly string[] {
  const now = second.files?.find(({ name }) => name === file.name);
  if (now === undefined) return [];
  return file.failures
    .filter(({ test }) => !now.failures.some((failure) => failure.test === test))
    .map((failure) => lineOf(file, failure, root));
}

const lineOf = ({ name }: TestFile, { test, said }: TestFile['failures'][number], root: string): string =>
  `${relative(root, name)}${test === '' ? '' : ` > ${test}`}: ${said}`;
