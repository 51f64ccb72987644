import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { runLanes, timesOf } from '../../scripts/test/lanes.ts';
import { suites, type Lane, type Suite } from '../../scripts/test/suites.ts';

/** Runs suites that take this many milliseconds. @returns what began and ended, in order */
async function log(...of: readonly (readonly [name: string, lane: Lane, takes: number])[]): Promise<string[]> {
  const said: string[] = [];
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
  it('run one that waits beside those that compute, after what is first', async () => {
    expect(await log(['w', 'waits', 30], ['c', 'computes', 5], ['f', 'first', 5])).toEqual([
      ...['f', 'f ended', 'w beside', 'c beside', 'c ended', 'w ended'],
    ]);
  });

  it('never run two that wait at once, and leave none out', async () => {
    const said = await log(['w1', 'waits', 5], ['w2', 'waits', 5], ['c', 'computes', 30], ['w3', 'waits', 1]);
    const waits = said.filter((text) => text.startsWith('w'));
    expect(waits).toEqual([...['w1', 'w2', 'w3'].flatMap((name) => [`${name} beside`, `${name} ended`])]);
    expect(said).toContain('c ended');
  });

  it('run two that compute at once, in the order of the list', async () => {
    const said = await log(['c1', 'computes', 30], ['c2', 'computes', 5], ['c3', 'computes', 5]);
    expect(said).toEqual([...['c1 beside', 'c2 beside', 'c2 ended', 'c3 beside', 'c3 ended', 'c1 ended']]);
  });

  it('leave one that is alone its terminal', async () => {
    expect(await log(['c', 'computes', 1])).toEqual(['c', 'c ended']);
  });

  it('fail with a suite that cannot be run', async () => {
    const broken = runLanes([{ lane: 'waits' }], () => Promise.reject(new Error('no vitest')));
    await expect(broken).rejects.toThrow('no vitest');
  });
});

it('the times name each suite with what it buys, and its slow files only', () => {
  const suite: Suite = { kind: 'vitest', name: 'window', project: 'window', lane: 'waits', buys: 'all screens' };
  const files = [
    { name: '/ubad/test/a.test.ts', seconds: 61 },
    { name: '/ubad/test/b.test.ts', seconds: 2 },
  ];
  const result = { passed: 1, failed: 0, skipped: 0, problems: [], files };
  expect(timesOf([{ suite, result, seconds: 64.4, output: '' }], '/ubad')).toBe(
    '    64 s  window: all screens\n      61 s  test/a.test.ts',
  );
});

it('every step is a script, and every project of Vitest is in one suite', async () => {
  const scripts = suites.flatMap((suite) => (suite.kind === 'step' ? [suite.script] : []));
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
