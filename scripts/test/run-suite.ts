import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Suite } from './suites.ts';
import { countStep, countVitest, type Ending, type SuiteResult } from './tally.ts';

/** How a suite went, how long it took, and what it printed where that was kept. */
export interface SuiteRun {
  readonly suite: Suite;
  readonly result: SuiteResult;
  readonly seconds: number;
  readonly output: string;
}

export interface RunOptions {
  /** Of the checkout. */
  readonly root: string;
  /** Whether another suite may run meanwhile: what is printed is kept then, and a free one gives way. */
  readonly beside: boolean;
}

/** Runs one suite and counts it. A step that passes prints nothing. */
export async function runSuite(suite: Suite, options: RunOptions): Promise<SuiteRun> {
  const began = performance.now();
  const { result, output } = await (suite.kind === 'step'
    ? runStep(suite.script, suite, options)
    : runVitest(suite.project, suite, options));
  return { suite, result, output, seconds: (performance.now() - began) / 1000 };
}

type Ran = Pick<SuiteRun, 'result' | 'output'>;

async function runStep(script: string, suite: Suite, options: RunOptions): Promise<Ran> {
  const { ending, output } = await run('npm', ['run', '--silent', script], suite, { ...options, keep: true });
  return { result: countStep(`npm run ${script}`, ending), output: ending === 0 ? '' : output };
}

async function runVitest(project: string, suite: Suite, options: RunOptions): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'ubad-test-'));
  const report = join(folder, 'report.json');
  try {
    const vitest = join(options.root, 'node_modules', 'vitest', 'vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const args = [vitest, 'run', '--project', project, ...reporters];
    const { ending, output } = await run(process.execPath, args, suite, { ...options, keep: options.beside });
    return { result: countVitest(existsSync(report) ? readFileSync(report, 'utf8') : undefined, ending), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns how it ended, and what it printed where that is to be kept: else it is printed as it comes */
function run(
  command: string,
  args: readonly string[],
  { lane }: Suite,
  { root, beside, keep }: RunOptions & { readonly keep: boolean },
): Promise<{ readonly ending: Ending; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', keep ? 'pipe' : 'inherit', keep ? 'pipe' : 'inherit'],
    });
    if (beside && lane === 'free' && child.pid !== undefined) {
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    }
    const parts: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => void parts.push(part));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ ending: code ?? signal ?? 1, output: Buffer.concat(parts).toString('utf8') });
    });
  });
}
