/**
 * `npm run torture:rest -- --damages 200 --disks 25 --kills 20 --seed S`: what happens to a store at rest. Databases damaged at random
 * after clean and unclean ends, full and read-only disks, kills within a migration. Nothing may be lost that the log still holds,
 * each problem must be told, and no start may fail twice for the same cause.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { numberOf, readOptions } from '../../scripts/options.ts';
import { random } from '../../models/random.ts';
import { damageOne } from './at-rest/damages.ts';
import { canMount, diskProblem } from './at-rest/disks.ts';
import { killInMigration } from './at-rest/kills.ts';
import { Template } from './at-rest/template.ts';

const USAGE = `npm run torture:rest -- [option…]

  --damages N   databases damaged at random (200)
  --disks N     full and read-only small disks, as root (25)
  --kills N     kills within a migration (20)
  --seed S      repeats a run; without it another one each time`;

const { damages, disks, kills, seed } = readOptions(USAGE, () => {
  const { values } = parseArgs({
    options: {
      damages: { type: 'string', default: '200' },
      disks: { type: 'string', default: '25' },
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    },
  });
  return {
    damages: numberOf('damages', values.damages),
    disks: numberOf('disks', values.disks),
    kills: numberOf('kills', values.kills),
    seed: numberOf('seed', values.seed),
  };
});
const folder = mkdtempSync(join(tmpdir(), 'ubad-rest-'));
let failures = 0;

async function campaign(
  name: string,
  count: number,
  trial: (next: () => number, n: number) => Promise<string>,
): Promise<void> {
  const tally = new Map<string, number>();
  for (let n = 0; n < count; n++) {
    try {
      const what = await trial(random(seed + n), n);
      tally.set(what, (tally.get(what) ?? 0) + 1);
    } catch (error) {
      failures++;
      console.log(`FAILED ${name} ${n} with --seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`${name}: ${count} tried; ${[...tally].map(([what, times]) => `${times} × ${what}`).join(', ')}`);
}

try {
  const template = await Template.make(join(folder, 'template'));
  await campaign('damages', damages, (next) => damageOne(template, folder, next));
  if (canMount()) await campaign('disks', disks, (next, n) => diskProblem(template, folder, next, n));
  else console.log('disks: none tried, small disks need the right to mount them (run as root)');
  await campaign('kills', kills, (next) => killInMigration(folder, next));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`seed ${seed}: ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;
