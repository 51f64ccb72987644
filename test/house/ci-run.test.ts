import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const script = readFileSync(join(import.meta.dirname, '..', '..', '.ci', 'run'), 'utf8');

/** Runs .ci/run with an `npm` that does this. */
function runWithNpm(does: string): { status: number | null; last: string | undefined } {
  const folder = temporaryFolder({ '.ci/run': script, 'bin/npm': `#!/bin/sh\n${does}\n` });
  const env = { ...process.env, PATH: join(folder, 'bin') + delimiter + (process.env.PATH ?? '') };
  const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), { env, encoding: 'utf8' });
  return { status, last: stdout.trimEnd().split('\n').at(-1) };
}

describe('.ci/run', () => {
  it.each([
    ['all well', 'echo "3 passed, 0 failed, 1 skipped"', 0, '3 passed, 0 failed, 1 skipped'],
    ['failures', 'echo "3 passed, 2 failed, 0 skipped"; exit 1', 1, '3 passed, 2 failed, 0 skipped'],
    [
      'npm adds a line',
      'echo "3 passed, 2 failed, 0 skipped"; echo "npm error" >&2; exit 1',
      1,
      '3 passed, 2 failed, 0 skipped',
    ],
    ['no closing line', 'echo killed; exit 137', 137, '0 passed, 1 failed, 0 skipped'],
    ['no closing line and yet a success', 'true', 1, '0 passed, 1 failed, 0 skipped'],
  ])('closes with the counts: %s', (_case, does, status, last) => {
    expect(runWithNpm(does)).toEqual({ status, last });
  });

  it('gives the tests no standard input and tells them that it is CI', () => {
    const does = 'test "$CI" = true && test -z "$(cat)" && echo "1 passed, 0 failed, 0 skipped"';
    expect(runWithNpm(does).status).toBe(0);
  });
});
