import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Suite } from './suites.ts';
import { countStep, countVitest, type Ending, type SuiteResult } from './tally.ts';

/** Runs one suite in `root` and counts it; failures are printed as they come. */
export async function runSuite(suite: Suite, root: string): Promise<SuiteResult> {
  return suite.kind === 'step' ? runStep(suite.script, root) : runVitest(suite.config, root);
}

async function runStep(script: string, root: string): Promise<SuiteResult> {
  const { ending, output } = await runQuietly('npm', ['run', '--silent', script], root);
  if (ending !== 0) process.stdout.write(`${output.trimEnd()}\n`);
  return countStep(`npm run ${script}`, ending);
}

async function runVitest(config: string, root: string): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'ubad-test-'));
  const report = join(folder, 'report.json');
  try {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const ending = await runVisibly(process.execPath, [vitest, 'run', '--config', config, ...reporters], root);
    return countVitest(existsSync(report) ? readFileSync(report, 'utf8') : undefined, ending);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runVisibly(command: string, args: readonly string[], cwd: string): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve(code ?? signal ?? 1);
    });
  });
}

function runQuietly(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly ending: Ending; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    const keep = (part: Buffer): void => void parts.push(part);
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ ending: code ?? signal ?? 1, output: Buffer.concat(parts).toString('utf8') });
    });
  });
}
