import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { writeWhole } from '../../system/whole-file.ts';

const MARK = 'forgot';

/**
 * Deletes what lies of partitions that somebody else works on now: a copy of somebody who is to be forgotten may be among it, and whoever
 * takes one over again has it from the servers. Once for each time that it is asked for, also where this worker was down then.
 * @param at when it was asked for, Unix seconds @param working partitions that are worked on here
 */
export function forgetCopies(state: string, at: number, working: ReadonlySet<number>): void {
  const mark = join(state, MARK);
  if (existsSync(mark) && Number(readFileSync(mark, 'utf8')) >= at) return;
  mkdirSync(state, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(state))
    // Also what was put aside, and what a kill left of a copy.
    if (/^\d{4}(?:\.|$)/.test(name) && !working.has(Number(name.slice(0, 4))))
      rmSync(join(state, name), { recursive: true, force: true });
  writeWhole(mark, String(at));
}
