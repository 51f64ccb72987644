/** `npm run test:fleet`: the tests of a fleet over a real nats-server; with --kills and --seeds as long as is wanted. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '3' },
    seeds: { type: 'string', default: '1' },
    first: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    'npm run test:fleet -- [--kills N] [--seeds N] [--first SEED] [file …]: kills of each seed, how many seeds, and the first; 3, 1 and 1 by themselves',
  );
} else {
  const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'fleet', ...positionals], {
    stdio: 'inherit',
    env: {
      ...process.env,
      UBAD_FLEET_KILLS: values.kills,
      UBAD_FLEET_SEEDS: values.seeds,
      UBAD_FLEET_FIRST: values.first,
    },
  });
  process.exitCode = status ?? 1;
}
