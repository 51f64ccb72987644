/**
 * `npm run torture -- --seconds N --seed S`: random schedules of faults over the whole engine. Prints what was tried and
 * what was lost; a schedule that fails is made as short as it gets and printed with its seed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import fc from 'fast-check';

import { numberOf, readOptions } from '../../scripts/options.ts';
import { schedules, type Step } from './schedule.ts';
import { StatementFaults } from './statement-faults.ts';
import { SystemFaults } from './system-faults.ts';
import { World } from './world.ts';

const USAGE = `npm run torture -- [option…]

  --seconds N     (60)
  --schedules N   at most
  --seed S        repeats a run; without it another one each time
  --path P        with the seed: the one schedule that was printed with it
  --keep-going    goes on after a schedule that fails`;

const values = readOptions(USAGE, () => {
  const given = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      schedules: { type: 'string' },
      seed: { type: 'string' },
      path: { type: 'string' },
      'keep-going': { type: 'boolean', default: false },
    },
  }).values;
  return {
    ...given,
    seconds: numberOf('seconds', given.seconds),
    schedules: given.schedules === undefined ? Infinity : numberOf('schedules', given.schedules),
    seed: given.seed === undefined ? undefined : numberOf('seed', given.seed),
  };
});
const seed = values.seed ?? Date.now() % 1_000_000;

/** System calls can only be made to fail in a process that was started for it. */
if (process.env.UBAD_FAULTS === undefined) {
  const faults = SystemFaults.build();
  if (faults) {
    const again = [
      ...process.execArgv,
      ...process.argv.slice(1),
      ...(values.seed === undefined ? ['--seed', `${seed}`] : []),
    ];
    const { status } = spawnSync(process.execPath, again, {
      stdio: 'inherit',
      env: { ...process.env, ...faults.environment },
    });
    faults.close();
    process.exit(status ?? 1);
  }
  console.log('No C compiler: real system calls are not made to fail.');
}

const faults = { statements: new StatementFaults(), system: SystemFaults.own() };
// In memory, where there is such a file system: the syncs of thousands of schedules would be waited for.
const parent = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ubad-torture-'));
const tally = { schedules: 0, steps: 0, lines: 0, lost: 0, refused: 0, failures: 0 };
const tried = new Map<string, number>();
const [started, seconds, most] = [performance.now(), values.seconds, values.schedules];
const elapsed = (): number => (performance.now() - started) / 1000;
process.on('unhandledRejection', (reason) => {
  console.error('UNHANDLED', reason);
});

async function run(steps: readonly Step[]): Promise<void> {
  const world = new World(parent, faults);
  try {
    const { lines, lost, refused } = await world.live(steps);
    tally.schedules++;
    tally.lines += lines;
    tally.lost += lost;
    tally.refused += refused;
    for (const step of steps) {
      tally.steps++;
      tried.set(step.do, (tried.get(step.do) ?? 0) + 1);
    }
  } catch (error) {
    const told = world.notices.slice(-6).join('\n        ');
    throw new Error(`${(error as Error).stack ?? String(error)}\n  told: ${told}`, { cause: error });
  } finally {
    await world.remove();
  }
}

const CHUNK = 25;
for (let chunk = 0; elapsed() < seconds && tally.schedules < most; chunk++) {
  const property = fc.asyncProperty(schedules, run);
  const details = await fc.check(property, {
    seed: seed + chunk,
    numRuns: CHUNK,
    interruptAfterTimeLimit: Math.max(1, 1000 * (seconds - elapsed()) + 30_000),
    ...(values.path !== undefined && { path: values.path }),
  });
  if (details.failed && details.counterexample) {
    tally.failures++;
    console.log(`FAILED with --seed ${seed + chunk} --path ${details.counterexamplePath}, at its shortest:`);
    for (const step of details.counterexample[0]) console.log(`  ${JSON.stringify(step)}`);
    console.log(details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance));
    if (!values['keep-going']) break;
  }
  if (values.path !== undefined) break;
}
rmSync(parent, { recursive: true, force: true });
const failed = { statements: faults.statements.hits, 'system calls': faults.system?.hits ?? 0 };
console.log(`seed ${seed}, ${Math.round(elapsed())} s: ${JSON.stringify({ ...tally, failed })}`);
console.log(`tried: ${[...tried].map(([what, count]) => `${count} × ${what}`).join(', ')}`);
process.exitCode = tally.failures > 0 ? 1 : 0;
