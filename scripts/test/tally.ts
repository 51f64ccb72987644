import * as v from 'valibot';

/** How many tests passed, failed and were skipped. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** How a program ended: its exit code, or the signal that ended it. */
export type Ending = number | NodeJS.Signals;

export interface SuiteResult extends Tally {
  /** One sentence for each failure that is not a test's own. */
  readonly problems: readonly string[];
  /** The files of a Vitest run, slowest first. */
  readonly files?: readonly TestFile[];
}

export interface TestFile {
  readonly name: string;
  /** From its first test's beginning to its last one's end. */
  readonly seconds: number;
  readonly failures: readonly Failure[];
}

export interface Failure {
  /** The test's whole name. */
  readonly test: string;
  /** The first line of what it said. */
  readonly said: string;
}

/** The parts of Vitest's JSON report that are counted. */
const vitestReport = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      startTime: v.number(),
      endTime: v.number(),
      assertionResults: v.array(
        v.object({
          status: v.string(),
          fullName: v.optional(v.string(), ''),
          failureMessages: v.optional(v.nullable(v.array(v.string())), []),
        }),
      ),
    }),
  ),
});

/**
 * Counts a Vitest run, with everything that went wrong beside the tests as a failure of its own: a file that could not be
 * loaded, an unhandled error, a runner that died, a run that found no test.
 *
 * @param json the report as written; undefined when there is none
 */
export function countVitest(json: string | undefined, ending: Ending): SuiteResult {
  const report = json === undefined ? undefined : readReport(json);
  if (report === undefined) {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      problems: [`Vitest ended (${describeEnding(ending)}) without a report that can be read.`],
    };
  }
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failedTests = tests.filter(({ status }) => status === 'failed').length;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const problems = brokenFiles.map((file) => `${file.name} failed outside its tests.`);
  if (tests.length === 0 && problems.length === 0) problems.push('Vitest found no test.');
  if (ending !== 0 && failedTests + problems.length === 0) {
    problems.push(
      `Every test passed, and still Vitest failed (${describeEnding(ending)}): an unhandled error, see above.`,
    );
  }
  return {
    passed,
    failed: failedTests + problems.length,
    skipped: tests.length - passed - failedTests,
    problems,
    files: report.testResults
      .map(({ name, startTime, endTime, assertionResults }) => ({
        name,
        seconds: (endTime - startTime) / 1000,
        failures: failuresIn(assertionResults),
      }))
      .sort((a, b) => b.seconds - a.seconds),
  };
}

type TestReport = v.InferOutput<typeof vitestReport>['testResults'][number]['assertionResults'][number];

const failuresIn = (tests: readonly TestReport[]): Failure[] =>
  tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({
      test: fullName,
      said: failureMessages?.[0]?.split('\n', 1)[0] ?? '',
    }));

/** A step passes or fails as a whole. */
export function countStep(name: string, ending: Ending): SuiteResult {
  return ending === 0
    ? { passed: 1, failed: 0, skipped: 0, problems: [] }
    : { passed: 0, failed: 1, skipped: 0, problems: [`"${name}" failed (${describeEnding(ending)}).`] };
}

export function addUp(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, next) => ({
      passed: sum.passed + next.passed,
      failed: sum.failed + next.failed,
      skipped: sum.skipped + next.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The line that ends every run. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Nothing passed is not a success. */
export function exitCode({ passed, failed }: Tally): 0 | 1 {
  return failed === 0 && passed > 0 ? 0 : 1;
}

function readReport(json: string): v.InferOutput<typeof vitestReport> | undefined {
  try {
    const read = v.safeParse(vitestReport, JSON.parse(json));
    return read.success ? read.output : undefined;
  } catch {
    return undefined; // half a report: the runner died while it wrote
  }
}

function describeEnding(ending: Ending): string {
  return typeof ending === 'number' ? `exit code ${ending}` : ending;
}
