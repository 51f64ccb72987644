import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, expect, it } from 'vitest';

import { random } from '../../models/random.ts';
import { LogWriter, writeAtRandom } from '../source/writer.ts';
import { SystemFaults } from '../torture/system-faults.ts';
import { Bench, end, numbered, SEED, type Watch } from './bench.ts';

const faults = SystemFaults.build();
afterAll(() => faults?.close());

/** A real `ubad watch` that has stored the first line of its log. */
async function watching(environment = {}): Promise<{ bench: Bench; watch: Watch; writer: LogWriter }> {
  const bench = new Bench();
  bench.configure({ keepDays: 3650, trainAfter: 100_000 });
  const writer = new LogWriter(bench.log, numbered);
  const watch = bench.watch(environment);
  writer.write(1);
  await bench.until(1, watch);
  return { bench, watch, writer };
}

/** @returns the program's own log */
async function mustHaveAll({ bench, watch, writer }: Awaited<ReturnType<typeof watching>>): Promise<string> {
  writer.reopen();
  writer.write(1);
  await bench.until(writer.written.length, watch);
  await end(watch);
  expect(bench.numbers(), `seed ${SEED}`).toEqual(writer.written.map((_, i) => i));
  // A sentence, and no stack trace.
  expect(watch.output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  const ownLog = readFileSync(join(bench.state, 'ubad.log'), 'utf8');
  bench.remove();
  return ownLog;
}

it('stopped and let go on at random, it misses nothing that was rotated meanwhile', async () => {
  const next = random(SEED);
  const run = await watching();
  for (let stop = 0; stop < 15; stop++) {
    run.watch.child.kill('SIGSTOP');
    await writeAtRandom(run.writer, 20, next, async () => pause(next() * 5));
    run.watch.child.kill('SIGCONT');
    await pause(next() * 60);
    if (stop % 5 === 4) {
      await run.bench.until(run.writer.written.length, run.watch);
      run.writer.forget(7);
    }
  }
  await mustHaveAll(run);
});

it('without a file descriptor left it waits, and loses nothing', async ({ skip }) => {
  const run = await watching();
  const { pid = 0 } = run.watch.child;
  const limit = (files: string): boolean => spawnSync('prlimit', ['--pid', `${pid}`, `--nofile=${files}`]).status === 0;
  if (!limit('1024:1024')) {
    await mustHaveAll(run);
    skip('there is no prlimit');
  }
  const next = random(SEED + 1);
  for (let time = 0; time < 5; time++) {
    limit(`${readdirSync(`/proc/${pid}/fd`).length - 1}:1024`);
    await writeAtRandom(run.writer, 15, next, async () => pause(next() * 30));
    limit('1024:1024');
    await pause(100);
  }
  await mustHaveAll(run);
});

it.skipIf(!faults).each(['ENOSPC', 'EIO', 'EROFS'] as const)(
  'with %s at whatever it writes it says so, tries again, and loses nothing',
  async (error) => {
    const run = await watching(faults!.environment);
    const next = random(SEED + 2);
    faults!.arm({ of: ['write', 'sync'], error, after: 2, times: 1_000_000 }, run.bench.state);
    await writeAtRandom(run.writer, 30, next, async () => pause(next() * 20));
    await expect.poll(() => run.watch.output, { timeout: 20_000 }).toMatch(/Trying again every 5 s/);
    faults!.heal();
    const lines = (await mustHaveAll(run)).split('\n');
    expect(run.watch.output).toMatch(/disk|written/);
    // Its own log could not be written either, which hindered nothing; what was to stand there came later.
    expect(lines.pop()).toBe('');
    const told = lines.map((line) => (JSON.parse(line) as { readonly what: string }).what);
    expect(told).toEqual(expect.arrayContaining(['started', 'not-stored', 'stopped']));
  },
);
