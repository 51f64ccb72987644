import { describe, expect, it } from 'vitest';
import type { SuiteRun } from '../../scripts/test/run-suite.ts';
import { failuresOf, trySecondTime } from '../../scripts/test/second-try.ts';
import type { Suite } from '../../scripts/test/suites.ts';
import { countStep, countVitest, type Ending } from '../../scripts/test/tally.ts';

const suite: Suite = { kind: 'vitest', name: 'window', project: 'window', lane: 'exclusive' };
type Files = Readonly<Record<string, readonly string[]>>;

/** A run of files whose tests, named by their place, ended so; a file without a test could not be loaded. */
function run(files: Files, ending: Ending = 0): SuiteRun {
  const testResults = Object.entries(files).map(([name, statuses]) => ({
    name: `/ubad/test/${name}.test.ts`,
    status: statuses.length === 0 || statuses.includes('failed') ? 'failed' : 'passed',
    startTime: 0,
    endTime: 1_000,
    assertionResults: statuses.map((status, at) => ({
      status,
      fullName: `test ${at}`,
      failureMessages: status === 'failed' ? ['Error: too late\n  at x'] : [],
    })),
  }));
  return { suite, result: countVitest(JSON.stringify({ testResults }), ending), seconds: 1, output: '' };
}

/** What a second try, in which the files end so, makes of a run; `asked`: the files that were run again. */
async function tried(first: SuiteRun, second: SuiteRun) {
  const asked: string[] = [];
  const { runs, late } = await trySecondTime([first], '/ubad', (_suite, files) => {
    asked.push(...files);
    return Promise.resolve(second);
  });
  const [{ result } = first] = runs;
  const { passed, failed, skipped, problems } = result;
  return { asked, late, passed, failed, skipped, problems };
}

describe('a second try', () => {
  it('counts what passes then, and tells its name and what it said first', async () => {
    const first = run({ a: ['passed', 'failed'], b: ['passed'] }, 1);
    expect(await tried(first, run({ a: ['passed', 'passed'] }))).toEqual({
      asked: ['/ubad/test/a.test.ts'],
      late: ['test/a.test.ts > test 1: Error: too late'],
      passed: 3,
      failed: 0,
      skipped: 0,
      problems: [],
    });
  });

  it('lets a test that fails again fail, and one that fails only now', async () => {
    const first = run({ a: ['passed', 'failed', 'failed'], b: ['skipped'] }, 1);
    const second = run({ a: ['failed', 'failed', 'passed'] }, 1);
    expect(await tried(first, second)).toMatchObject({
      late: ['test/a.test.ts > test 2: Error: too late'],
      passed: 1,
      failed: 2,
      skipped: 1,
    });
  });

  it('tries a file that could not be loaded, too', async () => {
    expect(await tried(run({ a: [] }, 1), run({ a: ['passed'] }))).toMatchObject({
      late: ['test/a.test.ts: failed outside its tests.'],
      passed: 1,
      failed: 0,
      problems: [],
    });
  });

  it('is no success where its runner dies', async () => {
    const second = { ...run({}), result: countVitest(undefined, 'SIGKILL') };
    const { failed, late } = await tried(run({ a: ['failed'] }, 1), second);
    expect(failed).toBeGreaterThan(0);
    expect(late).toEqual([]);
  });

  it.each([
    ['all passed', run({ a: ['passed'] })],
    ['more than three files failed', run({ a: ['failed'], b: ['failed'], c: ['failed'], d: ['failed'] }, 1)],
    ['a step failed', { ...run({ a: ['passed'] }), result: countStep('lint', 1) }],
    ['an error was nobody’s', run({ a: ['passed'] }, 1)],
  ])('is not made where %s', async (_case, first) => {
    const { asked, failed } = await tried(first, run({ a: ['passed'] }));
    expect(asked).toEqual([]);
    expect(failed).toBe(first.result.failed);
  });
});

it('what failed is told by file, test and the first line of what it said', () => {
  expect(failuresOf([run({ a: ['failed', 'passed'] }, 1)], '/ubad')).toEqual([
    'test/a.test.ts > test 0: Error: too late',
  ]);
});
