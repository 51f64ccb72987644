import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUp, closingLine, countStep, countVitest, exitCode } from '../../scripts/test/tally.ts';

const status = fc.constantFrom('passed', 'failed', 'skipped', 'pending', 'todo');
const file = (statuses: readonly string[], fileStatus = statuses.includes('failed') ? 'failed' : 'passed') => ({
  name: 'some.test.ts',
  status: fileStatus,
  startTime: 1_000,
  endTime: 3_500,
  assertionResults: statuses.map((one) => ({ status: one })),
});
const report = (...files: readonly object[]) => JSON.stringify({ testResults: files });

describe('counting a Vitest run', () => {
  it('counts every test once', () => {
    fc.assert(
      fc.property(fc.array(fc.array(status, { minLength: 1 }), { minLength: 1 }), (files) => {
        const all = files.flat();
        const failed = all.filter((one) => one === 'failed').length;
        const counted = countVitest(report(...files.map((one) => file(one))), failed > 0 ? 1 : 0);
        expect(counted.passed).toBe(all.filter((one) => one === 'passed').length);
        expect(counted.failed).toBe(failed);
        expect(counted.passed + counted.failed + counted.skipped).toBe(all.length);
        expect(counted.problems).toEqual([]);
        expect(counted.files?.map(({ name, seconds }) => ({ name, seconds }))).toEqual(
          files.map(() => ({ name: 'some.test.ts', seconds: 2.5 })),
        );
      }),
    );
  });

  it('never takes a runner that failed for a success', () => {
    const json = fc.oneof(fc.constant(undefined), fc.string(), fc.json(), fc.constant(report(file(['passed']))));
    const ending = fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constant('SIGKILL' as const));
    fc.assert(
      fc.property(json, ending, (written, ended) => {
        expect(exitCode(countVitest(written, ended))).toBe(1);
      }),
    );
  });

  it.each([
    ['no report', undefined],
    ['half a report', report(file(['passed'])).slice(0, 40)],
    ['a report without a test', report()],
    ['a file that could not be loaded', report(file(['passed']), file([], 'failed'))],
    ['a hook that failed after its tests passed', report(file(['passed'], 'failed'))],
  ])('takes %s for one failure with its sentence', (_what, json) => {
    const counted = countVitest(json, 0);
    expect(counted.failed).toBe(1);
    expect(counted.problems).toHaveLength(1);
  });
});

it('a failure is told by its test and the first line of what it said', () => {
  const tests = [
    { status: 'failed', fullName: 'a desktop opens', failureMessages: ['Error: no display\n    at somewhere'] },
    { status: 'passed', fullName: 'a desktop closes', failureMessages: [] },
  ];
  const written = report({ ...file([]), status: 'failed', assertionResults: tests }, file([], 'failed'));
  expect(countVitest(written, 1).files?.map(({ failures }) => failures)).toEqual([
    [{ test: 'a desktop opens', said: 'Error: no display' }],
    [],
  ]);
});

describe('the sum', () => {
  it('adds steps and tests up', () => {
    const sum = addUp([countStep('lint', 0), countStep('types', 2), countVitest(report(file(['passed', 'todo'])), 0)]);
    expect(closingLine(sum)).toBe('2 passed, 1 failed, 1 skipped');
  });

  it('is a success only when something passed and nothing failed', () => {
    expect(exitCode({ passed: 1, failed: 0, skipped: 9 })).toBe(0);
    expect(exitCode({ passed: 9, failed: 1, skipped: 0 })).toBe(1);
    expect(exitCode({ passed: 0, failed: 0, skipped: 9 })).toBe(1);
  });
});
