import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, expect, it } from 'vitest';

import { random } from '../../models/random.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';
import { LogWriter, writeAtRandom } from '../source/writer.ts';

const KILLS = Number(process.env.UBAD_KILLS ?? 25);
/** Rotated files that stay when everything was read: what a daily logrotate keeps of a week. */
const KEPT = 7;
const SEED = Number(process.env.UBAD_SEED ?? Date.now() % 100_000);
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

interface Watch {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output: string;
}

/** Asks it to end, which it is to do well. */
async function end({ child, ended, output }: Watch): Promise<void> {
  child.kill('SIGTERM');
  expect(await ended, output).toBe(0);
}

/** A log, a state folder, and `ubad watch` on them. */
class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'ubad-kill-'));
  readonly log = join(this.folder, 'results.log');
  readonly state = join(this.folder, 'state');
  readonly #config = join(this.folder, 'config.json');

  configure(settings: Record<string, unknown>): void {
    writeFileSync(this.#config, JSON.stringify(settings));
  }

  watch(): Watch {
    const words = [
      'bin/ubad.mjs',
      'watch',
      '--log',
      this.log,
      '--state',
      this.state,
      '--config',
      this.#config,
      '--subject',
      'alice',
    ];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const ended = new Promise<number | null>((resolve) => {
      child.on('exit', (code) => {
        running.delete(child);
        resolve(code);
      });
    });
    const watch: Watch = { child, ended, output: '' };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (watch.output += String(text)));
    return watch;
  }

  /** After a failure the folder stays, to be looked at. */
  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Reads the database while it is written; undefined before there is one. */
  read<T>(work: (store: Store) => T): T | undefined {
    const opened = openStore(this.state, { now: 0, readOnly: true });
    if (!opened.ok) return undefined;
    try {
      return work(opened.store);
    } finally {
      opened.store.close();
    }
  }

  stored(): number {
    return this.read((store) => store.subjects.byName('alice')?.stored ?? 0) ?? 0;
  }

  async until(count: number, watch: Watch): Promise<void> {
    const deadline = performance.now() + 30_000;
    while (this.stored() < count) {
      if (performance.now() > deadline || watch.child.exitCode !== null) {
        const found = new Set(this.numbers());
        const missing = Array.from({ length: count }, (_, i) => i).filter((i) => !found.has(i));
        throw new Error(
          `seed ${SEED}: lines ${missing.join()} of ${count} are missing in ${this.folder}\n${watch.output}`,
        );
      }
      await pause(20);
    }
  }

  /** The numbers of all stored lines, in the order in which they were stored. */
  numbers(): number[] {
    return this.read((store) => {
      const { id } = store.subjects.byName('alice')!;
      return [...store.actions.after(id, 0)].map(({ action }) => Number(action.columns.number));
    })!;
  }
}

const habits = ordinary(200);

/** The nth line of a user with habits, numbered in a column that nothing learns. */
function numbered(n: number): string {
  const habit = habits[n % habits.length]!;
  return lineOf({ ...habit, columns: { ...habit.columns, number: String(n) } });
}

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
  // So many that training falls due while there are kills left to meet it.
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
