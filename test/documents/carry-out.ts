import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect } from 'vitest';

import { asRoot } from './as-root.ts';
import { Checkout } from './checkout.ts';
import { elsewhere, leftOut, type Fence } from './fences.ts';

export const AS_ROOT = 'as root, in folders of their own';
/** In a process of its own, beside the others. */
export const MINUTES = 'takes minutes';

/** Carries a fence out, or fails. Marks say what has to be there first, and which other statuses are well. */
export async function carryOut(root: string, checkout: Checkout, fence: Fence): Promise<void> {
  const { commands, mark } = fence;
  expect(commands, 'a fence without a command').not.toEqual([]);
  const file = elsewhere(fence);
  if (file !== undefined) {
    const path = join(root, file);
    expect(existsSync(path), `${file} is not there`).toBe(true);
    expect(leftOut(fence, file, readFileSync(path, 'utf8')), `left out by ${file}`).toEqual([]);
    return;
  }
  if (mark === AS_ROOT) {
    asRoot(root, commands);
    return;
  }
  const known = /^(?:(live)|(logs)|takes minutes|(?:status 0 or (\d)))?$/.exec(mark);
  if (!known) throw new Error(`no such mark: ${mark}`);
  const [, live, logs, status = '0'] = known;
  if (live !== undefined) checkout.live();
  if (logs !== undefined) checkout.logs();
  for (const command of commands) {
    if (Checkout.isService(command)) await checkout.serve(command);
    else checkout.run(command, [0, Number(status)]);
  }
}
