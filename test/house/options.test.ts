/** Commands of the project's own say what they take, and what is wrong with what they were given. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

function run(script: string, ...given: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [script, ...given], { cwd: root, encoding: 'utf8' });
}

describe.each([
  ['npm run fuzz', 'test/fuzz/fuzz.ts', '--keep'],
  ['npm run torture', 'test/torture/torture.ts', '--keep-going'],
  ['npm run torture:rest', 'test/torture/at-rest.ts', '--damages'],
  ['npm run pack', 'scripts/pack.ts', '--release'],
  ['npm run bench', 'scripts/bench.ts', 'yardstick'],
  ['npm test', 'scripts/test.ts', '--check'],
])('%s', (command, script, part) => {
  test('--help says what it takes', { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = run(script, '--help');
    expect(stderr).toBe('');
    expect(stdout).toContain(`${command} -- [`);
    expect(stdout).toContain(part);
    expect(status).toBe(0);
  });

  test('an option that is none is told, without a stack', { timeout: 60_000 }, () => {
    const { status, stderr } = run(script, '--nonsense');
    expect(stderr).toMatch(/^Unknown option '--nonsense'/);
    expect(stderr).toContain(`${command} -- [`);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(2);
  });
});

test.each([
  ['test/fuzz/fuzz.ts', '--seconds', 'soon'],
  ['test/fuzz/fuzz.ts', '--seed', ''],
  ['test/torture/torture.ts', '--seconds', '2m'],
  ['test/torture/at-rest.ts', '--kills', '-1'],
])('%s %s "%s" tries not nothing: it is refused', { timeout: 60_000 }, (script, option, value) => {
  const { status, stderr } = run(script, `${option}=${value}`);
  expect(stderr).toContain(`${option} takes a number that is not negative, not "${value}".`);
  expect(status).toBe(2);
});
