import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterAll, expect, it } from 'vitest';

import { random } from '../../models/random.ts';
import { openStore } from '../../src-main/engine/store/open.ts';
import type { Store } from '../../src-main/engine/store/store.ts';
import { lineOf } from '../engine/log-lines.ts';
import { ordinary } from '../models/ordinary.ts';

const KILLS = Number(process.env.UBAD_KILLS ?? 25);
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
      'src-main/cli.ts',
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

/** Writes numbered lines and rotates as logs are rotated. */
class Writer {
  written = 0;
  #rotations = 0;
  readonly #log: string;
  readonly #habits = ordinary(200);

  constructor(log: string) {
    this.#log = log;
    writeFileSync(log, '');
  }

  write(count: number): void {
    let text = '';
    for (let i = 0; i < count; i++) {
      const habit = this.#habits[this.written % this.#habits.length]!;
      text += `${lineOf({ ...habit, columns: { ...habit.columns, number: String(this.written++) } })}\n`;
    }
    appendFileSync(this.#log, text);
  }

  rotate(how: 'rename' | 'copytruncate'): void {
    const to = `${this.#log}.${10_000 - ++this.#rotations}`;
    if (how === 'copytruncate') {
      copyFileSync(this.#log, to);
      truncateSync(this.#log, 0);
    } else {
      renameSync(this.#log, to);
      writeFileSync(this.#log, '');
    }
  }
}

it.each([
  ['while it learns nothing yet', KILLS, { trainAfter: 100_000 }],
  ['while it trains, judges and stores models', Math.ceil(KILLS / 4), { trainAfter: 1000, algorithm: 'ocsvm' }],
])('killed at any moment %s, every line is stored once and none is lost (%i kills)', async (_, kills, settings) => {
  const next = random(SEED);
  const bench = new Bench();
  bench.configure(settings);
  const writer = new Writer(bench.log);
  const perKill = settings.trainAfter > 1000 ? 30 : Math.ceil(1800 / kills);
  // The promise begins where the first line was stored: what was rotated away before that was never met.
  const first = bench.watch();
  writer.write(1);
  await bench.until(1, first);
  first.child.kill('SIGKILL');
  await first.ended;
  for (let kill = 0; kill < kills; kill++) {
    const watch = bench.watch();
    const until = performance.now() + next() * 700;
    for (let left = perKill; left > 0 || performance.now() < until;) {
      const count = Math.min(left, 1 + Math.floor(next() * 12));
      if (count > 0) writer.write(count);
      left -= count;
      if (next() < 0.03 && writer.written > 0) writer.rotate(next() < 0.5 ? 'rename' : 'copytruncate');
      await pause(next() * 15);
    }
    watch.child.kill('SIGKILL');
    await watch.ended;
  }
  writer.write(1);
  const watch = bench.watch();
  await bench.until(writer.written, watch);
  watch.child.kill('SIGTERM');
  expect(await watch.ended, watch.output).toBe(0);
  expect(bench.numbers(), `seed ${SEED}`).toEqual(Array.from({ length: writer.written }, (_, i) => i));
  expect(watch.output).not.toMatch(/was replaced while nobody read it/);
  if (settings.trainAfter === 1000) {
    expect(bench.read((store) => store.versions.list().length)).toBeGreaterThan(0);
    expect(bench.read((store) => store.scores.of(writer.written))).toBeDefined();
  }
});

it('reads its configuration again on SIGHUP, and goes on where it was', async () => {
  const bench = new Bench();
  bench.configure({ trainAfter: 100_000 });
  const writer = new Writer(bench.log);
  const watch = bench.watch();
  writer.write(10);
  await bench.until(10, watch);
  bench.configure({ trainAfter: 1000, algorithm: 'ocsvm' });
  watch.child.kill('SIGHUP');
  await expect.poll(() => watch.output, { timeout: 10_000 }).toMatch(/configuration read again[\s\S]*following/);
  writer.write(1200);
  await bench.until(1210, watch);
  await expect.poll(() => watch.output, { timeout: 30_000 }).toMatch(/alice: trained; judging from now on/);
  watch.child.kill('SIGTERM');
  expect(await watch.ended).toBe(0);
});

it('refuses a state folder that another one is writing to, with exit code 5', async () => {
  const bench = new Bench();
  bench.configure({});
  const writer = new Writer(bench.log);
  const watch = bench.watch();
  writer.write(5);
  await bench.until(5, watch);
  const words = ['src-main/cli.ts', 'watch', '--log', bench.log, '--state', bench.state];
  const second = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 20_000 });
  expect(second.status).toBe(5);
  expect(second.stderr).toMatch(new RegExp(String(watch.child.pid)));
  watch.child.kill('SIGTERM');
  expect(await watch.ended).toBe(0);
});
