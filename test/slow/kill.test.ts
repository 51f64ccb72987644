import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { random } from '../../models/random.ts';
import { LogWriter, writeAtRandom } from '../source/writer.ts';
import { Bench, end, numbered, SEED } from './bench.ts';

const KILLS = Number(process.env.UBAD_KILLS ?? 25);
/** Rotated files that stay when everything was read: what a daily logrotate keeps of a week. */
const KEPT = 7;

it.each([
  ['while it learns nothing yet', KILLS, { trainAfter: 100_000 }],
  ['while it trains, judges and stores models', Math.ceil(KILLS / 4), { trainAfter: 1000, algorithm: 'ocsvm' }],
])('killed at any moment %s, every line is stored once and none is lost (%i kills)', async (_, kills, settings) => {
  const next = random(SEED);
  const bench = new Bench();
  // The lines are of last year, and all are to be there in the end.
  bench.configure({ keepDays: 3650, ...settings });
  const writer = new LogWriter(bench.log, numbered);
  const isTraining = settings.trainAfter <= 1000;
  // Enough that training falls due while there are kills left to meet it.
  const leastPerKill = isTraining ? Math.ceil(1800 / kills) : 1;
  // The promise begins where the first line was stored: what was rotated away before that was never met.
  const first = bench.watch();
  writer.write(1);
  await bench.until(1, first);
  first.child.kill('SIGKILL');
  await first.ended;
  for (let kill = 1; kill <= kills; kill++) {
    const watch = bench.watch();
    const least = writer.written.length + leastPerKill;
    // Also while it follows the live log: it takes a while to start.
    if (kill % 3 === 0) {
      await bench.until(writer.written.length, watch);
      writer.forget(KEPT);
    }
    const until = performance.now() + next() * 700;
    while (performance.now() < until || writer.written.length < least) {
      await writeAtRandom(writer, 1 + Math.floor(next() * 12), next, async () => pause(next() * 15));
    }
    watch.child.kill('SIGKILL');
    await watch.ended;
  }
  writer.write(1);
  const watch = bench.watch();
  await bench.until(writer.written.length, watch);
  await end(watch);
  expect(bench.numbers(), `seed ${SEED}`).toEqual(writer.written.map((_, i) => i));
  expect(watch.output).not.toMatch(/was replaced while nobody read it/);
  if (isTraining) {
    expect(bench.read((store) => store.versions.list().length)).toBeGreaterThan(0);
    expect(bench.read((store) => store.scores.of(writer.written.length))).toBeDefined();
  }
  bench.remove();
});

it('reads its configuration again on SIGHUP, and goes on where it was', async () => {
  const bench = new Bench();
  bench.configure({ trainAfter: 100_000 });
  const writer = new LogWriter(bench.log, numbered);
  const watch = bench.watch();
  writer.write(10);
  await bench.until(10, watch);
  bench.configure({ trainAfter: 1000, algorithm: 'ocsvm' });
  watch.child.kill('SIGHUP');
  await expect.poll(() => watch.output, { timeout: 10_000 }).toMatch(/configuration read again[\s\S]*following/);
  writer.write(1200);
  await bench.until(1210, watch);
  await expect.poll(() => watch.output, { timeout: 30_000 }).toMatch(/alice: trained; judging from now on/);
  await end(watch);
  bench.remove();
});

it('refuses a state folder that another one is writing to, with exit code 5', async () => {
  const bench = new Bench();
  bench.configure({});
  const writer = new LogWriter(bench.log, numbered);
  const watch = bench.watch();
  writer.write(5);
  await bench.until(5, watch);
  const words = ['bin/ubad.mjs', 'watch', '--log', bench.log, '--state', bench.state];
  const second = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 20_000 });
  expect(second.status).toBe(5);
  expect(second.stderr).toMatch(new RegExp(String(watch.child.pid)));
  await end(watch);
  bench.remove();
});
