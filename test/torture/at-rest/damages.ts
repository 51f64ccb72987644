import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { damage } from '../damage.ts';
import { damages } from '../schedule.ts';
import { follow, LINES, storedIn, type Template } from './template.ts';

/** Some new lines come after the damage: the store has to take them in. */
const MORE = 20;

/**
 * Damages a database after a clean or an unclean end, and starts the engine: all lines must be stored, once and in order, in a
 * sound database. What is not as it was, a text that was changed to another one aside, must have been told.
 * @returns what came of it
 */
export function damageOne(template: Template, parent: string, next: () => number): Promise<string> {
  return template.withMore(MORE, () => damaged(template, parent, next));
}

async function damaged(template: Template, parent: string, next: () => number): Promise<string> {
  const folder = mkdtempSync(join(parent, 'damage-'));
  try {
    const ending = next() < 0.5 ? 'clean' : 'unclean';
    const how = damages[Math.floor(next() * damages.length)]!;
    const [log, state] = [template.log, join(folder, 'state')];
    template.copyTo(state, ending);
    damage(join(state, 'ubad.db'), how, next());
    const all = LINES + MORE;
    const first = await follow(log, state, all);
    // A person, or the service manager, starts it again; but not a third time.
    const { problem, notices } = first.problem === undefined ? first : await follow(log, state, all);
    const what = `${how} after ${ending} end`;
    if (problem !== undefined) throw new Error(`${what}: the second start fails too: ${problem}`);
    const told = [...first.notices, first.problem ?? '', ...notices].join('\n');
    if (told.includes('TOO LATE')) throw new Error(`${what}: lines do not come; told: ${told}`);
    const stored = storedIn(state);
    const isTold = /damaged|put aside/.test(told);
    const wrong = stored.filter((number, n) => number !== n).length + Math.abs(all - stored.length);
    if (wrong === 0) return isTold ? 'put aside and told' : 'nothing that is used was hit';
    // The known limit: a byte inside a stored text, which is still one.
    if (!isTold && how === 'flip' && wrong <= 8 && stored.length === all) return 'a byte inside a text, not found';
    throw new Error(`${what}: ${wrong} of ${all} lines are not as they were; told: ${told}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
