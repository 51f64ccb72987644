import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');

it('has modules that are what their source compiles to', () => {
  const check = (): string =>
    execFileSync(process.execPath, [join(root, 'scripts', 'build-kernels.mjs'), '--check'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  expect(check).not.toThrow();
});
