import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { failuresOf, runLanes, timesOf } from '../../scripts/test/lanes.ts';
import { quickOf, suites, type Lane, type Suite } from '../../scripts/test/suites.ts';

/** Time that passes only when everything else has been done: a busy machine changes no order. */
function ownTime(): (takes: number) => Promise<void> {
  let now = 0;
  const waiting: { readonly until: number; readonly wake: () => void }[] = [];
  const pass = (): void => {
    waiting.sort((a, b) => a.until - b.until);
    const next = waiting.shift();
    now = next?.until ?? now;
    next?.wake();
  };
  return (takes) =>
    new Promise((wake) => {
      waiting.push({ until: now + takes, wake });
      setImmediate(pass);
    });
}

/** Runs suites that take so long, in a time of their own. @returns what began and ended, in order */
async function log(...of: readonly (readonly [name: string, lane: Lane, takes: number])[]): Promise<string[]> {
  const said: string[] = [];
  const sleep = ownTime();
  await runLanes(
    of.map(([name, lane, takes]) => ({ name, lane, takes })),
    async ({ name, takes }, beside) => {
      said.push(beside ? `${name} beside` : name);
      await sleep(takes);
      said.push(`${name} ended`);
    },
  );
  return said;
}

describe('lanes', () => {
  it('run an exclusive one beside free ones, after what is first', async () => {
    expect(await log(['e', 'exclusive', 30], ['f', 'free', 5], ['1st', 'first', 5])).toEqual([
      ...['1st', '1st ended', 'e beside', 'f beside', 'f ended', 'e ended'],
    ]);
  });

  it('never run two exclusive ones at once, and leave none out', async () => {
    const said = await log(['e1', 'exclusive', 5], ['e2', 'exclusive', 5], ['f', 'free', 30], ['e3', 'exclusive', 1]);
    expect(said.filter((text) => text.startsWith('e'))).toEqual(
      ['e1', 'e2', 'e3'].flatMap((name) => [`${name} beside`, `${name} ended`]),
    );
    expect(said).toContain('f ended');
  });

  it('run two free ones at once, in the order of the list', async () => {
    const said = await log(['f1', 'free', 30], ['f2', 'free', 5], ['f3', 'free', 5]);
    expect(said).toEqual([...['f1 beside', 'f2 beside', 'f2 ended', 'f3 beside', 'f3 ended', 'f1 ended']]);
  });

  it('leave one that is alone its terminal', async () => {
    expect(await log(['f', 'free', 1])).toEqual(['f', 'f ended']);
  });

  it('fail with a suite that cannot be run', async () => {
    const broken = runLanes([{ lane: 'exclusive' }], () => Promise.reject(new Error('no vitest')));
    await expect(broken).rejects.toThrow('no vitest');
  });
});

it('the times name each suite with what it buys, and its slow files only', () => {
  const suite: Suite = { kind: 'vitest', name: 'window', project: 'window', lane: 'exclusive', buys: 'all screens' };
  const files = [
    { name: '/ubad/test/a.test.ts', seconds: 61 },
    { name: '/ubad/test/b.test.ts', seconds: 2 },
  ].map((file) => ({ ...file, failures: [] }));
  const result = { passed: 1, failed: 0, skipped: 0, problems: [], files };
  expect(timesOf([{ suite, result, seconds: 64.4, output: '' }], '/ubad')).toBe(
    '    64 s  window: all screens\n      61 s  test/a.test.ts',
  );
});

it('what failed is told by file, test and the first line of what it said', () => {
  const suite: Suite = { kind: 'vitest', name: 'window', project: 'window', lane: 'exclusive' };
  const failures = [{ test: 'a window opens', said: 'Error: no display' }];
  const files = [{ name: '/ubad/test/a.test.ts', seconds: 1, failures }];
  const result = { passed: 0, failed: 1, skipped: 0, problems: [], files };
  expect(failuresOf([{ suite, result, seconds: 1, output: '' }], '/ubad')).toEqual([
    'test/a.test.ts > a window opens: Error: no display',
  ]);
});

it('every step is a script, and every project of Vitest is in one suite', async () => {
  const scripts = [...suites, ...quickOf(suites)].flatMap((suite) => (suite.kind === 'step' ? [suite.script] : []));
  expect(scripts.filter((script) => !Object.hasOwn(packageJson.scripts, script))).toEqual([]);
  const { default: config } = (await import(join(import.meta.dirname, '..', '..', 'vitest.config.js'))) as {
    readonly default: { readonly test: { readonly projects: readonly { readonly test: { readonly name: string } }[] } };
  };
  const projects = config.test.projects.map(({ test }) => test.name);
  // The proof of the desktop's checks is for who changes them: `npm run test:bench`.
  expect(suites.flatMap((suite) => (suite.kind === 'vitest' ? [suite.project] : [])).sort()).toEqual(
    projects.filter((name) => name !== 'mistakes').sort(),
  );
});

it('`npm run check` runs what is quick, a step in its quick way, and the unit tests that are not long', () => {
  expect(quickOf(suites).map((suite) => (suite.kind === 'step' ? suite.script : suite.project))).toEqual([
    ...['format:check', 'lint:changed', 'rules', 'types', 'unused', 'unit'],
  ]);
});
